//! Sign-ins that count in their own browser alone.

use super::{
    passwords::{LOGIN, allow},
    two_step::{next_code, shows, turn_on, waiting_id},
};
use crate::{
    domains::proof::proved,
    harness::{Browser, Harness, location, param, request, token},
    members::{ALL_METHODS, call, joined, page},
    platform::users::operator,
    provider::{code, ready, redeem, refresh, userinfo},
};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, COOKIE, ORIGIN, SET_COOKIE, USER_AGENT},
    redirect::Policy,
};

const ADA: &str = "ada@example.com";
const ACME: &str = "/w/acme/admin";
const OK: StatusCode = StatusCode::OK;
const AGAIN: StatusCode = StatusCode::UNAUTHORIZED;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const NEWER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";

async fn asks_for_one_browser(by: &Browser, asks: bool) -> StatusCode {
    let mut form = vec![("slug", "acme")];
    form.extend(asks.then_some(("same[]", "browser")));
    form.extend(ALL_METHODS.map(|method| ("methods[]", method)));
    call(by, "update_sign_in_policy", &form).await
}

/// What a browser holds, and as what it shows itself: all that anybody could copy.
#[derive(Clone)]
struct Held {
    client: Client,
    origin: String,
    cookies: Vec<(String, String)>,
    user_agent: &'static str,
}

impl Held {
    fn new(house: &Harness) -> Self {
        Self {
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
            origin: house.origin.clone(),
            cookies: Vec::new(),
            user_agent: FIREFOX,
        }
    }

