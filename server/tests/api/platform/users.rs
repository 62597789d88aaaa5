//! People, ceilings and health, as operators see and set them.

use crate::{
    harness::{Browser, Harness, location, token},
    members::{ALL_METHODS, call, id_of, joined, page},
    provider::{code, ready, redeem, refresh, userinfo},
};
use reqwest::StatusCode;

pub const OLGA: &str = "olga@operator.example";

pub async fn operator(house: &Harness) -> Browser {
    house.iam.platform().appoint_operator(OLGA).await.unwrap();
    house.sign_in(OLGA).await
}

pub async fn person(browser: &Browser, verb: &str, id: &str) -> StatusCode {
    call(browser, &format!("{verb}_user"), &[("id", id)]).await
}

pub async fn settings(browser: &Browser, change: &[(&'static str, &'static str)]) -> StatusCode {
    let mut form = vec![("creation", "everybody"), ("default_admission", "members")];
    for (name, value) in change {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    call(browser, "update_platform", &form).await
}

/// How old a sign-in may be in every workspace.
async fn ceiling(browser: &Browser, age: &str) -> StatusCode {
    let methods = ALL_METHODS.map(|method| ("methods[]", method));
    let form = [&[("sign_in_max_age", age)], methods.as_slice()].concat();
    call(browser, "update_platform_sign_in", &form).await
}

#[actix_web::test]
async fn a_disabled_person_is_out_everywhere_and_back_when_enabled() {
    let (house, owner, app) = ready("ES256").await;
    let olga = operator(&house).await;
    let ada = joined(&house, &owner, "ada@example.com", "member").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let unused = code(&ada, &app).await;
    let id = id_of(&house, "ada@example.com").await;
    let asked = house.browser();
    let mail = house.ask(&asked, "ada@example.com", "", "").await;
    assert_eq!(person(&olga, "disable", &id).await, StatusCode::OK);
    assert!(!ada.is_signed_in().await);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    let token_text = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, token_text).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(
        redeem(&house, "acme", &app, &unused).await.0,
        StatusCode::BAD_REQUEST
    );
    let form = [("token", token(&mail))];
    assert_eq!(call(&asked, "redeem_magic_link", &form).await, StatusCode::GONE);
    let (_, html) = page(&olga, &format!("/platform/people/{id}")).await;
    assert!(html.contains("This account is disabled") && html.contains("Acme"));
    assert_eq!(person(&olga, "enable", &id).await, StatusCode::OK);
    let ada = house.sign_in("ada@example.com").await;
    code(&ada, &app).await;
    assert_eq!(
        call(&olga, "end_user_sessions", &[("id", &id)]).await,
        StatusCode::OK
    );
    assert!(!ada.is_signed_in().await);
}

#[actix_web::test]
async fn operators_reach_no_mightier_operator_and_not_themselves() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    let invite = [
        ("slug", "platform"),
        ("addresses", "adam@operator.example audrey@operator.example"),
        ("role", "admin"),
    ];
    assert_eq!(call(&olga, "invite", &invite).await, StatusCode::OK);
    let mut browsers = Vec::new();
    // Mails of one moment leave together, in any order.
    let mails = [
        house.mails.take_invitation().await,
        house.mails.take_invitation().await,
    ];
    for email in ["adam@operator.example", "audrey@operator.example"] {
        let mail = mails.iter().find(|mail| mail.to == email).unwrap();
        let id = crate::harness::param(&mail.url, "invitation").unwrap();
        let browser = house.sign_in(email).await;
        assert_eq!(
            call(
                &browser,
                "accept_invitation",
                &[("slug", "platform"), ("id", &id)]
            )
            .await,
            StatusCode::OK
        );
        browsers.push(browser);
    }
    let [adam, audrey] = [&browsers[0], &browsers[1]];
    let audrey_id = id_of(&house, "audrey@operator.example").await;
    let demote = [
        ("slug", "platform"),
        ("id", audrey_id.as_str()),
        ("role", "auditor"),
    ];
    assert_eq!(call(&olga, "change_role", &demote).await, StatusCode::OK);
    let (olga_id, adam_id) = (
        id_of(&house, OLGA).await,
        id_of(&house, "adam@operator.example").await,
    );
    assert_eq!(person(adam, "disable", &olga_id).await, StatusCode::FORBIDDEN);
    assert_eq!(person(adam, "disable", &adam_id).await, StatusCode::FORBIDDEN);
    assert_eq!(page(audrey, "/platform/people").await.0, StatusCode::OK);
    for verb in ["disable", "enable"] {
        assert_eq!(person(audrey, verb, &adam_id).await, StatusCode::FORBIDDEN);
    }
    assert_eq!(person(adam, "disable", &audrey_id).await, StatusCode::OK);
    assert!(!audrey.is_signed_in().await);
    let nobody = "usr_01920000000070008000000000000042";
    assert_eq!(person(adam, "disable", nobody).await, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn people_come_in_pages_each_once_and_are_found_without_wildcards() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    let all = house.database.all_seeing().await.unwrap();
    for n in 0..120 {
        sqlx::query("WITH u AS (INSERT INTO users (id, created_at) VALUES (gen_random_uuid(), now()) RETURNING id)
             INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at) SELECT id, $1, true, now(), now() FROM u")
            .bind(format!("crowd_{n:03}@example.com"))
            .execute(&all)
            .await
            .unwrap();
    }
    let (mut seen, mut path) = (Vec::new(), Some("/platform/people?q=crowd".to_owned()));
    while let Some(next) = path {
        let (_, html) = page(&olga, &next).await;
        seen.extend(html.split(">crowd_").skip(1).map(|rest| rest[..3].to_owned()));
        path = crate::apps::app::next_page(&html);
    }
    assert_eq!(seen, (0..120).map(|n| format!("{n:03}")).collect::<Vec<_>>());
    for wild in ["%25", "crowd%5f0__", "*"] {
        let (_, html) = page(&olga, &format!("/platform/people?q={wild}")).await;
        assert!(html.contains("No people found"), "{wild}");
    }
}

