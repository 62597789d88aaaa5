//! A server, and people with browsers in front of it.

use crate::external::{breached, models, outbound};
use app::server::mailbox::Mailbox;
use iam::{
    Dependencies, Iam,
    core::sealing::MasterKeys,
    port::{MagicLinkMail, Mailer, SystemEntropy},
    store::cache::local::LocalLimiter,
};
use iam_testkit::{CaughtMailer, Database, FakeClock, FakeResolver, places_file};
use reqwest::{
    Client, ClientBuilder, Response, StatusCode,
    header::{ACCEPT, LOCATION, ORIGIN, REFERER},
    redirect::Policy,
};
use server::{
    adapter::places::PlacesFile,
    application::Application,
    http::{Bodies, Patience, Web, forwarded::Proxies},
};
use std::{net::TcpListener, path::Path, sync::Arc};

pub struct Harness {
    pub origin: String,
    pub clock: Arc<FakeClock>,
    pub mails: Arc<CaughtMailer>,
    pub resolver: Arc<FakeResolver>,
    pub database: Database,
    pub iam: Iam,
    mailer: Arc<dyn Mailer>,
}

/// A registered app.
pub struct RegisteredApp {
    pub id: String,
    pub secret: String,
}

/// What `scripts/build.sh` made.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site");
const MASTER_KEY: &str = "1:y6wrIRsw3PfJvPZzsF0Qx1mY0hXoYb4VbT4v2nE5lqA=";
pub const CALLBACK: &str = "https://orders.example.com/callback";
/// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What a house does otherwise than most.
#[derive(Default)]
pub struct Ways {
    pub patience: Patience,
    pub mailbox: Option<Mailbox>,
}

fn serve(iam: Iam, mailer: Arc<dyn Mailer>, listener: TcpListener, ways: Ways) {
    // What a server logs as its own fault, and the request it was, is printed with the test that fails.
    let _set_before = tracing_subscriber::fmt()
        .with_env_filter("error,server::telemetry=info")
        .with_test_writer()
        .try_init();
    let application = Application {
        web: Web {
            iam,
            // Tests come through a proxy when they say from where; see `limits`.
            proxies: Proxies {
                trusted: Arc::from(["127.0.0.0/8".parse().unwrap()]),
                header: None,
            },
            bodies: Bodies::new(ways.patience),
        },
        mailer,
        mailbox: ways.mailbox,
    };
    actix_web::rt::spawn(application.run(listener, Path::new(SITE), Some(1), std::future::pending()));
}

/// A node's core on a database.
async fn core(
    database: &Database,
    clock: &Arc<FakeClock>,
    resolver: &Arc<FakeResolver>,
    origin: &str,
) -> Iam {
    Iam::new(Dependencies {
        store: database.store().await.unwrap(),
        limiter: Arc::new(LocalLimiter::default()),
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
        resolver: resolver.clone(),
        places: Some(PlacesFile::parse(places_file()).unwrap()),
        toll: None,
        breached: breached(),
        models: models(),
        outbound: outbound(),
        master_keys: MasterKeys::parse(MASTER_KEY).unwrap(),
        public_url: origin.parse().unwrap(),
    })
}

impl Harness {
    pub async fn start() -> Self {
        Self::start_on(Database::create().await.unwrap(), Ways::default()).await
    }

    pub async fn start_on(database: Database, ways: Ways) -> Self {
        let (house, listener) = Self::build(database, "127.0.0.1", |mails| mails).await;
        serve(house.iam.clone(), house.mailer.clone(), listener, ways);
        house
    }

    /// Starts where a name leads, since addresses own no passkeys.
    pub async fn start_named() -> Self {
        let database = Database::create().await.unwrap();
        let (house, listener) = Self::build(database, "localhost", |mails| mails).await;
        serve(house.iam.clone(), house.mailer.clone(), listener, Ways::default());
        house
    }

    /// Starts with another way out for mail, which may pass some on to the mails that are caught.
    pub async fn start_with(mailer: impl FnOnce(Arc<CaughtMailer>) -> Arc<dyn Mailer>) -> Self {
        let (house, listener) = Self::build(Database::create().await.unwrap(), "127.0.0.1", mailer).await;
        serve(house.iam.clone(), house.mailer.clone(), listener, Ways::default());
        house
    }

