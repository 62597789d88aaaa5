//! Disabled means disabled: whatever can be ended, against whatever was in flight when it was, on every node.

use crate::{
    harness::{Browser, CALLBACK, Harness, RegisteredApp, VERIFIER, location, param, request, token},
    members::{call, id_of, page},
    provider::{code, ready, redeem},
};
use reqwest::{Client, StatusCode, header::ACCEPT, header::ORIGIN};
use serde_json::Value;

const ADA: &str = "ada@example.com";
const OLGA: &str = "olga@operator.example";

/// What can let somebody in, or an app in their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The link of a mail under way.
    Link,
    /// The code of a mail under way.
    Digits,
    /// A browser that is signed in.
    Session,
    /// An app's request on the consent page.
    Request,
    /// An authorization code.
    Code,
    /// A token of a family that ends with the session.
    Online,
    /// A token of a family for offline access.
    Access,
    /// What renews it.
    Refresh,
}

use What::{Access, Code, Digits, Link, Online, Refresh, Request, Session};

const ALL: [What; 8] = [Link, Digits, Session, Request, Code, Online, Access, Refresh];

/// What can be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Person,
    SessionsByOperator,
    SessionsByPerson,
    Membership,
    App,
    AppSessions,
    SignedOut,
    SuspendedWorkspace,
    EndingWorkspace,
}

impl Ended {
    const ALL: [Self; 9] = [
        Self::Person,
        Self::SessionsByOperator,
        Self::SessionsByPerson,
        Self::Membership,
        Self::App,
        Self::AppSessions,
        Self::SignedOut,
        Self::SuspendedWorkspace,
        Self::EndingWorkspace,
    ];

    /// What still works while it is ended, and what works once it is given back.
    const fn leaves(self) -> (&'static [What], &'static [What]) {
        match self {
            Self::Person | Self::SessionsByOperator | Self::SessionsByPerson => (&[], &[]),
            // The sign-in is the person's, not the workspace's: as a member again they can allow an app anew.
            Self::Membership => (&[Link, Digits], &[Link, Digits, Session, Request]),
            Self::App => (&[Link, Digits, Session], &[Link, Digits, Session]),
            Self::AppSessions => (
                &[Link, Digits, Session, Request],
                &[Link, Digits, Session, Request],
            ),
            // OpenID Connect Core 11: offline access is for when the person is not there.
            Self::SignedOut => (
                &[Link, Digits, Code, Access, Refresh],
                &[Link, Digits, Code, Access, Refresh],
            ),
            // A pause for many who did nothing.
            Self::SuspendedWorkspace | Self::EndingWorkspace => (&[Link, Digits], &ALL),
        }
    }
}

/// One of everything, in flight.
struct Flight {
    ada: Browser,
    link: (Browser, String),
    digits: (Browser, String),
    consent: Vec<(String, String)>,
    code: String,
    online: Value,
    offline: Value,
}

struct Airport {
    house: Harness,
    /// The other node.
    there: String,
    owner: Browser,
    olga: Browser,
    app: RegisteredApp,
    ada: Browser,
    ada_id: String,
    /// The link that she signed in with.
    used: String,
}

/// What a page's form sends beside what is clicked.
fn hidden(html: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let value = tag.split_once(&format!("{name}=\""))?.1.split('"').next()?;
        Some(value.to_owned())
    };
    html.split("<input ")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}

impl Airport {
    async fn open() -> Self {
        let (house, owner, app) = ready("ES256").await;
        house.iam.platform().appoint_operator(OLGA).await.unwrap();
        let olga = house.sign_in(OLGA).await;
        let invite = [("slug", "acme"), ("addresses", ADA), ("role", "member")];
        assert_eq!(call(&owner, "invite", &invite).await, StatusCode::OK);
        let invitation = param(&house.mails.take_invitation().await.url, "invitation").unwrap();
        let ada = house.browser();
        let mail = house.ask(&ada, ADA, "", "").await;
        let used = token(&mail).to_owned();
        assert_eq!(
            call(&ada, "redeem_magic_link", &[("token", &used)]).await,
            StatusCode::OK
        );
        accept(&ada, &invitation).await;
        Self {
            there: house.another_node().await,
            ada_id: id_of(&house, ADA).await,
            house,
            owner,
            olga,
            app,
            ada,
            used,
        }
    }