    fn sent(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    async fn get(&self, path: &str) -> (StatusCode, String, String) {
        let get = self.client.get(format!("{}{path}", self.origin));
        let get = get
            .header(ACCEPT, "text/html")
            .header(USER_AGENT, self.user_agent)
            .header(COOKIE, self.sent());
        let answer = get.send().await.unwrap();
        let (status, target) = (answer.status(), location(&answer));
        (status, target, answer.text().await.unwrap())
    }

    /// Sends a form and keeps the cookies that come back.
    async fn post(&mut self, name: &str, form: &[(&str, &str)]) -> String {
        let post = self.client.post(format!("{}/fn/{name}", self.origin));
        let post = post
            .header(ACCEPT, "text/html")
            .header(ORIGIN, &self.origin)
            .header(USER_AGENT, self.user_agent)
            .header(COOKIE, self.sent())
            .form(form);
        let answer = post.send().await.unwrap();
        for (name, value) in cookies(&answer) {
            self.cookies.retain(|(held, _)| *held != name);
            self.cookies.push((name, value));
        }
        location(&answer)
    }

    async fn sign_in(&mut self, house: &Harness) -> String {
        let form = [("email", ADA), ("slug", "acme"), ("request", "")];
        let sent = self.post("request_magic_link", &form).await;
        assert!(sent.starts_with("/login/sent"), "{sent}");
        let mail = house.mails.take().await;
        self.post("redeem_magic_link", &[("token", token(&mail))]).await
    }

    /// As somebody has it who copied the session alone.
    fn session_alone(&self) -> Self {
        let mut copy = self.clone();
        copy.cookies.retain(|(name, _)| name == "dev_rooiam_session");
        assert_eq!(copy.cookies.len(), 1);
        copy
    }

    fn shown_as(&self, user_agent: &'static str) -> Self {
        Self {
            user_agent,
            ..self.clone()
        }
    }
}

fn cookies(answer: &Response) -> Vec<(String, String)> {
    let all = answer.headers().get_all(SET_COOKIE).iter();
    let all = all.filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='));
    all.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// For how long a browser is to keep the cookie that names it, in seconds.
fn kept(answer: &Response) -> Option<i64> {
    let mut all = answer.headers().get_all(SET_COOKIE).iter();
    let cookie = all.find_map(|value| value.to_str().ok()?.strip_prefix("dev_rooiam_browser="))?;
    let (_, age) = cookie.split_once("Max-Age=")?;
    age.split(';').next()?.parse().ok()
}

#[actix_web::test]
async fn where_a_sign_in_counts_in_one_browser_a_copied_session_is_worth_nothing() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let form = [("name", "Second"), ("slug", "second")];
    assert_eq!(call(&ada, "create_workspace", &form).await, OK);
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let mut own = Held::new(&house);
    assert_eq!(own.sign_in(&house).await, "/w/acme/admin");
    let thief = own.session_alone();
    assert_eq!(thief.get(ACME).await.0, OK, "nobody asks");

    assert_eq!(asks_for_one_browser(&owner, true).await, OK);
    let (_, html) = page(&owner, "/w/acme/admin/settings").await;
    assert!(html.contains("in another browser"), "{html}");
    assert_eq!(own.get(ACME).await.0, OK);
    let (status, _, html) = thief.get(ACME).await;
    assert_eq!(status, AGAIN);
    assert!(html.contains("/w/acme/login?again=1"), "{html}");
    let (_, _, html) = thief.get("/w/acme/login").await;
    assert!(html.contains("belong to this browser"), "{html}");
    let authorize = format!("/w/acme/oauth/authorize?{}", request(&app, "&prompt=none"));
    let (_, answer, _) = thief.get(&authorize).await;
    assert_eq!(param(&answer, "error").as_deref(), Some("login_required"));
    assert_eq!(thief.get("/w/second/admin").await.0, OK, "others do not ask");
    // With another's cookie in place of hers it is no better.
    let mut eve = Held::new(&house);
    eve.post(
        "request_magic_link",
        &[("email", "eve@evil.example"), ("slug", ""), ("request", "")],
    )
    .await;
    house.mails.take().await;
    let mixed = Held {
        cookies: [thief.cookies.clone(), eve.cookies].concat(),
        ..thief.clone()
    };
    assert_eq!(mixed.get(ACME).await.0, AGAIN);
    // Browsers update themselves, and become no others.
    assert_eq!(own.shown_as(NEWER).get(ACME).await.0, OK);
    assert_eq!(own.shown_as(EDGE).get(ACME).await.0, AGAIN);
    assert_eq!(own.get(ACME).await.0, OK);
    // What apps got is asked for by servers.
    assert_eq!(userinfo(&house, "acme", &tokens).await, OK);
    let refresh_token = tokens["refresh_token"].as_str().unwrap_or_default();
    assert_eq!(refresh(&house, &app, refresh_token).await.0, OK);
    let check = format!("/w/acme/admin/members/check?email={ADA}");
    assert!(
        page(&owner, &check)
            .await
            .1
            .contains("only in the browser where it was made")
    );
    // Wherever the policy stands, a copied session makes no way in of its own.
    assert_eq!(asks_for_one_browser(&owner, false).await, OK);
    for mut thief in [own.session_alone(), own.shown_as(EDGE)] {
        assert_eq!(thief.get(ACME).await.0, OK);
        thief.post("begin_totp", &[]).await;
    }
    let drawn: i64 = sqlx::query_scalar("SELECT count(*) FROM totp_credentials")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(drawn, 0);
    // Whoever signs in anew there is at home there.
    let mut moved = own.shown_as(EDGE);
    assert_eq!(moved.sign_in(&house).await, "/w/acme/admin");
    assert_eq!(moved.get(ACME).await.0, OK);
    assert_eq!(moved.get("/account/sessions").await.0, OK);
    assert!(moved.get("/account/sessions").await.2.contains("Edge"));
}

#[actix_web::test]
async fn a_second_factor_takes_no_session_to_another_browser() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let [mut one, mut other] = [Held::new(&house), Held::new(&house)];
    one.sign_in(&house).await;
    other.sign_in(&house).await;
    let (totp, _) = turn_on(&house, &ada).await;
    assert_eq!(asks_for_one_browser(&owner, true).await, OK);
    // Somebody has the session and a code, and either shows the same browser or has all of its cookies.
    for mut thief in [one.session_alone(), other.shown_as(EDGE)] {
        let form = [("email", "eve@evil.example"), ("slug", ""), ("request", "")];
        thief.post("request_magic_link", &form).await;
        house.mails.take().await;
        let (_, next, _) = thief.get("/login/step-up").await;
        next_code(&house);
        let code = shows(&house, &totp);
        let form = [
            ("id", waiting_id(&next).unwrap_or_default()),
            ("code", code.as_str()),
        ];
        assert_eq!(thief.post("redeem_second_factor", &form).await, "/workspaces");
        assert_eq!(thief.get("/account").await.0, OK);
        assert_eq!(thief.get(ACME).await.0, AGAIN);
    }
}

