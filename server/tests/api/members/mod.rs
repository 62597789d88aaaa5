//! Members, and what tests of all rooms do with them.

mod app_sessions;
mod invitation;
mod member;
mod toast;

use crate::harness::{Browser, Harness, location, param};
use reqwest::{
    StatusCode,
    header::{ACCEPT, ORIGIN},
};

const ADA: &str = "ada@example.com";

pub async fn invite(browser: &Browser, addresses: &str, role: &str) -> String {
    let form = [("slug", "acme"), ("addresses", addresses), ("role", role)];
    location(&browser.post("/fn/invite", &form).await)
}

/// The status that a script gets for a call.
pub async fn call(browser: &Browser, name: &str, form: &[(&str, &str)]) -> StatusCode {
    let request = browser
        .client
        .post(format!("{}/fn/{name}", browser.origin))
        .header(ACCEPT, "application/json")
        .header(ORIGIN, &browser.origin)
        .form(form);
    request.send().await.unwrap().status()
}

pub async fn answer(browser: &Browser, verb: &str, invitation: &str) -> StatusCode {
    call(
        browser,
        &format!("{verb}_invitation"),
        &[("slug", "acme"), ("id", invitation)],
    )
    .await
}

/// Invites `email` and returns the invitation's identifier, from the mail.
pub async fn invited(house: &Harness, inviter: &Browser, email: &str, role: &str) -> String {
    assert_eq!(invite(inviter, email, role).await, "/w/acme/admin/invitations");
    let mail = house.mails.take_invitation().await;
    assert_eq!(mail.to, email);
    param(&mail.url, "invitation").unwrap()
}

/// What the workspace asks of a sign-in from now on: how old it may be, in seconds, and by which methods it may begin.
pub async fn asks(owner: &Browser, max_age: &str, two_factors: bool, methods: &[&str]) -> StatusCode {
    let mut form = vec![("slug", "acme"), ("sign_in_max_age", max_age)];
    form.extend(two_factors.then_some(("two_factors", "true")));
    form.extend(methods.iter().map(|method| ("methods[]", *method)));
    call(owner, "update_sign_in_policy", &form).await
}

/// Every method.
pub const ALL_METHODS: [&str; 3] = ["email", "passkey", "connection"];

/// Somebody who joined by invitation.
pub async fn joined(house: &Harness, owner: &Browser, email: &str, role: &str) -> Browser {
    let id = invited(house, owner, email, role).await;
    let browser = house.sign_in(email).await;
    assert_eq!(answer(&browser, "accept", &id).await, StatusCode::OK);
    browser
}

pub async fn id_of(house: &Harness, email: &str) -> String {
    let all = house.database.all_seeing().await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar("SELECT user_id FROM user_emails WHERE address = $1")
        .bind(email)
        .fetch_one(&all)
        .await
        .unwrap();
    format!("usr_{}", id.simple())
}

pub async fn set_role(house: &Harness, browser: &Browser, email: &str, role: &str) -> StatusCode {
    let id = id_of(house, email).await;
    call(
        browser,
        "change_role",
        &[("slug", "acme"), ("id", &id), ("role", role)],
    )
    .await
}

pub async fn page(browser: &Browser, path: &str) -> (StatusCode, String) {
    let answer = browser.get(path).await;
    (answer.status(), answer.text().await.unwrap())
}