#[actix_web::test]
async fn a_ceiling_holds_even_for_two_who_take_the_last_place_at_once() {
    let (house, owner, _) = ready("ES256").await;
    let olga = operator(&house).await;
    for bad in [
        ("members_ceiling", "0"),
        ("apps_ceiling", "-1"),
        ("members_ceiling", "many"),
        ("creation", "x"),
    ] {
        assert_eq!(
            settings(&olga, &[bad]).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{bad:?}"
        );
    }
    assert_eq!(
        settings(&olga, &[("members_ceiling", "2"), ("apps_ceiling", "1")]).await,
        StatusCode::OK
    );
    let open = [("slug", "acme"), ("name", "Acme"), ("admission", "open")];
    assert_eq!(call(&owner, "update_workspace", &open).await, StatusCode::OK);
    let (ada, ben) = (
        house.sign_in("ada@example.com").await,
        house.sign_in("ben@example.com").await,
    );
    let join_or_request = [("slug", "acme"), ("request", "")];
    let (one, two) = tokio::join!(
        call(&ada, "join_or_request", &join_or_request),
        call(&ben, "join_or_request", &join_or_request)
    );
    let mut both = [one, two];
    both.sort();
    assert_eq!(both, [StatusCode::OK, StatusCode::CONFLICT]);
    let form = [
        ("slug", "acme"),
        ("name", "x"),
        ("client_type", "public"),
        ("redirect_uris", "https://x.example/"),
        ("id_token_alg", "ES256"),
    ];
    assert_eq!(call(&owner, "register_app", &form).await, StatusCode::CONFLICT);
    // Without ceilings there is room again.
    assert_eq!(settings(&olga, &[]).await, StatusCode::OK);
    assert_eq!(call(&owner, "register_app", &form).await, StatusCode::OK);
    let late = if one == StatusCode::OK { &ben } else { &ada };
    assert_eq!(
        call(late, "join_or_request", &join_or_request).await,
        StatusCode::OK
    );
}

#[actix_web::test]
async fn what_the_platform_decides_counts_in_every_workspace() {
    let (house, owner, _) = ready("ES256").await;
    let olga = operator(&house).await;
    let change = [("default_admission", "requests")];
    assert_eq!(settings(&olga, &change).await, StatusCode::OK);
    assert_eq!(ceiling(&olga, "5").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ceiling(&olga, "3600").await, StatusCode::OK);
    let made = call(
        &owner,
        "create_workspace",
        &[("name", "Second"), ("slug", "second")],
    )
    .await;
    assert_eq!(made, StatusCode::OK);
    let stranger = house.sign_in("eve@example.com").await;
    assert_eq!(page(&stranger, "/w/second/ask").await.0, StatusCode::OK);
    assert_eq!(page(&stranger, "/w/acme/ask").await.0, StatusCode::NOT_FOUND);
    house.clock.advance(chrono::TimeDelta::seconds(3601));
    assert_eq!(
        page(&owner, "/w/acme/admin/apps").await.0,
        StatusCode::UNAUTHORIZED
    );
    let (status, html) = page(&house.sign_in(OLGA).await, "/platform/health").await;
    assert!(status == StatusCode::OK && html.contains("PostgreSQL"));
}

