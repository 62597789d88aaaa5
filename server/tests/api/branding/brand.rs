//! How a workspace looks, and what somebody could smuggle in with a logo.

use crate::{
    harness::{Browser, Harness, location, token},
    members::{call, joined, page},
};
use reqwest::{
    Response, StatusCode,
    header::{CONTENT_TYPE, ORIGIN},
};

/// A PNG of one pixel.
pub const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00,
    0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01,
    0x01, 0x00, 0xc9, 0xfe, 0x92, 0xef, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

/// Sends a file as a form of `origin` would.
pub async fn upload_from(browser: &Browser, path: &str, file: &[u8], origin: &str) -> Response {
    let mut body = b"--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"../../x.html\"\r\nContent-Type: text/html\r\n\r\n".to_vec();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    browser
        .client
        .post(format!("{}{path}", browser.origin))
        .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(ORIGIN, origin)
        .body(body)
        .send()
        .await
        .unwrap()
}

fn logo_of_workspace(slug: &str) -> String {
    format!("/w/{slug}/admin/branding/logo")
}

async fn upload(browser: &Browser, slug: &str, file: &[u8]) -> Response {
    upload_from(browser, &logo_of_workspace(slug), file, &browser.origin).await
}

async fn look(browser: &Browser, accent: &str, login_text: &str, support: &str) -> StatusCode {
    let form = [
        ("slug", "acme"),
        ("accent", accent),
        ("login_text", login_text),
        ("support", support),
    ];
    call(browser, "update_branding", &form).await
}

/// Where the login page says the logo is.
async fn logo_of(house: &Harness) -> Option<String> {
    let (_, html) = page(&house.browser(), "/w/acme/login").await;
    let at = html.find("/w/acme/logo/")?;
    html[at..].split('"').next().map(str::to_owned)
}

