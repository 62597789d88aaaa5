//! What is in flight, and what ends it.

use super::{
    ADA, ALL, OLGA,
    What::{
        self, Access, Code, Digits, Link, NewAddress, NewPasskey, Online, Passkey, Password, Refresh,
        Request, SecondFactor, Session, Trusted,
    },
};
use crate::{
    account::addresses,
    harness::{Browser, CALLBACK, Harness, RegisteredApp, VERIFIER, location, param, request, token},
    members::{call, id_of, page},
    platform::users::settings,
    provider::{code, redeem},
    sign_in::{
        passkeys::{add, begin, begun, sign_in},
        passwords::{GOOD, LOGIN, allow, choose, shown},
        two_step::{next_code, shows, turn_on, waiting_id, waits},
    },
};
use iam::port::SecurityChange;
use iam_testkit::{Authenticator, Says};
use reqwest::{Client, StatusCode, header::ACCEPT, header::ORIGIN};
use serde_json::Value;
use std::sync::Mutex;
use totp_rs::Totp;

/// One of everything, in flight.
pub struct Flight {
    ada: Browser,
    link: (Browser, String),
    digits: (Browser, String),
    consent: Vec<(String, String)>,
    code: String,
    online: Value,
    offline: Value,
    passkey: (Browser, [String; 2]),
    new_passkey: [String; 2],
    second_factor: (Browser, String),
    password: (Browser, [String; 4]),
    new_address: [String; 2],
    trusted: Browser,
}

