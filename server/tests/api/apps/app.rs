//! The list of apps, and apps that are shut off.

use crate::{
    harness::{Browser, RegisteredApp, location, param, request},
    members::call,
    provider::{code, ready, redeem, refresh, userinfo},
};
use reqwest::{StatusCode, header::ORIGIN};

async fn list(owner: &Browser, query: &str) -> String {
    let answer = owner.get(&format!("/w/acme/admin/apps{query}")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

fn rows(html: &str) -> usize {
    html.matches("class=\"who\"").count()
}

pub fn next_page(html: &str) -> Option<String> {
    let start = html.split_once("rel=\"next\"")?;
    let tag = start.0.rsplit_once("<a ")?.1.to_owned() + start.1.split('>').next()?;
    let href = tag.split_once("href=\"")?.1.split('"').next()?;
    Some(href.replace("&amp;", "&"))
}

#[actix_web::test]
async fn a_thousand_apps_come_in_pages_each_app_once() {
    let (house, owner, _) = ready("ES256").await;
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query(
        "INSERT INTO apps (workspace_id, id, name, client_type, created_at)
         SELECT a.workspace_id, gen_random_uuid(), 'App 100%_' || n, 'public', now()
         FROM apps a, generate_series(1, 1000) n",
    )
    .execute(&all)
    .await
    .unwrap();
    let (mut seen, mut html) = (0, list(&owner, "").await);
    loop {
        seen += rows(&html);
        assert!(rows(&html) <= 50);
        let Some(next) = next_page(&html) else { break };
        html = owner.get(&next).await.text().await.unwrap();
    }
    assert_eq!(seen, 1001);
    assert_eq!(rows(&list(&owner, "?q=oRDers").await), 1);
    assert_eq!(
        rows(&list(&owner, "?q=100%25_999").await),
        1,
        "the search has no wildcards"
    );
    assert_eq!(rows(&list(&owner, "?q=%25orders").await), 0);
    let nothing = list(&owner, "?q=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(rows(&nothing) == 0 && !nothing.contains("<script>alert"));
    let answer = owner.get("/w/acme/admin/apps?before=app_x").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

async fn switch(owner: &Browser, app: &RegisteredApp, state: &str) -> String {
    let form = [("slug", "acme"), ("id", app.id.as_str()), ("state", state)];
    location(&owner.post("/fn/set_app_state", &form).await)
}

#[actix_web::test]
async fn a_disabled_app_signs_nobody_in_and_enabled_it_begins_anew() {
    let (house, owner, app) = ready("ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let unused = code(&owner, &app).await;
    assert_eq!(
        switch(&owner, &app, "disabled").await,
        format!("/w/acme/admin/apps/{}", app.id)
    );
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        redeem(&house, "acme", &app, &unused).await.0,
        StatusCode::UNAUTHORIZED
    );
    let begin = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    assert_eq!(owner.get(&begin).await.status(), StatusCode::BAD_REQUEST);
    let page = owner.get(&format!("/w/acme/admin/apps/{}", app.id)).await;
    assert!(page.text().await.unwrap().contains("This app is disabled"));
    assert!(list(&owner, "").await.contains("Disabled"));

    switch(&owner, &app, "enabled").await;
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(
        redeem(&house, "acme", &app, &unused).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    // What people consented to is not forgotten: with a session nobody is asked anything.
    let answer = owner.authorize("acme", &request(&app, "&prompt=none")).await;
    let code = param(&answer, "code").unwrap();
    let about = [("slug", "acme"), ("id", app.id.as_str())];
    assert_eq!(call(&owner, "rotate_app_secret", &about).await, StatusCode::OK);
    assert_eq!(
        redeem(&house, "acme", &app, &code).await.0,
        StatusCode::UNAUTHORIZED,
        "the secret before"
    );
    let told = house.told(["app.created", "app.disabled", "app.enabled", "app.secret_rotated"]);
    assert_eq!(told.await, [1, 1, 1, 1]);
    assert_eq!(house.told(["signing_key.created"]).await, [1]);
}

#[actix_web::test]
async fn a_stranger_cannot_disable_an_app_nor_learn_that_it_exists() {
    let (house, owner, app) = ready("ES256").await;
    let eve = house.owner_of("evil").await;
    for slug in ["acme", "evil"] {
        let form = [("slug", slug), ("id", app.id.as_str()), ("state", "disabled")];
        let call = eve.client.post(format!("{}/fn/set_app_state", house.origin));
        let answer = call
            .header(ORIGIN, &house.origin)
            .form(&form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{slug}");
    }
    let answer = owner.authorize("acme", &request(&app, "")).await;
    assert!(param(&answer, "code").is_some());
}