    async fn take_off(&self) -> Flight {
        let (house, app) = (&self.house, &self.app);
        let [one, two] = [house.browser(), house.browser()];
        let link = house.ask(&one, ADA, "acme", "").await;
        let digits = house.ask(&two, ADA, "acme", "").await;
        let (status, offline) = redeem(house, "acme", app, &code(&self.ada, app).await).await;
        assert_eq!(status, StatusCode::OK);
        let online = request(app, "").replace("%20offline_access", "");
        let online = param(&self.ada.authorize("acme", &online).await, "code").unwrap();
        let (_, online) = redeem(house, "acme", app, &online).await;
        let asked = request(app, "&prompt=consent");
        let next = location(&self.ada.get(&format!("/w/acme/oauth/authorize?{asked}")).await);
        let step = location(&self.ada.get(&next).await);
        assert!(step.starts_with("/w/acme/consent"), "{step}");
        let (_, html) = page(&self.ada, &step).await;
        let mut consent = hidden(html.split_once("action=\"/w/acme/decide\"").unwrap().1);
        consent.push(("decision".to_owned(), "allow".to_owned()));
        Flight {
            ada: self.ada.clone(),
            link: (one, token(&link).to_owned()),
            digits: (two, digits.code),
            consent,
            code: code(&self.ada, app).await,
            online,
            offline,
        }
    }

    /// Sends a form to a node, as its own pages would.
    async fn send(
        &self,
        node: &str,
        browser: &Browser,
        path: &str,
        form: &[(&str, &str)],
    ) -> (StatusCode, String) {
        let post = browser.client.post(format!("{node}{path}"));
        let post = post
            .header(ACCEPT, "text/html")
            .header(ORIGIN, &self.house.origin)
            .form(form);
        let answer = post.send().await.unwrap();
        let (status, target) = (answer.status(), location(&answer));
        (status, target + &answer.text().await.unwrap())
    }

    async fn exchange(&self, node: &str, form: &[(&str, &str)]) -> bool {
        let post = Client::new().post(format!("{node}/w/acme/oauth/token"));
        let post = post.basic_auth(&self.app.id, Some(&self.app.secret)).form(form);
        post.send().await.unwrap().status() == StatusCode::OK
    }

    async fn userinfo(&self, node: &str, tokens: &Value) -> bool {
        let get = Client::new().get(format!("{node}/w/acme/oauth/userinfo"));
        let get = get.bearer_auth(tokens["access_token"].as_str().unwrap());
        get.send().await.unwrap().status() == StatusCode::OK
    }

    async fn signed_in(&self, node: &str, browser: &Browser) -> bool {
        browser.get(&format!("{node}/account")).await.status() == StatusCode::OK
    }

    async fn works(&self, node: &str, flight: &Flight, what: What) -> bool {
        match what {
            Link => {
                let form = [("token", flight.link.1.as_str())];
                self.send(node, &flight.link.0, "/fn/redeem_magic_link", &form)
                    .await;
                self.signed_in(node, &flight.link.0).await
            }
            Digits => {
                let form = [("code", flight.digits.1.as_str())];
                self.send(node, &flight.digits.0, "/fn/redeem_code", &form).await;
                self.signed_in(node, &flight.digits.0).await
            }
            Session => flight.ada.get(&format!("{node}/w/acme/admin")).await.status() == StatusCode::OK,
            Request => {
                let form: Vec<_> = flight
                    .consent
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                let (_, answer) = self.send(node, &flight.ada, "/w/acme/decide", &form).await;
                answer.contains("code=roo_ac_")
            }
            Code => {
                let form = [
                    ("grant_type", "authorization_code"),
                    ("code", flight.code.as_str()),
                    ("redirect_uri", CALLBACK),
                    ("code_verifier", VERIFIER),
                ];
                self.exchange(node, &form).await
            }
            Online => self.userinfo(node, &flight.online).await,
            Access => self.userinfo(node, &flight.offline).await,
            Refresh => {
                let token = flight.offline["refresh_token"].as_str().unwrap();
                let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
                self.exchange(node, &form).await
            }
        }
    }

    /// Of what is in flight, exactly `alive` works. What does not is tried on both nodes.
    async fn expect(&self, flight: &Flight, alive: &[What], when: &str) {
        for what in ALL {
            let wanted = alive.contains(&what);
            let mut worked = self.works(&self.there, flight, what).await;
            if !worked {
                worked = self.works(&self.house.origin, flight, what).await;
            }
            assert_eq!(worked, wanted, "{what:?} {when}");
        }
    }

