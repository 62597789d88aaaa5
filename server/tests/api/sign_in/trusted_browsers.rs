//! Browsers in which people are not asked for a second factor, since they said so after proving it there.

use super::{
    passkeys::came_to,
    passwords::{self, GOOD, LOGIN, allow, choose},
    recovery::{ADA, begin_as_operator, by_mail, come_back, told_of},
    two_step::{next_code, prove, shows, turn_on, waiting_id, waits},
};
use crate::{
    domains::proof::proved,
    harness::{Browser, Harness, hidden, location, token},
    members::{ALL_METHODS, asks, call, id_of, joined, page},
    platform::users::{operator, person, settings},
};
use chrono::TimeDelta;
use iam::{domain::sign_in::recovery::BY_OPERATOR, port::SecurityChange};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, COOKIE, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use totp_rs::Totp;

const SECURITY: &str = "/account/security";

/// A server whose operators let browsers be trusted for 30 days.
pub async fn allowing() -> (Harness, Browser) {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    assert_eq!(settings(&olga, &[("trust_days", "30")]).await, StatusCode::OK);
    (house, olga)
}

/// Signs in by mail and code, and says that this browser is to be trusted.
pub async fn trust(house: &Harness, browser: &Browser, email: &str, app: &Totp) -> Response {
    let mail = house.ask(browser, email, "", "").await;
    let next = waits(browser, &mail).await;
    next_code(house);
    let shown = shows(house, app);
    let form = [
        ("id", waiting_id(&next).unwrap()),
        ("code", shown.as_str()),
        ("trust", "true"),
    ];
    browser.post("/fn/redeem_second_factor", &form).await
}

/// Ada, who has an authenticator app, in a browser that she trusts.
async fn trusting(house: &Harness) -> Browser {
    let (app, _) = turn_on(house, &house.sign_in(ADA).await).await;
    let browser = house.browser();
    let answer = trust(house, &browser, ADA, &app).await;
    assert_eq!(location(&answer), "/workspaces");
    browser
}

/// Where a mail alone leads in this browser.
pub async fn mail_leads(house: &Harness, browser: &Browser, email: &str) -> String {
    let mail = house.ask(browser, email, "", "").await;
    let form = [("token", token(&mail))];
    location(&browser.post("/fn/redeem_magic_link", &form).await)
}

async fn is_asked(house: &Harness, browser: &Browser, email: &str) -> bool {
    waiting_id(&mail_leads(house, browser, email).await).is_some()
}

#[actix_web::test]
async fn whoever_trusts_a_browser_is_not_asked_there_for_a_while_and_has_proved_one_factor_all_the_same() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    let owner = house.owner_of("acme").await;
    turn_on(&house, &owner).await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let (app, _) = turn_on(&house, &ada).await;
    // Nobody allows it yet.
    let browser = house.browser();
    let next = waits(&browser, &house.ask(&browser, ADA, "", "").await).await;
    assert!(!page(&browser, &next).await.1.contains("name=\"trust\""));
    let answer = trust(&house, &browser, ADA, &app).await;
    assert_eq!(location(&answer), "/workspaces");
    assert!(is_asked(&house, &browser, ADA).await);
    for bad in ["91", "-1", "x"] {
        let refused = settings(&olga, &[("trust_days", bad)]).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    assert_eq!(settings(&olga, &[("trust_days", "30")]).await, StatusCode::OK);
    // Whoever does not tick it is asked again.
    let (other, next) = by_mail(&house, ADA).await;
    assert!(
        page(&other, &next)
            .await
            .1
            .contains("in this browser for 30 days")
    );
    next_code(&house);
    assert_eq!(prove(&other, &next, &shows(&house, &app)).await, None);
    assert!(is_asked(&house, &other, ADA).await);

    house.clock.advance(TimeDelta::hours(1));
    let browser = house.browser();
    assert_eq!(location(&trust(&house, &browser, ADA, &app).await), "/workspaces");
    assert_eq!(call(&browser, "sign_out", &[]).await, StatusCode::OK);
    assert_eq!(mail_leads(&house, &browser, ADA).await, "/workspaces");
    let told = ["browser.trusted", "browser.trust_used"];
    assert_eq!(house.told(told).await, [1, 1]);
    let newest = "SELECT amr FROM sessions ORDER BY created_at DESC LIMIT 1";
    let amr: Vec<String> = sqlx::query_scalar(newest)
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(amr, ["email"], "nothing says that there were two");
    let (_, html) = page(&browser, SECURITY).await;
    assert!(html.contains("Trusted browsers"), "{html}");
    let (_, activity) = page(&browser, "/account/activity").await;
    assert!(
        activity.contains("without a code in a trusted browser"),
        "{activity}"
    );
    // How she signs in changes with both alone, and a workspace that asks for two gets two.
    let refused = came_to(browser.call_json("begin_totp", &[]).await).await;
    assert_eq!(refused.as_deref(), Some("second_factor_required"));
    assert_eq!(page(&browser, "/w/acme/admin").await.0, StatusCode::OK);
    assert_eq!(asks(&owner, "", true, &ALL_METHODS).await, StatusCode::OK);
    assert_eq!(page(&browser, "/w/acme/admin").await.0, StatusCode::UNAUTHORIZED);
    // It is over after its days, and counts in no other browser.
    assert!(is_asked(&house, &other, ADA).await);
    house.clock.advance(TimeDelta::days(30));
    assert!(is_asked(&house, &browser, ADA).await);
}