#[actix_web::test]
async fn a_session_whose_browser_is_not_known_counts_until_that_is_asked_and_nobody_asks_it_from_there() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let all = house.database.all_seeing().await.unwrap();
    // As the version before made them.
    sqlx::query("UPDATE sessions SET browser_hash = NULL")
        .execute(&all)
        .await
        .unwrap();
    assert_eq!(page(&ada, ACME).await.0, OK);
    assert_eq!(asks_for_one_browser(&owner, true).await, StatusCode::CONFLICT);
    let mail = house.ask(&owner, "owner@acme.example", "acme", "").await;
    owner
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(asks_for_one_browser(&owner, true).await, OK);
    assert_eq!(page(&owner, ACME).await.0, OK);
    assert_eq!(page(&ada, ACME).await.0, AGAIN);
    let olga = operator(&house).await;
    let form = [("same[]", "browser"), ("methods[]", "email")];
    assert_eq!(call(&olga, "update_platform_sign_in", &form).await, OK);
    assert_eq!(asks_for_one_browser(&owner, false).await, OK);
    assert_eq!(page(&ada, ACME).await.0, AGAIN, "the platform asks, too");
}

#[actix_web::test]
async fn a_browser_keeps_its_name_as_long_as_its_session_and_no_page_in_another_tab_shortens_that() {
    const MONTH: Option<i64> = Some(30 * 24 * 3600);
    const QUARTER: Option<i64> = Some(15 * 60);
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = house.browser();
    let form = [("email", ADA), ("slug", ""), ("request", "")];
    assert_eq!(kept(&ada.post("/fn/request_magic_link", &form).await), QUARTER);
    let mail = house.mails.take().await;
    let signed_in = ada
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(kept(&signed_in), MONTH);
    assert_eq!(kept(&ada.get(&format!("{LOGIN}?again=1")).await), MONTH);
    assert_eq!(kept(&ada.post("/fn/request_magic_link", &form).await), MONTH);
    let mail = house.mails.take().await;
    // What waits in another tab goes on after this one signs out.
    assert_eq!(kept(&ada.post("/fn/sign_out", &[]).await), QUARTER);
    ada.post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert!(ada.is_signed_in().await);
}

#[actix_web::test]
async fn at_a_workspaces_own_host_a_session_stays_in_the_browser_that_is_known_there() {
    const HOST: &str = "login.acme.example";
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    joined(&house, &owner, ADA, "admin").await;
    assert_eq!(asks_for_one_browser(&owner, true).await, OK);
    proved(&house, &owner, "acme", HOST).await;
    let own = [("slug", "acme"), ("domain", HOST)];
    assert_eq!(call(&owner, "set_workspace_host", &own).await, OK);
    let there = house.browser_at(HOST);
    let mail = house.ask(&there, ADA, "acme", "").await;
    let answer = there
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    let session = cookies(&answer);
    let session = session.iter().find(|(name, _)| name == "dev_rooiam_session");
    assert_eq!(page(&there, ACME).await.0, OK);
    let (name, value) = session.cloned().unwrap_or_default();
    let copied = house.browser_at(HOST);
    let get = copied.client.get(format!("{}{ACME}", copied.origin));
    let get = get
        .header(ACCEPT, "text/html")
        .header(COOKIE, format!("{name}={value}"));
    assert_eq!(get.send().await.map(|answer| answer.status()).ok(), Some(AGAIN));
}
