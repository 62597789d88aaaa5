//! What people look like to those who see them, and what somebody could smuggle in with a picture.

use super::{
    deletion::{end, sign_in_again},
    profile::told,
};
use crate::{
    branding::{PIXEL, upload_from},
    harness::{Harness, location},
    members::{call, joined, page},
    provider::ready,
};
use iam::domain::account::deletion::GRACE;
use reqwest::{StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

const ADA: &str = "ada@example.com";
const UPLOAD: &str = "/account/picture";

/// Where a page says somebody's picture is.
fn shown(html: &str) -> Option<String> {
    let at = html.find("/pictures/pic_")?;
    html[at..].split('"').next().map(str::to_owned)
}

#[actix_web::test]
async fn a_picture_reaches_those_who_see_its_person_and_apps_that_may_know_the_name() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    for told in told(&house, &ada, &app, "openid profile").await {
        assert_eq!(told.get("picture"), None);
    }
    let sent = upload_from(&ada, UPLOAD, PIXEL, &ada.origin).await;
    assert_eq!(location(&sent), "/account");
    let (_, html) = page(&ada, "/account").await;
    let first = shown(&html).unwrap();
    for (viewer, path) in [(&ada, "/workspaces"), (&owner, "/w/acme/admin/members")] {
        assert!(page(viewer, path).await.1.contains(&first), "{path}");
    }
    let picture = house.browser().get(&first).await;
    assert_eq!(picture.headers()[CONTENT_TYPE], "image/png");
    assert_eq!(picture.headers()["x-content-type-options"], "nosniff");
    assert_eq!(picture.headers()["cache-control"], "private, max-age=3600");
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
    for told in told(&house, &ada, &app, "openid profile").await {
        assert_eq!(told["picture"], Value::from(format!("{}{first}", house.origin)));
    }
    for told in told(&house, &ada, &app, "openid email").await {
        assert_eq!(told.get("picture"), None);
    }
    // Another one takes its place, and its address with it; and so does none.
    upload_from(&ada, UPLOAD, PIXEL, &ada.origin).await;
    let second = shown(&page(&ada, "/account").await.1).unwrap();
    assert_ne!(first, second);
    assert_eq!(house.browser().get(&first).await.status(), StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(call(&ada, "remove_picture", &[]).await, StatusCode::OK);
    }
    assert_eq!(house.browser().get(&second).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(shown(&page(&ada, "/account").await.1), None);
    assert_eq!(house.told(["user.updated"]).await, [3]);
}

#[actix_web::test]
async fn only_a_person_sends_their_picture_and_only_pictures() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let stranger = upload_from(&house.browser(), UPLOAD, PIXEL, &house.origin).await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
    let foreign = upload_from(&ada, UPLOAD, PIXEL, "https://evil.example").await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let large = vec![b' '; 4 * 1024 * 1024 + 8192];
    let refused = upload_from(&ada, UPLOAD, &large, &ada.origin).await;
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    for junk in [&b"<script>alert(1)</script>"[..], b"GIF89a"] {
        let sent = upload_from(&ada, UPLOAD, junk, &ada.origin).await;
        assert_eq!(location(&sent), "/account");
        let (_, html) = page(&ada, "/account").await;
        assert!(
            html.contains("role=\"alert\"") && shown(&html).is_none(),
            "{html}"
        );
    }
    assert_eq!(house.told(["user.updated"]).await, [0]);
    let nothing = house.browser().get("/pictures/pic_x").await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_picture_goes_with_its_account() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    upload_from(&ada, UPLOAD, PIXEL, &ada.origin).await;
    let picture = shown(&page(&ada, "/account").await.1).unwrap();
    let export = ada.post("/account/data/export", &[]).await;
    let export: Value = export.json().await.unwrap();
    assert!(
        export["profile"]["picture_png_base64"]
            .as_str()
            .unwrap()
            .starts_with("iVBOR")
    );
    assert_eq!(end(&ada, ADA).await, StatusCode::OK);
    let meanwhile = sign_in_again(&house, ADA).await;
    let sent = upload_from(&meanwhile, UPLOAD, PIXEL, &meanwhile.origin).await;
    assert_ne!(location(&sent), "/account");
    assert_eq!(house.browser().get(&picture).await.status(), StatusCode::OK);
    house.clock.advance(GRACE);
    assert_eq!(house.iam.account().delete_due().await.unwrap(), 1);
    assert_eq!(
        house.browser().get(&picture).await.status(),
        StatusCode::NOT_FOUND
    );
}