pub struct Airport {
    pub house: Harness,
    /// The other node.
    pub(super) there: String,
    pub(super) owner: Browser,
    pub(super) olga: Browser,
    pub app: RegisteredApp,
    pub ada: Browser,
    pub(super) ada_id: String,
    /// The link that she signed in with.
    pub used: String,
    authenticator: Mutex<Authenticator>,
    totp: Totp,
    recovery_codes: Mutex<Vec<String>>,
    /// Browsers that signed in before, which get more mails than others.
    known: Mutex<Vec<Browser>>,
    /// The link that takes back a sign-in of hers.
    pub(super) disown: String,
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
    pub async fn open() -> Self {
        let house = Harness::start_named().await;
        let owner = house.owner_of("acme").await;
        let app = house.register(&owner, "acme", "ES256").await;
        house.iam.platform().appoint_operator(OLGA).await.unwrap();
        let olga = house.sign_in(OLGA).await;
        let invite = [("slug", "acme"), ("addresses", ADA), ("role", "member")];
        assert_eq!(call(&owner, "invite", &invite).await, StatusCode::OK);
        assert_eq!(settings(&olga, &[("trust_days", "30")]).await, StatusCode::OK);
        let invitation = param(&house.mails.take_invitation().await.url, "invitation").unwrap();
        let ada = house.browser();
        let mail = house.ask(&ada, ADA, "", "").await;
        let used = token(&mail).to_owned();
        assert_eq!(
            call(&ada, "redeem_magic_link", &[("token", &used)]).await,
            StatusCode::OK
        );
        accept(&ada, &invitation).await;
        let mut authenticator = Authenticator::default();
        assert_eq!(add(&ada, &mut authenticator, &Says::default()).await, None);
        allow(&house, None).await;
        assert_eq!(choose(&ada, GOOD).await, None);
        let (totp, recovery_codes) = turn_on(&house, &ada).await;
        let elsewhere = sign_in(&house.browser(), &mut authenticator, &Says::default()).await;
        assert_eq!(elsewhere, None);
        let disown = loop {
            let warning = house.mails.take_warning().await;
            if (warning.to.as_str(), warning.change) == (ADA, SecurityChange::NewBrowser) {
                break warning.url;
            }
        };
        let mut known = Vec::new();
        for _ in 0..4 {
            let browser = house.browser();
            assert_eq!(
                sign_in(&browser, &mut authenticator, &Says::default()).await,
                None
            );
            assert_eq!(call(&browser, "sign_out", &[]).await, StatusCode::OK);
            known.push(browser);
        }
        Self {
            known: Mutex::new(known),
            authenticator: Mutex::new(authenticator),
            recovery_codes: Mutex::new(recovery_codes),
            disown,
            totp,
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

    /// Signs in with a mail and a recovery code.
    pub async fn sign_in_anew(&self) -> Browser {
        let browser = self.house.browser();
        let mail = self.house.ask(&browser, ADA, "", "").await;
        let next = waits(&browser, &mail).await;
        self.recover(&self.house.origin, &browser, &next).await;
        browser
    }

    pub async fn take_off(&self) -> Flight {
        let (house, app) = (&self.house, &self.app);
        let trusted = self.trust().await;
        let [one, two, three] = [house.browser(), house.browser(), house.browser()];
        let password = shown(&three, LOGIN).await;
        let (passkey, new_passkey) = self.ask_authenticators().await;
        let link = house.ask(&one, ADA, "acme", "").await;
        let digits = house.ask(&two, ADA, "acme", "").await;
        let waiting = self.known.lock().unwrap().pop().unwrap();
        let mail = house.ask(&waiting, ADA, "acme", "").await;
        let second_factor = (waiting.clone(), waits(&waiting, &mail).await);
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
            passkey,
            new_passkey,
            second_factor,
            password: (three, password),
            new_address: self.ask_for_address().await,
            trusted,
        }
    }

    /// A browser that she trusts, and in which she is not signed in.
    async fn trust(&self) -> Browser {
        let browser = self.known.lock().unwrap().pop().unwrap();
        let next = waits(&browser, &self.house.ask(&browser, ADA, "", "").await).await;
        next_code(&self.house);
        let (id, code) = (waiting_id(&next).unwrap(), shows(&self.house, &self.totp));
        let form = [("id", id), ("code", code.as_str()), ("trust", "true")];
        assert_eq!(
            call(&browser, "redeem_second_factor", &form).await,
            StatusCode::OK
        );
        assert_eq!(call(&browser, "sign_out", &[]).await, StatusCode::OK);
        browser
    }

    /// The challenge and the code of an address that is being added.
    async fn ask_for_address(&self) -> [String; 2] {
        let address = format!("ada{}@example.com", self.house.iam.new_uuid().simple());
        let challenge = addresses::begin(&self.ada, &address).await;
        [challenge, self.house.mails.take_address().await.code]
    }

    /// An answer to a sign-in, and a passkey to be added, each with its challenge.
    async fn ask_authenticators(&self) -> ((Browser, [String; 2]), [String; 2]) {
        let (browser, says) = (self.house.browser(), Says::default());
        let (challenge, options) = begin(&browser, &[]).await;
        let answer = self
            .authenticator
            .lock()
            .unwrap()
            .get(&options, &browser.origin, &says);
        let (adding, asked) = begun(self.ada.call_json("begin_adding_passkey", &[]).await).await;
        let made = Authenticator::default().create(&asked, &browser.origin, &says);
        ((browser, [challenge, answer]), [adding, made])
    }

    /// Sends what an authenticator or a mail said to a node.
    async fn answer(
        &self,
        node: &str,
        browser: &Browser,
        name: &str,
        [challenge, answer]: &[String; 2],
    ) -> bool {
        let post = browser.client.post(format!("{node}/fn/{name}"));
        let post = post
            .header(ACCEPT, "application/json")
            .header(ORIGIN, &self.house.origin)
            .form(&[("challenge", challenge), ("answer", answer), ("code", answer)]);
        post.send().await.unwrap().status() == StatusCode::OK
    }

    /// Sends a form to a node, as its own pages would.
    pub async fn send(
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
                let (_, next) = self
                    .send(node, &flight.link.0, "/fn/redeem_magic_link", &form)
                    .await;
                self.recover(node, &flight.link.0, &next).await;
                self.signed_in(node, &flight.link.0).await
            }
            Digits => {
                let form = [("code", flight.digits.1.as_str())];
                let (_, next) = self.send(node, &flight.digits.0, "/fn/redeem_code", &form).await;
                self.recover(node, &flight.digits.0, &next).await;
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
            Passkey => {
                let (browser, answer) = &flight.passkey;
                self.answer(node, browser, "redeem_passkey", answer).await
                    && self.signed_in(node, browser).await
            }
            SecondFactor => {
                let (browser, next) = &flight.second_factor;
                self.recover(node, browser, next).await;
                self.signed_in(node, browser).await
            }
            Password => {
                let (browser, form) = &flight.password;
                let fields = [
                    ("form", form[0].as_str()),
                    ("proof", &form[1]),
                    ("email", ADA),
                    ("password", GOOD),
                ];
                let (_, next) = self.send(node, browser, "/fn/redeem_password", &fields).await;
                self.recover(node, browser, &next).await;
                self.signed_in(node, browser).await
            }
            Trusted => {
                let form = [("email", ADA), ("slug", ""), ("request", "")];
                let (_, sent) = self
                    .send(node, &flight.trusted, "/fn/request_magic_link", &form)
                    .await;
                assert!(sent.starts_with("/login/sent"), "{sent}");
                let mail = self.house.mails.take().await;
                let form = [("token", token(&mail))];
                let (_, next) = self
                    .send(node, &flight.trusted, "/fn/redeem_magic_link", &form)
                    .await;
                waiting_id(&next).is_none() && self.signed_in(node, &flight.trusted).await
            }
            NewPasskey => {
                self.answer(node, &flight.ada, "add_passkey", &flight.new_passkey)
                    .await
            }
            NewAddress => {
                self.answer(node, &flight.ada, "verify_address", &flight.new_address)
                    .await
            }
        }
    }

    /// Proves the second factor with a recovery code, where the page `next` asks for one.
    async fn recover(&self, node: &str, browser: &Browser, next: &str) {
        let Some(id) = waiting_id(next) else {
            return;
        };
        let Some(code) = self.recovery_codes.lock().unwrap().pop() else {
            return;
        };
        let form = [("id", id), ("recovery_code", code.as_str())];
        let (_, answer) = self.send(node, browser, "/fn/redeem_recovery_code", &form).await;
        if !self.signed_in(node, browser).await {
            assert!(!answer.starts_with("/workspaces"));
            self.recovery_codes.lock().unwrap().push(code);
        }
    }

    /// Of what is in flight, exactly `alive` works. What does not is tried on both nodes.
    pub async fn expect(&self, flight: &Flight, alive: &[What], when: &str) {
        for what in ALL {
            let wanted = alive.contains(&what);
            let mut worked = self.works(&self.there, flight, what).await;
            if !worked {
                worked = self.works(&self.house.origin, flight, what).await;
            }
            assert_eq!(worked, wanted, "{what:?} {when}");
        }
    }
}

pub(super) async fn accept(browser: &Browser, invitation: &str) {
    let form = [("slug", "acme"), ("id", invitation)];
    assert_eq!(call(browser, "accept_invitation", &form).await, StatusCode::OK);
}