/// Sends a form with exactly these cookies.
async fn send(house: &Harness, path: &str, cookies: &str, form: &[(&str, &str)]) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client
        .post(format!("{}{path}", house.origin))
        .header(ACCEPT, "text/html")
        .header(ORIGIN, &house.origin)
        .header(COOKIE, cookies)
        .form(form);
    request.send().await.unwrap()
}

fn cookies(answer: &Response) -> Vec<String> {
    let all = answer.headers().get_all(SET_COOKIE).iter();
    let pairs = all.filter_map(|value| value.to_str().unwrap().split(';').next());
    pairs.map(str::to_owned).collect()
}

/// Where a mail alone leads with these cookies.
async fn with_cookies(house: &Harness, held: &str, email: &str) -> String {
    let form = [("email", email), ("slug", ""), ("request", "")];
    let asked = cookies(&send(house, "/fn/request_magic_link", held, &form).await);
    let mail = house.mails.take().await;
    let all = format!("{held}; {}", asked.join("; "));
    location(&send(house, "/fn/redeem_magic_link", &all, &[("token", token(&mail))]).await)
}

#[actix_web::test]
async fn the_cookie_of_a_trusted_browser_is_worth_nothing_without_the_mail_of_its_person() {
    let (house, _) = allowing().await;
    let (app, codes) = turn_on(&house, &house.sign_in(ADA).await).await;
    let eve = "eve@evil.example";
    let (eves_app, _) = turn_on(&house, &house.sign_in(eve).await).await;
    let browser = house.browser();
    let answer = trust(&house, &browser, ADA, &app).await;
    let stolen = cookies(&answer);
    let stolen = stolen.iter().find(|pair| pair.starts_with("dev_rooiam_trusted="));
    let stolen = stolen.unwrap().clone();
    // It is that of one person: nobody else passes with it, in whatever browser.
    assert!(
        with_cookies(&house, &stolen, eve)
            .await
            .starts_with("/login/two-step")
    );
    assert!(is_asked(&house, &browser, eve).await);
    // Whoever reads her mails besides has both.
    let forged = format!("{stolen}x");
    assert!(
        with_cookies(&house, &forged, ADA)
            .await
            .starts_with("/login/two-step")
    );
    assert_eq!(with_cookies(&house, &stolen, ADA).await, "/workspaces");
    // A browser is one person's: it is Eve's once she says so there.
    let answer = trust(&house, &browser, eve, &eves_app).await;
    assert_eq!(location(&answer), "/workspaces");
    assert!(is_asked(&house, &browser, ADA).await);
    assert!(
        with_cookies(&house, &stolen, ADA)
            .await
            .starts_with("/login/two-step")
    );
    // A recovery code says that something is lost: nothing is trusted for it.
    let before = house.told(["browser.trusted"]).await;
    let next = mail_leads(&house, &browser, ADA).await;
    let form = [
        ("id", waiting_id(&next).unwrap()),
        ("code", codes[0].as_str()),
        ("trust", "true"),
    ];
    assert_eq!(
        call(&browser, "redeem_second_factor", &form).await,
        StatusCode::OK
    );
    assert_eq!(house.told(["browser.trusted"]).await, before);
}