    /// A core that nobody serves, and whose mail nobody sends.
    pub async fn quiet() -> Self {
        Self::build(Database::create().await.unwrap(), "127.0.0.1", |mails| mails)
            .await
            .0
    }

    async fn build(
        database: Database,
        host: &str,
        mailer: impl FnOnce(Arc<CaughtMailer>) -> Arc<dyn Mailer>,
    ) -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{host}:{}", listener.local_addr().unwrap().port());
        let clock = Arc::new(FakeClock::default());
        let resolver = Arc::new(FakeResolver::default());
        let mails = Arc::new(CaughtMailer::default());
        let iam = core(&database, &clock, &resolver, &origin).await;
        let house = Self {
            origin,
            clock,
            mailer: mailer(mails.clone()),
            mails,
            resolver,
            database,
            iam,
        };
        (house, listener)
    }

    /// Starts another node on the same database, and says where it is.
    pub async fn another_node(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (host, _) = self.origin.rsplit_once(':').unwrap();
        let origin = format!("{host}:{}", listener.local_addr().unwrap().port());
        serve(
            self.another_core().await,
            self.mailer.clone(),
            listener,
            Ways::default(),
        );
        origin
    }

    /// Another node that nobody serves.
    pub async fn another_core(&self) -> Iam {
        core(&self.database, &self.clock, &self.resolver, &self.origin).await
    }

    pub fn browser(&self) -> Browser {
        Browser {
            client: client().build().unwrap(),
            origin: self.origin.clone(),
        }
    }

    /// A browser that reaches the server under another name.
    pub fn browser_at(&self, host: &str) -> Browser {
        let port = self.origin.rsplit(':').next().unwrap();
        let client = client().resolve(host, format!("127.0.0.1:{port}").parse().unwrap());
        Browser {
            client: client.build().unwrap(),
            origin: format!("http://{host}:{port}"),
        }
    }

    /// Asks for a mail from `browser` and reads it.
    pub async fn ask(&self, browser: &Browser, email: &str, slug: &str, request: &str) -> MagicLinkMail {
        let form = [("email", email), ("slug", slug), ("request", request)];
        let answer = browser.post("/fn/request_magic_link", &form).await;
        let sent = location(&answer);
        assert!(sent.starts_with("/login/sent?challenge="), "{sent}");
        self.mails.take().await
    }

    pub async fn sign_in(&self, email: &str) -> Browser {
        let browser = self.browser();
        let mail = self.ask(&browser, email, "", "").await;
        let answer = browser
            .post("/fn/redeem_magic_link", &[("token", token(&mail))])
            .await;
        assert_eq!(location(&answer), "/workspaces");
        browser
    }

    /// A signed-in owner of a new workspace.
    pub async fn owner_of(&self, slug: &str) -> Browser {
        let owner = self.sign_in(&format!("owner@{slug}.example")).await;
        let answer = owner
            .post("/fn/create_workspace", &[("name", "Acme"), ("slug", slug)])
            .await;
        assert_eq!(location(&answer), format!("/w/{slug}/admin"));
        owner
    }

    /// How often all logs together tell of each of these actions.
    pub async fn told<const N: usize>(&self, actions: [&str; N]) -> [i64; N] {
        let all = self.database.all_seeing().await.unwrap();
        let mut times = [0; N];
        for (times, action) in times.iter_mut().zip(actions) {
            *times = sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = $1")
                .bind(action)
                .fetch_one(&all)
                .await
                .unwrap();
        }
        times
    }

    pub async fn register(&self, owner: &Browser, slug: &str, alg: &str) -> RegisteredApp {
        let form = [
            ("slug", slug),
            ("name", "Orders"),
            ("client_type", "confidential"),
            ("redirect_uris", CALLBACK),
            ("id_token_alg", alg),
        ];
        let answer = owner.post("/fn/register_app", &form).await;
        let page = location(&answer);
        let html = owner.get(&page).await.text().await.unwrap();
        let start = html.find("roo_cs_").unwrap();
        let secret = html[start..].split('<').next().unwrap().to_owned();
        RegisteredApp {
            id: page.rsplit('/').next().unwrap().to_owned(),
            secret,
        }
    }
}

