//! The way from our pages to the app, as a browser's rules want it.

use crate::{
    harness::{Browser, CHALLENGE, Harness, RegisteredApp, leads_to, location, param, request, token},
    members::call,
    provider::ready,
};
use reqwest::{Response, StatusCode};

const OPENER: &str = "cross-origin-opener-policy";

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

/// Begins an app's request in a browser that is signed in or not, and gives its id.
async fn begin(browser: &Browser, app: &RegisteredApp) -> String {
    let path = format!("/w/acme/oauth/authorize?{}", request(app, ""));
    let next = location(&browser.get(&path).await);
    next.split_once("request=").unwrap().1.to_owned()
}

async fn decide(browser: &Browser, id: &str, decision: &str) -> Response {
    let page = format!("/w/acme/consent?request={id}");
    browser.press("acme", &page, decision).await
}

/// That the answer to a form goes on to the app, and where.
async fn goes_on(answer: Response) -> String {
    assert_eq!(
        (answer.status(), location(&answer).as_str()),
        (StatusCode::OK, "")
    );
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
    assert_eq!(header(&answer, OPENER), "unsafe-none");
    assert_forms_stay(&answer);
    leads_to(answer).await
}

/// That a page names no place but ours where its forms may end.
fn assert_forms_stay(answer: &Response) {
    let policy = header(answer, "content-security-policy");
    let forms = policy
        .split(';')
        .find_map(|rule| rule.trim().strip_prefix("form-action"))
        .map(str::trim);
    assert_eq!(forms, Some("'self'"), "{}", answer.url());
}

#[actix_web::test]
async fn after_a_decision_a_page_leads_to_the_app() {
    let (_, owner, app) = ready("ES256").await;
    let denied = goes_on(decide(&owner, &begin(&owner, &app).await, "deny").await).await;
    assert_eq!(param(&denied, "error").as_deref(), Some("access_denied"));
    let allowed = goes_on(decide(&owner, &begin(&owner, &app).await, "allow").await).await;
    assert!(param(&allowed, "code").is_some(), "{allowed}");
    assert_eq!(param(&allowed, "state").as_deref(), Some("s"));
}

#[actix_web::test]
async fn after_the_code_or_the_link_remembered_consent_leads_on_by_a_page_too() {
    let (house, owner, app) = ready("ES256").await;
    decide(&owner, &begin(&owner, &app).await, "allow").await;
    for by_link in [true, false] {
        let browser = house.browser();
        let id = begin(&browser, &app).await;
        let mail = house.ask(&browser, "owner@acme.example", "acme", &id).await;
        let sent = browser.get("/login/sent").await;
        assert_forms_stay(&sent);
        let verify = browser
            .get(&format!("/login/verify?token={}", token(&mail)))
            .await;
        assert_forms_stay(&verify);
        let answer = if by_link {
            let form = [("token", token(&mail))];
            browser.post("/fn/redeem_magic_link", &form).await
        } else {
            let form = [("code", mail.code.as_str())];
            browser.post("/fn/redeem_code", &form).await
        };
        assert_eq!(header(&answer, OPENER), "unsafe-none");
        let next = location(&answer);
        let target = goes_on(browser.get(&next).await).await;
        assert!(param(&target, "code").is_some(), "{target}");
    }
}

#[actix_web::test]
async fn joining_on_the_way_to_an_app_leads_on_by_pages() {
    let (house, owner, app) = ready("ES256").await;
    let settings = [("slug", "acme"), ("name", "Acme"), ("admission", "open")];
    assert_eq!(call(&owner, "update_workspace", &settings).await, StatusCode::OK);
    let ada = house.sign_in("ada@example.com").await;
    let id = begin(&ada, &app).await;
    let joined = ada
        .post("/fn/join_or_request", &[("slug", "acme"), ("request", &id)])
        .await;
    assert_forms_stay(&ada.get(&format!("/w/acme/ask?request={id}")).await);
    let consent = location(&ada.get(&location(&joined)).await);
    assert!(consent.starts_with("/w/acme/consent"), "{consent}");
    assert_forms_stay(&ada.get(&consent).await);
    let target = goes_on(decide(&ada, &id, "allow").await).await;
    assert!(param(&target, "code").is_some(), "{target}");
}

#[actix_web::test]
async fn without_a_form_the_app_gets_its_answer_by_a_redirect() {
    let (_, owner, app) = ready("ES256").await;
    decide(&owner, &begin(&owner, &app).await, "allow").await;
    for more in ["", "&prompt=none"] {
        let path = format!("/w/acme/oauth/authorize?{}", request(&app, more));
        let next = location(&owner.get(&path).await);
        let answer = owner.get(&next).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{next}");
        assert!(param(&location(&answer), "code").is_some());
    }
}

#[actix_web::test]
async fn a_program_on_the_device_is_reached_by_a_page_as_well() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let form = [
        ("slug", "acme"),
        ("name", "Field"),
        ("client_type", "public"),
        ("redirect_uris", "com.example.field:/callback"),
        ("id_token_alg", "ES256"),
    ];
    let page = location(&owner.post("/fn/register_app", &form).await);
    let id = page.rsplit('/').next().unwrap();
    let path = format!(
        "/w/acme/oauth/authorize?response_type=code&client_id={id}&redirect_uri=com.example.field:/callback&scope=openid\
         &state=%22%3E%3Cscript%3E&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let next = location(&owner.get(&path).await);
    let request = next.split_once("request=").unwrap().1;
    let target = goes_on(decide(&owner, request, "allow").await).await;
    assert!(
        target.starts_with("com.example.field:/callback?code="),
        "{target}"
    );
    assert_eq!(param(&target, "state").as_deref(), Some("\"><script>"));
}

#[actix_web::test]
async fn an_app_keeps_its_window_up_to_the_answer_and_no_other_page_has_an_opener() {
    let (house, owner, app) = ready("ES256").await;
    let visitor = house.browser();
    let id = begin(&visitor, &app).await;
    for step in [
        format!("/w/acme/oauth/authorize?{}", request(&app, "")),
        format!("/w/acme/continue?request={id}"),
        format!("/w/acme/login?request={id}"),
        format!("/w/acme/consent?request={id}"),
        "/login/sent".to_owned(),
    ] {
        for browser in [&visitor, &owner] {
            let answer = browser.get(&step).await;
            assert_eq!(header(&answer, OPENER), "unsafe-none", "{step}");
        }
    }
    for page in [
        "/",
        "/workspaces",
        "/account",
        "/platform",
        "/w/acme/admin",
        "/nowhere",
    ] {
        assert_eq!(header(&owner.get(page).await, OPENER), "same-origin", "{page}");
    }
}