#[actix_web::test]
async fn the_login_page_and_mails_wear_what_the_workspace_chose() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    assert_eq!(
        look(&owner, "#C00040", "Welcome <b>home</b>", "help@acme.example").await,
        StatusCode::OK
    );
    assert_eq!(
        location(&upload(&owner, "acme", PIXEL).await),
        "/w/acme/admin/branding"
    );
    let (_, html) = page(&house.browser(), "/w/acme/login").await;
    for part in [
        "/brand/c00040.css",
        "Welcome &lt;b&gt;home",
        "mailto:help@acme.example",
        "/w/acme/logo/lgo_",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let style = house.browser().get("/brand/c00040.css").await;
    assert_eq!(style.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(
        style
            .text()
            .await
            .unwrap()
            .contains("--color-accent:light-dark(#c00040,")
    );
    let logo = house.browser().get(&logo_of(&house).await.unwrap()).await;
    assert_eq!(logo.headers()[CONTENT_TYPE], "image/png");
    assert_eq!(logo.headers()["x-content-type-options"], "nosniff");
    assert!(
        logo.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'none'")
    );
    assert!(logo.bytes().await.unwrap().starts_with(b"\x89PNG"));
    let browser = house.browser();
    let mail = house.ask(&browser, "ada@example.com", "acme", "").await;
    assert_eq!(mail.brand.support, "mailto:help@acme.example");
    assert_eq!(mail.brand.colours.unwrap()[0], "#c00040");
    assert!(
        mail.brand
            .logo
            .unwrap()
            .starts_with(&format!("{}/w/acme/logo/lgo_", house.origin))
    );
    let plain = house.ask(&browser, "ben@example.com", "", "").await;
    assert!(plain.brand.logo.is_none() && plain.brand.support.is_empty());
}

#[actix_web::test]
async fn what_could_run_or_mislead_is_refused() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    for support in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://help.example",
        "//evil.example",
        "https://u:p@evil.example",
    ] {
        assert_eq!(
            look(&owner, "", "", support).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{support}"
        );
    }
    for accent in [
        "red",
        "#fff",
        "#12345g",
        "#ffffff;}body{display:none",
        "url(//evil)",
    ] {
        assert_eq!(
            look(&owner, accent, "", "").await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{accent}"
        );
    }
    for path in [
        "/brand/red.css",
        "/brand/ffffff%7D.css",
        "/brand/12345.css",
        "/brand/..%2f.css",
    ] {
        assert_eq!(
            house.browser().get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let branding = "/w/acme/admin/branding";
    for file in [
        &b"<html><script>alert(1)</script></html>"[..],
        b"",
        b"GIF89a\x01\x00\x01\x00",
        b"%!PS",
    ] {
        assert_eq!(location(&upload(&owner, "acme", file).await), branding);
        assert!(page(&owner, branding).await.1.contains("image can’t be read"));
        assert!(
            !page(&owner, branding).await.1.contains("image can’t be read"),
            "once"
        );
    }
    let large = vec![0; 1024 * 1024 + 1];
    assert_eq!(location(&upload(&owner, "acme", &large).await), branding);
    assert!(page(&owner, branding).await.1.contains("too large"));
    let huge = vec![0; 3 * 1024 * 1024];
    assert_eq!(
        upload(&owner, "acme", &huge).await.status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert!(logo_of(&house).await.is_none());
}

#[actix_web::test]
async fn a_logo_is_set_by_those_who_may_and_shown_under_its_own_workspace_alone() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let auditor = joined(&house, &owner, "audrey@example.com", "auditor").await;
    let eve = house.owner_of("evil").await;
    for (browser, slug, status) in [
        (&auditor, "acme", StatusCode::FORBIDDEN),
        (&house.browser(), "acme", StatusCode::UNAUTHORIZED),
        (&eve, "acme", StatusCode::NOT_FOUND),
        (&eve, "no-such-place", StatusCode::NOT_FOUND),
        (&eve, "NO!", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(upload(browser, slug, PIXEL).await.status(), status, "{slug}");
    }
    let foreign = upload_from(&owner, &logo_of_workspace("acme"), PIXEL, "https://evil.example").await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert!(logo_of(&house).await.is_none());
    upload(&owner, "acme", PIXEL).await;
    let first = logo_of(&house).await.unwrap();
    for (path, status) in [
        (first.replace("/acme/", "/evil/"), StatusCode::NOT_FOUND),
        (
            "/w/acme/logo/lgo_01920000000070008000000000000042".to_owned(),
            StatusCode::NOT_FOUND,
        ),
        ("/w/acme/logo/x".to_owned(), StatusCode::NOT_FOUND),
        (first.clone(), StatusCode::OK),
    ] {
        assert_eq!(house.browser().get(&path).await.status(), status, "{path}");
    }
    upload(&owner, "acme", PIXEL).await;
    assert_eq!(
        house.browser().get(&first).await.status(),
        StatusCode::NOT_FOUND,
        "another logo is another address"
    );
    assert_eq!(
        call(&owner, "remove_logo", &[("slug", "acme")]).await,
        StatusCode::OK
    );
    assert!(logo_of(&house).await.is_none());
    assert_eq!(house.told(["brand.updated"]).await, [3]);
}

#[actix_web::test]
async fn the_look_stays_through_the_whole_sign_in_and_on_pages_that_fail() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    look(&owner, "#C00040", "", "").await;
    let wears = |html: &str| html.contains("/brand/c00040.css") && html.contains(">Acme<");
    let guest = house.browser();
    let first = house.ask(&guest, "ada@example.com", "acme", "").await;
    house.clock.advance(chrono::TimeDelta::seconds(1));
    let mail = house.ask(&guest, "ada@example.com", "acme", "").await;
    let link = |mail: &iam::port::MagicLinkMail| format!("/login/verify?token={}", token(mail));
    let request = "agr_01920000000070008000000000000042";
    for path in [
        "/login/sent".to_owned(),
        link(&mail),
        link(&first),
        "/w/acme/nowhere".to_owned(),
        "/w/acme/admin/nowhere".to_owned(),
        "/w/acme/login?request=junk".to_owned(),
        "/w/acme/join?invitation=junk".to_owned(),
        format!("/w/acme/consent?request={request}"),
        format!("/w/acme/continue?request={request}"),
        "/w/acme/oauth/authorize?client_id=nobody".to_owned(),
    ] {
        let (_, html) = page(&guest, &path).await;
        assert!(wears(&html), "{path}: {html}");
    }
    // Whoever holds the link has read whose it is, also in another browser and when it is used up.
    assert!(wears(&page(&house.browser(), &link(&mail)).await.1));
    assert!(!wears(&page(&house.browser(), "/login/sent").await.1));
    let wrong = if mail.code == "000000" { "111111" } else { "000000" };
    let answer = guest
        .post_on("/login/sent", "/fn/redeem_code", &[("code", wrong)])
        .await;
    let (_, html) = page(&guest, &location(&answer)).await;
    assert!(wears(&html) && html.contains("Incorrect code"), "{html}");
    house
        .clock
        .advance(iam::domain::sign_in::email_challenge::LIFETIME);
    for path in ["/login/sent", &link(&mail)] {
        assert!(wears(&page(&guest, path).await.1), "{path}");
    }
    let stranger = house.browser();
    house.ask(&stranger, "eve@example.com", "", "").await;
    for path in [
        "/login/sent",
        "/nowhere",
        "/w/no-such-place/login",
        "/w/NO!/login",
    ] {
        let (_, html) = page(&stranger, path).await;
        assert!(!wears(&html) && html.contains("Rooiam"), "{path}");
    }
}