/// A password and a cookie are both found on a computer that others use.
#[actix_web::test]
async fn a_trusted_browser_stands_for_nothing_after_a_password_and_none_is_trusted_after_one() {
    let (house, _) = allowing().await;
    allow(&house, None).await;
    let ada = house.sign_in(ADA).await;
    assert_eq!(choose(&ada, GOOD).await, None);
    let (app, _) = turn_on(&house, &ada).await;
    let browser = house.browser();
    assert_eq!(location(&trust(&house, &browser, ADA, &app).await), "/workspaces");
    assert!(!is_asked(&house, &browser, ADA).await, "a mail is enough there");
    assert_eq!(call(&browser, "sign_out", &[]).await, StatusCode::OK);
    let next = by_password(&browser).await;
    assert!(waiting_id(&next).is_some(), "{next}");
    let (_, html) = page(&browser, &next).await;
    assert!(!html.contains("name=\"trust\""), "{html}");

    let elsewhere = house.browser();
    let next = by_password(&elsewhere).await;
    next_code(&house);
    let shown = shows(&house, &app);
    let form = [
        ("id", waiting_id(&next).unwrap()),
        ("code", shown.as_str()),
        ("trust", "true"),
    ];
    let answer = elsewhere.post("/fn/redeem_second_factor", &form).await;
    assert_eq!(location(&answer), "/workspaces");
    assert!(!cookies(&answer).iter().any(|cookie| cookie.contains("trusted")));
}

/// Where a password leads in this browser.
async fn by_password(browser: &Browser) -> String {
    let form = passwords::shown(browser, LOGIN).await;
    let fields = [
        ("form", form[0].as_str()),
        ("proof", &form[1]),
        ("email", ADA),
        ("password", GOOD),
    ];
    location(&browser.post("/fn/redeem_password", &fields).await)
}

#[actix_web::test]
async fn no_browser_is_trusted_at_a_workspaces_own_host() {
    const HOST: &str = "login.acme.example";
    let (house, _) = allowing().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let (app, _) = turn_on(&house, &ada).await;
    proved(&house, &owner, "acme", HOST).await;
    let own = [("slug", "acme"), ("domain", HOST)];
    assert_eq!(call(&owner, "set_workspace_host", &own).await, StatusCode::OK);
    let there = house.browser_at(HOST);
    let next = waits(&there, &house.ask(&there, ADA, "acme", "").await).await;
    assert!(!page(&there, &next).await.1.contains("name=\"trust\""));
    next_code(&house);
    let shown = shows(&house, &app);
    let form = [
        ("id", waiting_id(&next).unwrap()),
        ("code", shown.as_str()),
        ("trust", "true"),
    ];
    assert_eq!(call(&there, "redeem_second_factor", &form).await, StatusCode::OK);
    assert_eq!(house.told(["browser.trusted"]).await, [0]);
}

#[actix_web::test]
async fn trust_ends_with_all_that_lets_in_with_the_app_and_with_the_policy_and_never_comes_back() {
    let ends = [
        "everywhere",
        "operator",
        "disabled",
        "one",
        "all",
        "app",
        "lowered",
        "recovery",
        "not me",
    ];
    for what in ends {
        let (house, olga) = allowing().await;
        let browser = trusting(&house).await;
        let id = id_of(&house, ADA).await;
        let done = match what {
            "everywhere" => call(&browser, "sign_out_everywhere", &[]).await,
            "operator" => call(&olga, "end_user_sessions", &[("id", &id)]).await,
            "disabled" => {
                assert_eq!(person(&olga, "disable", &id).await, StatusCode::OK);
                person(&olga, "enable", &id).await
            }
            "one" => {
                let (_, html) = page(&browser, SECURITY).await;
                let form = [("trusted", hidden(&html, "trusted"))];
                call(&browser, "forget_browser", &form).await
            }
            "all" => call(&browser, "forget_browsers", &[]).await,
            "app" => {
                next_code(&house);
                turn_on(&house, &browser).await;
                StatusCode::OK
            }
            "lowered" => {
                assert_eq!(settings(&olga, &[("trust_days", "0")]).await, StatusCode::OK);
                settings(&olga, &[("trust_days", "30")]).await
            }
            "recovery" => {
                house.clock.advance(TimeDelta::minutes(1));
                assert_eq!(begin_as_operator(&olga, &id, &[]).await, None);
                house.clock.advance(BY_OPERATOR);
                let (back, next) = by_mail(&house, ADA).await;
                assert_eq!(come_back(&back, &next).await, None);
                turn_on(&house, &back).await;
                StatusCode::OK
            }
            _ => {
                let mail = loop {
                    let mail = told_of(&house, SecurityChange::NewBrowser).await;
                    if mail.to == ADA {
                        break mail;
                    }
                };
                let (_, query) = mail.url.split_once('?').unwrap();
                let form: Vec<_> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
                call(&house.browser(), "disown_session", &form).await
            }
        };
        assert_eq!(done, StatusCode::OK, "{what}");
        assert!(is_asked(&house, &browser, ADA).await, "{what}");
        assert_eq!(house.told(["browser.trust_used"]).await, [0], "{what}");
        let forgotten = i64::from(["one", "all"].contains(&what));
        assert_eq!(house.told(["browser.forgotten"]).await, [forgotten], "{what}");
    }
}
