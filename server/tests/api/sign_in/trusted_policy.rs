//! Trusted browsers where a workspace takes them for the second factor that it asks for.

use super::{
    passkeys::came_to,
    trusted_browsers::{allowing, mail_leads, trust},
    two_step::{next_code, turn_on},
};
use crate::{
    access::role::claims,
    harness::{Browser, Harness, RegisteredApp, hidden, location, param, request},
    members::{ALL_METHODS, call, id_of, joined, page},
    platform::users::{person, settings},
    provider::{code, redeem, refresh, userinfo},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::Value;
use totp_rs::Totp;

const ADA: &str = "ada@example.com";
const ACME: &str = "/w/acme/admin";
const OK: StatusCode = StatusCode::OK;
const REFUSED: StatusCode = StatusCode::UNAUTHORIZED;

/// That a workspace asks for two factors, and for how many days a trusted browser stands for the second.
async fn takes(by: &Browser, slug: &str, days: &str) -> StatusCode {
    let mut form = vec![
        ("slug", slug),
        ("two_factors", "true"),
        ("second_factor_days", days),
    ];
    form.extend(ALL_METHODS.map(|method| ("methods[]", method)));
    call(by, "update_sign_in_policy", &form).await
}

/// That the platform does.
async fn platform_takes(by: &Browser, days: &str) -> StatusCode {
    let mut form = vec![("two_factors", "true"), ("second_factor_days", days)];
    form.extend(ALL_METHODS.map(|method| ("methods[]", method)));
    call(by, "update_platform_sign_in", &form).await
}

/// A workspace, its owner, and Ada, who is an admin of it and has an authenticator app.
struct Office {
    house: Harness,
    olga: Browser,
    owner: Browser,
    app: RegisteredApp,
    /// A browser in which she has proved two factors.
    ada: Browser,
    totp: Totp,
}

impl Office {
    async fn open() -> Self {
        let (house, olga) = allowing().await;
        let owner = house.owner_of("acme").await;
        let app = house.register(&owner, "acme", "ES256").await;
        turn_on(&house, &owner).await;
        let ada = joined(&house, &owner, ADA, "admin").await;
        let (totp, _) = turn_on(&house, &ada).await;
        Self {
            house,
            olga,
            owner,
            app,
            ada,
            totp,
        }
    }

    /// A browser that Ada trusts, and in which she has proved no more than a mail since.
    async fn trusted(&self) -> Browser {
        let browser = self.house.browser();
        let answer = trust(&self.house, &browser, ADA, &self.totp).await;
        assert_eq!(location(&answer), "/workspaces");
        assert_eq!(call(&browser, "sign_out", &[]).await, OK);
        self.by_mail(&browser).await;
        browser
    }

    async fn by_mail(&self, browser: &Browser) {
        assert_eq!(mail_leads(&self.house, browser, ADA).await, "/workspaces");
    }

    async fn tokens(&self, browser: &Browser) -> Value {
        let code = code(browser, &self.app).await;
        let (status, tokens) = redeem(&self.house, "acme", &self.app, &code).await;
        assert_eq!(status, OK, "{tokens}");
        tokens
    }

    async fn renews(&self, tokens: &Value) -> StatusCode {
        let token = tokens["refresh_token"].as_str().unwrap_or_default();
        refresh(&self.house, &self.app, token).await.0
    }

    /// What an app is told that wants no page to be shown.
    async fn silently(&self, browser: &Browser, more: &str) -> Option<String> {
        let asked = request(&self.app, &format!("&prompt=none{more}"));
        let answer = location(&browser.get(&format!("/w/acme/oauth/authorize?{asked}")).await);
        // Where nothing stands in the way it is a page of ours that goes on.
        (!answer.starts_with('/'))
            .then(|| param(&answer, "error"))
            .flatten()
    }
}

#[actix_web::test]
async fn a_trusted_browser_stands_for_the_second_factor_where_the_policy_takes_it_and_nowhere_else() {
    let office = Office::open().await;
    let browser = office.trusted().await;
    let form = [("name", "Second"), ("slug", "second")];
    assert_eq!(call(&office.ada, "create_workspace", &form).await, OK);
    assert_eq!(takes(&office.ada, "second", "0").await, OK);
    for bad in ["91", "-1", "x"] {
        let refused = takes(&office.owner, "acme", bad).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    assert_eq!(takes(&office.owner, "acme", "0").await, OK);
    assert_eq!(page(&browser, ACME).await.0, REFUSED);
    assert_eq!(takes(&office.owner, "acme", "7").await, OK);
    assert_eq!(page(&browser, ACME).await.0, OK);
    let (_, html) = page(&office.owner, "/w/acme/admin/settings").await;
    assert!(html.contains("Accept trusted browsers") && html.contains("value=\"7\""));
    let told = "SELECT count(*) FROM audit_events
                WHERE detail #> '{sign_in,second_factor_days}' = '{\"from\": 0, \"to\": 7}'";
    let all = office.house.database.all_seeing().await.unwrap();
    let told: i64 = sqlx::query_scalar(told).fetch_one(&all).await.unwrap();
    assert_eq!(told, 1);

    // An app gets what it asks for, and is told what was proved: one factor.
    let tokens = office.tokens(&browser).await;
    let said = claims(&tokens, "id_token");
    assert_eq!(
        (&said["amr"], &said["acr"]),
        (&serde_json::json!(["email"]), &"aal1".into())
    );
    assert_eq!(userinfo(&office.house, "acme", &tokens).await, OK);
    assert_eq!(office.silently(&browser, "").await, None);
    let surer = office.silently(&browser, "&acr_values=aal2").await;
    assert_eq!(surer.as_deref(), Some("unmet_authentication_requirements"));
    // Nothing of it counts elsewhere.
    assert_eq!(page(&browser, "/w/second/admin").await.0, REFUSED);
    let check = page(&office.owner, &format!("{ACME}/members/check?email={ADA}"))
        .await
        .1;
    assert!(check.contains("accepted as the second step. Days: 7"), "{check}");
    assert!(check.contains("nothing in this workspace blocks"), "{check}");
    // Nor for how she signs in.
    let refused = came_to(browser.call_json("begin_totp", &[]).await).await;
    assert_eq!(refused.as_deref(), Some("second_factor_required"));
    // A session that remembers nothing of it has nothing.
    sqlx::query("UPDATE sessions SET trusted_browser_id = NULL")
        .execute(&all)
        .await
        .unwrap();
    assert_eq!(page(&browser, ACME).await.0, REFUSED);
}

/// Time goes by in which the browser is heard of.
async fn waits(office: &Office, browser: &Browser, time: TimeDelta) {
    office.house.clock.advance(time);
    assert_eq!(page(browser, "/account").await.0, OK);
}

#[actix_web::test]
async fn the_trust_of_a_browser_stands_for_the_days_of_the_stricter_and_not_a_moment_longer() {
    let office = Office::open().await;
    let browser = office.trusted().await;
    assert_eq!(takes(&office.owner, "acme", "60").await, OK);
    for _ in 0..14 {
        waits(&office, &browser, TimeDelta::days(2)).await;
    }
    office.by_mail(&browser).await;
    // Operators let it stand for thirty days.
    let minutes = TimeDelta::minutes(4);
    waits(&office, &browser, TimeDelta::days(2) - minutes).await;
    assert_eq!(page(&browser, ACME).await.0, OK);
    let tokens = office.tokens(&browser).await;
    assert_eq!(userinfo(&office.house, "acme", &tokens).await, OK);
    waits(&office, &browser, minutes).await;
    let (status, html) = page(&browser, ACME).await;
    assert_eq!(status, REFUSED);
    assert!(html.contains("/login/step-up"), "{html}");
    assert_eq!(userinfo(&office.house, "acme", &tokens).await, REFUSED);
    assert_eq!(office.renews(&tokens).await, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn the_platform_and_a_workspace_take_a_trusted_browser_for_the_shorter_of_their_days() {
    let office = Office::open().await;
    turn_on(&office.house, &office.olga).await;
    let browser = office.trusted().await;
    assert_eq!(takes(&office.owner, "acme", "7").await, OK);
    waits(&office, &browser, TimeDelta::days(2)).await;
    let tokens = office.tokens(&browser).await;
    // The platform asks for less time, and then for none.
    assert_eq!(platform_takes(&office.olga, "3").await, OK);
    assert_eq!(page(&browser, ACME).await.0, OK);
    assert_eq!(userinfo(&office.house, "acme", &tokens).await, OK);
    assert_eq!(platform_takes(&office.olga, "2").await, OK);
    assert_eq!(page(&browser, ACME).await.0, REFUSED);
    assert_eq!(userinfo(&office.house, "acme", &tokens).await, REFUSED);
    assert_eq!(platform_takes(&office.olga, "7").await, OK);
    assert_eq!(
        userinfo(&office.house, "acme", &tokens).await,
        OK,
        "it is taken back"
    );
}

#[actix_web::test]
async fn whoever_takes_trust_away_takes_it_from_sessions_and_apps_with_the_next_request_on_every_node() {
    for what in [
        "one",
        "all",
        "app",
        "off",
        "lowered",
        "operator",
        "everywhere",
        "disabled",
    ] {
        let office = Office::open().await;
        let browser = office.trusted().await;
        assert_eq!(takes(&office.owner, "acme", "7").await, OK, "{what}");
        let tokens = office.tokens(&browser).await;
        let there = office.house.another_node().await;
        let there = format!("{there}{ACME}");
        assert_eq!(page(&browser, &there).await.0, OK, "{what}");
        assert_eq!(userinfo(&office.house, "acme", &tokens).await, OK, "{what}");
        let id = id_of(&office.house, ADA).await;
        let done = match what {
            "one" => {
                let (_, html) = page(&office.ada, "/account/security").await;
                let form = [("trusted", hidden(&html, "trusted"))];
                call(&office.ada, "forget_browser", &form).await
            }
            "all" => call(&office.ada, "forget_browsers", &[]).await,
            "app" => {
                next_code(&office.house);
                turn_on(&office.house, &office.ada).await;
                OK
            }
            // Two factors are asked for: the last of them stays.
            "off" => {
                assert_eq!(call(&office.ada, "remove_totp", &[]).await, StatusCode::CONFLICT);
                call(&office.ada, "forget_browsers", &[]).await
            }
            "lowered" => settings(&office.olga, &[("trust_days", "0")]).await,
            "operator" => call(&office.olga, "end_user_sessions", &[("id", &id)]).await,
            "everywhere" => call(&office.ada, "sign_out_everywhere", &[]).await,
            _ => person(&office.olga, "disable", &id).await,
        };
        assert_eq!(done, OK, "{what}");
        // With the trust, or with the session itself.
        let ended = ["operator", "everywhere", "disabled"].contains(&what);
        let refused = if ended { StatusCode::FOUND } else { REFUSED };
        assert_eq!(page(&browser, &there).await.0, refused, "{what}");
        assert_eq!(page(&browser, ACME).await.0, refused, "{what}");
        assert_eq!(userinfo(&office.house, "acme", &tokens).await, REFUSED, "{what}");
        assert_eq!(office.renews(&tokens).await, StatusCode::BAD_REQUEST, "{what}");
    }
}

#[actix_web::test]
async fn nobody_asks_for_trust_that_their_own_browser_has_not() {
    let office = Office::open().await;
    let browser = office.trusted().await;
    // Her session has proved one factor.
    assert_eq!(takes(&browser, "acme", "0").await, StatusCode::CONFLICT);
    assert_eq!(takes(&browser, "acme", "7").await, OK);
    assert_eq!(takes(&office.owner, "acme", "7").await, OK);
    let plain = office.house.sign_in("owner@second.example").await;
    let form = [("name", "Second"), ("slug", "second")];
    assert_eq!(call(&plain, "create_workspace", &form).await, OK);
    assert_eq!(takes(&plain, "second", "90").await, StatusCode::CONFLICT);
}