#[actix_web::test]
async fn picked_members_are_changed_all_or_none() {
    let (house, owner, app) = ready("ES256").await;
    let admin = joined(&house, &owner, "adam@example.com", "admin").await;
    let mut ids = Vec::new();
    for email in ["ada@example.com", "ben@example.com"] {
        joined(&house, &owner, email, "member").await;
        ids.push(id_of(&house, email).await);
    }
    let owner_id = id_of(&house, "owner@acme.example").await;
    let change = |browser: &Browser, picked: Vec<String>, what: &'static str, value: String| {
        let browser = browser.clone();
        async move {
            let mut form = vec![("slug", "acme"), ("change", what), ("value", value.as_str())];
            form.extend(picked.iter().map(|id| ("ids[]", id.as_str())));
            call(&browser, "change_members", &form).await
        }
    };
    let role = |name: &str| name.to_owned();
    let with_owner = [ids.clone(), vec![owner_id.clone()]].concat();
    let roles = || async {
        let all = house.database.all_seeing().await.unwrap();
        sqlx::query_scalar::<_, String>("SELECT m.role FROM memberships m JOIN workspace_directory d USING (workspace_id) WHERE d.slug = 'acme' ORDER BY m.address")
            .fetch_all(&all)
            .await
            .unwrap()
    };
    let before = roles().await;
    assert_eq!(
        change(&admin, with_owner.clone(), "role", role("auditor")).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        change(&admin, ids.clone(), "role", role("owner")).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        change(&owner, with_owner.clone(), "remove", String::new()).await,
        StatusCode::CONFLICT
    );
    assert_eq!(
        change(&owner, vec![], "remove", String::new()).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        change(&owner, vec![owner_id.clone(); 201], "role", role("admin")).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let unknown = [
        ids.clone(),
        vec!["usr_01920000000070008000000000000042".to_owned()],
    ]
    .concat();
    assert_eq!(
        change(&owner, unknown, "role", role("auditor")).await,
        StatusCode::NOT_FOUND
    );
    for (what, value) in [("role", "emperor"), ("promote", "")] {
        assert_eq!(
            change(&owner, ids.clone(), what, role(value)).await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(roles().await, before, "none of it happened");
    let picked = format!("/w/acme/admin/members/change?id={}&id={}", ids[0], ids[1]);
    let (_, html) = page(&admin, &picked).await;
    assert!(
        html.contains("2 members selected")
            && html.contains("ada@example.com")
            && !html.contains("value=\"owner\""),
        "{html}"
    );
    assert_eq!(
        change(&admin, ids.clone(), "role", role("auditor")).await,
        StatusCode::OK
    );
    assert_eq!(roles().await, ["auditor", "admin", "auditor", "owner"]);
    assert_eq!(
        call(&owner, "create_group", &[("slug", "acme"), ("name", "Berlin")]).await,
        StatusCode::OK
    );
    let all = house.database.all_seeing().await.unwrap();
    let group: uuid::Uuid = sqlx::query_scalar("SELECT id FROM groups")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(
        change(&admin, ids.clone(), "group", format!("grp_{}", group.simple())).await,
        StatusCode::OK
    );
    assert_eq!(
        change(
            &admin,
            ids.clone(),
            "group",
            role("grp_01920000000070008000000000000042")
        )
        .await,
        StatusCode::NOT_FOUND
    );
    let answer = owner
        .post(
            "/fn/change_members",
            &[
                ("slug", "acme"),
                ("change", "remove"),
                ("value", ""),
                ("ids[]", &ids[0]),
                ("ids[]", &ids[1]),
            ],
        )
        .await;
    assert_eq!(location(&answer), "/w/acme/admin/members");
    let (_, html) = page(&owner, "/w/acme/admin/members").await;
    assert!(html.contains("2 members updated"));
    assert_eq!(roles().await.len(), 2);
    // What an app may do for a member is ended by those who may, and no app of anybody else's.
    let (_, tokens) = redeem(&house, "acme", &app, &code(&admin, &app).await).await;
    let grant: uuid::Uuid = sqlx::query_scalar("SELECT id FROM token_grants")
        .fetch_one(&all)
        .await
        .unwrap();
    let grant = format!("grt_{}", grant.simple());
    let adam = id_of(&house, "adam@example.com").await;
    let end = |id: &str| {
        [
            ("slug", "acme".to_owned()),
            ("id", id.to_owned()),
            ("grant", grant.clone()),
        ]
    };
    let end_for = |browser: &Browser, id: &str| {
        let (browser, form) = (browser.clone(), end(id));
        async move {
            let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            call(&browser, "end_app_session", &form).await
        }
    };
    assert!(
        page(&owner, &format!("/w/acme/admin/members/{adam}"))
            .await
            .1
            .contains("Orders")
    );
    assert_eq!(end_for(&owner, &owner_id).await, StatusCode::NOT_FOUND);
    assert_eq!(end_for(&owner, &adam).await, StatusCode::OK);
    assert_eq!(
        refresh(&house, &app, tokens["refresh_token"].as_str().unwrap())
            .await
            .0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
}