/// A browser's client. It keeps no connection: a test that is held up would meet the server closing it.
fn client() -> ClientBuilder {
    Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
}

#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub origin: String,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Response {
        let url = if path.starts_with('/') {
            format!("{}{path}", self.origin)
        } else {
            path.to_owned()
        };
        self.client
            .get(url)
            .header(ACCEPT, "text/html")
            .send()
            .await
            .unwrap()
    }

    /// Sends a form as a page of ours does, without scripts.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.post_from(path, form, Some(&self.origin)).await
    }

    /// As [`post`](Self::post), from the page at `page`, where a form that fails comes back to.
    pub async fn post_on(&self, page: &str, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self
            .client
            .post(format!("{}{path}", self.origin))
            .header(ACCEPT, "text/html,application/xhtml+xml")
            .header(ORIGIN, &self.origin)
            .header(REFERER, format!("{}{page}", self.origin));
        request.form(form).send().await.unwrap()
    }

    pub async fn post_from(&self, path: &str, form: &[(&str, &str)], origin: Option<&str>) -> Response {
        let mut request = self
            .client
            .post(format!("{}{path}", self.origin))
            .header(ACCEPT, "text/html")
            .form(form);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        request.send().await.unwrap()
    }

    /// Sends a form as a script of ours does.
    pub async fn call_json(&self, name: &str, form: &[(&str, &str)]) -> Response {
        let request = self
            .client
            .post(format!("{}/fn/{name}", self.origin))
            .header(ACCEPT, "application/json")
            .header(ORIGIN, &self.origin)
            .form(form);
        request.send().await.unwrap()
    }

    pub async fn is_signed_in(&self) -> bool {
        self.get("/account").await.status() == 200
    }

    /// Follows an app's request up to the answer, allowing it where asked.
    pub async fn authorize(&self, slug: &str, query: &str) -> String {
        let next = location(&self.get(&format!("/w/{slug}/oauth/authorize?{query}")).await);
        if !next.starts_with('/') {
            return next;
        }
        let step = location(&self.get(&next).await);
        if !step.starts_with(&format!("/w/{slug}/consent?request=")) {
            return step;
        }
        self.decide(slug, &step, "allow").await
    }

    /// Presses a button of the consent page at `step`, and says where that leads.
    pub async fn decide(&self, slug: &str, step: &str, decision: &str) -> String {
        leads_to(self.press(slug, step, decision).await).await
    }

    /// Presses a button of the consent page at `step`.
    pub async fn press(&self, slug: &str, step: &str, decision: &str) -> Response {
        let html = self.get(step).await.text().await.unwrap();
        let form = [
            ("request", hidden(&html, "request")),
            ("shown_to", hidden(&html, "shown_to")),
            ("decision", decision),
        ];
        self.post(&format!("/w/{slug}/decide"), &form).await
    }
}

/// Where an answer sends the browser on: by a redirect or, after a form, by the page between us and the app.
pub async fn leads_to(answer: Response) -> String {
    if answer.status() != StatusCode::OK {
        return location(&answer);
    }
    let html = answer.text().await.unwrap();
    let link = html.split_once("id=\"on\"").unwrap().1;
    let target = link.split_once("href=\"").unwrap().1.split('"').next().unwrap();
    target.replace("&amp;", "&")
}

pub fn location(answer: &Response) -> String {
    let header = answer.headers().get(LOCATION);
    header
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

/// What a page's hidden field holds.
pub fn hidden<'a>(html: &'a str, name: &str) -> &'a str {
    let field = format!("name=\"{name}\" value=\"");
    let rest = html.split_once(&field).map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

pub fn token(mail: &MagicLinkMail) -> &str {
    mail.url.split_once("token=").unwrap().1
}

/// An authorization request of `app`, with more parameters.
pub fn request(app: &RegisteredApp, more: &str) -> String {
    format!(
        "response_type=code&client_id={}&redirect_uri={CALLBACK}&scope=openid%20email%20offline_access&state=s&nonce=n\
         &code_challenge={CHALLENGE}&code_challenge_method=S256{more}",
        app.id
    )
}

pub fn param(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