    async fn end(&self, what: Ended) {
        let person = [("id", self.ada_id.as_str())];
        let member = [("slug", "acme"), ("id", self.ada_id.as_str())];
        let app = [
            ("slug", "acme"),
            ("id", self.app.id.as_str()),
            ("state", "disabled"),
        ];
        let done = match what {
            Ended::Person => call(&self.olga, "disable_user", &person).await,
            Ended::SessionsByOperator => call(&self.olga, "end_user_sessions", &person).await,
            Ended::SessionsByPerson => call(&self.ada, "sign_out_everywhere", &[]).await,
            Ended::Membership => call(&self.owner, "remove_member", &member).await,
            Ended::App => call(&self.owner, "set_app_state", &app).await,
            Ended::SignedOut => call(&self.ada, "sign_out", &[]).await,
            Ended::AppSessions => {
                let all = self.house.database.all_seeing().await.unwrap();
                let grants: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM token_grants")
                    .fetch_all(&all)
                    .await
                    .unwrap();
                for grant in grants {
                    let grant = format!("grt_{}", grant.simple());
                    let form = [member[0], member[1], ("grant", grant.as_str())];
                    let ended = call(&self.owner, "end_app_session", &form).await;
                    assert_eq!(ended, StatusCode::OK);
                }
                StatusCode::OK
            }
            Ended::SuspendedWorkspace => {
                let form = [("slug", "acme"), ("reason", "Unpaid")];
                call(&self.olga, "suspend_workspace", &form).await
            }
            Ended::EndingWorkspace => {
                let form = [("slug", "acme"), ("confirmation", "acme")];
                call(&self.owner, "end_workspace", &form).await
            }
        };
        assert_eq!(done, StatusCode::OK, "{what:?}");
    }

    async fn give_back(&self, what: Ended) {
        let person = [("id", self.ada_id.as_str())];
        let app = [
            ("slug", "acme"),
            ("id", self.app.id.as_str()),
            ("state", "enabled"),
        ];
        let done = match what {
            Ended::Person => call(&self.olga, "enable_user", &person).await,
            Ended::App => call(&self.owner, "set_app_state", &app).await,
            Ended::Membership => {
                let form = [("slug", "acme"), ("addresses", ADA), ("role", "member")];
                let invited = call(&self.owner, "invite", &form).await;
                let mail = self.house.mails.take_invitation().await;
                accept(&self.ada, &param(&mail.url, "invitation").unwrap()).await;
                invited
            }
            Ended::SuspendedWorkspace => call(&self.olga, "resume_workspace", &[("slug", "acme")]).await,
            Ended::EndingWorkspace => call(&self.owner, "restore_workspace", &[("slug", "acme")]).await,
            Ended::SessionsByOperator | Ended::SessionsByPerson | Ended::AppSessions | Ended::SignedOut => {
                StatusCode::OK
            }
        };
        assert_eq!(done, StatusCode::OK, "{what:?}");
    }
}

async fn accept(browser: &Browser, invitation: &str) {
    let form = [("slug", "acme"), ("id", invitation)];
    assert_eq!(call(browser, "accept_invitation", &form).await, StatusCode::OK);
}

#[actix_web::test]
async fn what_was_ended_never_comes_back_and_a_pause_takes_nothing() {
    for what in Ended::ALL {
        let airport = Airport::open().await;
        let (first, second) = (airport.take_off().await, airport.take_off().await);
        let (during, after) = what.leaves();
        airport.end(what).await;
        airport
            .expect(&first, during, &format!("while ended: {what:?}"))
            .await;
        airport.give_back(what).await;
        airport
            .expect(&second, after, &format!("given back: {what:?}"))
            .await;
        if after.is_empty() {
            // A link that was used before signs nobody in a second time either.
            let form = [("token", airport.used.as_str())];
            let home = airport.house.origin.clone();
            airport
                .send(&home, &airport.ada, "/fn/redeem_magic_link", &form)
                .await;
            assert!(!airport.ada.is_signed_in().await, "{what:?}");
        }
    }
}

#[actix_web::test]
async fn a_person_who_is_enabled_signs_in_anew_and_both_logs_say_what_ended() {
    let airport = Airport::open().await;
    airport.take_off().await;
    airport.end(Ended::Person).await;
    airport.give_back(Ended::Person).await;
    let ada = airport.house.sign_in(ADA).await;
    code(&ada, &airport.app).await;
    let all = airport.house.database.all_seeing().await.unwrap();
    let told: Vec<(String, String)> = sqlx::query_as(
        "SELECT d.slug, v.action FROM audit_events v JOIN workspace_directory d USING (workspace_id)
         WHERE v.action IN ('user.disabled', 'user.enabled', 'grant.revoked') ORDER BY d.slug, v.action",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    let expected = [
        ("acme", "grant.revoked"),
        ("platform", "user.disabled"),
        ("platform", "user.enabled"),
    ];
    assert_eq!(
        told,
        expected.map(|(slug, action)| (slug.to_owned(), action.to_owned()))
    );
}
