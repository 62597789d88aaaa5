//! Models of authenticators: which are shown, and where they matter.

use crate::{
    external::{LOST, MAKERS, OTHER, SOUND, TWIN},
    harness::{Browser, Harness},
    members::{ALL_METHODS, asks, call, joined, page},
    provider::{code, redeem as tokens_of, refresh, userinfo},
    sign_in::passkeys::{ADA, add, begun, sign_in},
};
use chrono::TimeDelta;
use iam_testkit::{Attests, Authenticator, Authority, Says};
use reqwest::StatusCode;
use uuid::Uuid;

/// Decides which models count in the workspace: those of `kept` by their AAGUIDs, and one more.
async fn name(browser: &Browser, kept: &[Uuid], added: &str) -> StatusCode {
    let kept: Vec<String> = kept.iter().map(Uuid::to_string).collect();
    let mut form = vec![("slug", "acme"), ("added", added)];
    form.extend(kept.iter().map(|model| ("models[]", model.as_str())));
    call(browser, "set_models", &form).await
}

/// An authenticator that says it is of `model`.
fn authenticator(model: Uuid, attests: Attests) -> Authenticator {
    let mut authenticator = Authenticator::default();
    authenticator.aaguid = model.into_bytes();
    authenticator.attests = attests;
    authenticator
}

/// One that is of the model that is believed, and shows it.
fn sound() -> Authenticator {
    let attester = MAKERS.one.attester(Some(SOUND)).unwrap();
    authenticator(SOUND, Attests::By(attester))
}

/// Adds the passkey of an authenticator to somebody who is signed in.
async fn added(house: &Harness, browser: &Browser, key: &mut Authenticator) {
    assert_eq!(add(browser, key, &Says::default()).await, None);
    let _added = house.mails.take_warning().await;
}

async fn attested(house: &Harness, key: &Authenticator) -> bool {
    sqlx::query_scalar("SELECT attested FROM passkeys WHERE credential_id = $1")
        .bind(&key.credential_id)
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap()
}

/// What a new passkey of whoever is signed in is asked to show.
async fn asked(browser: &Browser) -> String {
    let (_, options) = begun(browser.call_json("begin_adding_passkey", &[]).await).await;
    options["attestation"].as_str().unwrap_or("none").to_owned()
}

async fn enters(browser: &Browser) -> bool {
    page(browser, "/w/acme/admin/members").await.0 == StatusCode::OK
}

#[actix_web::test]
async fn a_model_is_shown_by_the_chain_to_its_makers_root_and_by_nothing_else() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    assert_eq!(name(&owner, &[], "Testkey 5").await, StatusCode::OK);
    let foreign = Authority::new("One").unwrap();
    let by = |maker: &Authority, model: Option<Uuid>| Attests::By(maker.attester(model).unwrap());
    let no_authority = MAKERS.one.attester(Some(SOUND)).unwrap().vouching(TWIN).unwrap();
    let cases = [
        ("the right chain", SOUND, by(&MAKERS.one, Some(SOUND)), true),
        (
            "the only model of its maker",
            OTHER,
            by(&MAKERS.other, Some(OTHER)),
            true,
        ),
        ("a certificate of no model", OTHER, by(&MAKERS.other, None), false),
        (
            "an older key of the same maker that says to be of the model",
            SOUND,
            Attests::ByU2f(MAKERS.one.attester(None).unwrap()),
            false,
        ),
        (
            "one whose certificate even names the model, which its signature does not",
            SOUND,
            Attests::ByU2f(MAKERS.one.attester(Some(SOUND)).unwrap()),
            false,
        ),
        ("nothing", SOUND, Attests::Nothing, false),
        ("its own word", SOUND, Attests::Itself, false),
        (
            "a certificate of another model",
            SOUND,
            by(&MAKERS.one, Some(TWIN)),
            false,
        ),
        (
            "a certificate of no model, of a maker of several",
            SOUND,
            by(&MAKERS.one, None),
            false,
        ),
        ("a compromised model", LOST, by(&MAKERS.one, Some(LOST)), false),
        (
            "a foreign root of the same name",
            SOUND,
            by(&foreign, Some(SOUND)),
            false,
        ),
        (
            "the root of another maker",
            OTHER,
            by(&MAKERS.one, Some(OTHER)),
            false,
        ),
        (
            "a model that nobody knows",
            Uuid::from_u128(7),
            by(&MAKERS.one, Some(Uuid::from_u128(7))),
            false,
        ),
        (
            "an authenticator that vouches for another",
            TWIN,
            Attests::By(no_authority),
            false,
        ),
    ];
    for (what, model, attests, expected) in cases {
        let mut key = authenticator(model, attests);
        added(&house, &owner, &mut key).await;
        assert_eq!(attested(&house, &key).await, expected, "{what}");
    }
    // What is kept of them tells of no batch.
    let kept: Vec<String> = sqlx::query_scalar("SELECT credential::text FROM passkeys")
        .fetch_all(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert!(kept.iter().all(|credential| credential.len() < 1000), "{kept:?}");
    let shown = page(&owner, "/account/security").await.1;
    assert_eq!(shown.matches("Verified model").count(), 2, "{shown}");
}

#[actix_web::test]
async fn only_people_whose_models_matter_somewhere_are_asked_what_they_have() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    let (ada, stranger) = (
        joined(&house, &owner, ADA, "member").await,
        house.sign_in("stranger@example.com").await,
    );
    for browser in [&owner, &ada, &stranger] {
        assert_eq!(asked(browser).await, "none");
    }
    assert_eq!(name(&owner, &[], "Otherkey").await, StatusCode::OK);
    assert_eq!(asked(&ada).await, "direct");
    assert_eq!(asked(&stranger).await, "none");
    assert_eq!(name(&owner, &[], "").await, StatusCode::OK);
    assert_eq!(asked(&ada).await, "none");
    house
        .iam
        .platform()
        .appoint_operator("olga@example.com")
        .await
        .unwrap();
    let olga = house.sign_in("olga@example.com").await;
    let form = [("added", "Otherkey")];
    assert_eq!(call(&olga, "set_platform_models", &form).await, StatusCode::OK);
    assert_eq!(asked(&stranger).await, "direct");
}

#[actix_web::test]
async fn where_models_are_named_a_passkey_of_another_counts_as_none_and_a_mail_stays_what_it_was() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "ES256").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let mut plain = authenticator(SOUND, Attests::Nothing);
    added(&house, &ada, &mut plain).await;
    // Added before, though it could have shown what it is.
    let by_plain = house.browser();
    assert_eq!(sign_in(&by_plain, &mut plain, &Says::default()).await, None);
    assert!(enters(&by_plain).await);
    let (_, tokens) = tokens_of(&house, "acme", &app, &code(&by_plain, &app).await).await;
    assert_eq!(name(&owner, &[], "Testkey 5").await, StatusCode::OK);
    assert!(!enters(&by_plain).await);
    assert!(enters(&ada).await, "by mail");
    let login = page(&by_plain, "/w/acme/login").await.1;
    assert!(
        login.contains("with a passkey whose model Acme doesn’t accept"),
        "{login}"
    );
    // What an app got by it is dead with it, and lives again if that is taken back.
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::BAD_REQUEST);
    let check = page(&owner, &format!("/w/acme/admin/members/check?email={ADA}"))
        .await
        .1;
    assert!(
        check.contains("passkey whose model this workspace doesn’t accept"),
        "{check}"
    );

    let mut key = sound();
    added(&house, &ada, &mut key).await;
    let by_sound = house.browser();
    assert_eq!(sign_in(&by_sound, &mut key, &Says::default()).await, None);
    assert!(enters(&by_sound).await);
    let (_, sound_tokens) = tokens_of(&house, "acme", &app, &code(&by_sound, &app).await).await;
    assert_eq!(userinfo(&house, "acme", &sound_tokens).await, StatusCode::OK);
    // With passkeys alone, that one alone.
    let mut own = sound();
    added(&house, &owner, &mut own).await;
    assert_eq!(sign_in(&owner, &mut own, &Says::default()).await, None);
    assert_eq!(asks(&owner, "", false, &["passkey"]).await, StatusCode::OK);
    assert!(enters(&by_sound).await && !enters(&ada).await && !enters(&by_plain).await);
    assert_eq!(asks(&owner, "", false, &ALL_METHODS).await, StatusCode::OK);
    assert_eq!(name(&owner, &[], "").await, StatusCode::OK);
    assert!(enters(&by_plain).await);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
}

#[actix_web::test]
async fn nobody_names_models_that_their_own_passkey_is_not_of() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    let mut plain = authenticator(SOUND, Attests::Nothing);
    added(&house, &owner, &mut plain).await;
    assert_eq!(sign_in(&owner, &mut plain, &Says::default()).await, None);
    assert_eq!(name(&owner, &[], "Testkey 5").await, StatusCode::CONFLICT);
    let by_mail = house.sign_in("owner@acme.example").await;
    assert_eq!(name(&by_mail, &[], "Testkey 5").await, StatusCode::OK);
    house
        .iam
        .platform()
        .appoint_operator("owner@acme.example")
        .await
        .unwrap();
    let form = [("added", "Testkey 5")];
    assert_eq!(
        call(&owner, "set_platform_models", &form).await,
        StatusCode::CONFLICT
    );
    assert_eq!(call(&by_mail, "set_platform_models", &form).await, StatusCode::OK);
}

#[actix_web::test]
async fn models_are_named_by_who_may_from_what_is_believed_and_both_logs_tell() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    let member = joined(&house, &owner, ADA, "member").await;
    assert_eq!(name(&member, &[], "Testkey 5").await, StatusCode::FORBIDDEN);
    let stored = async || -> Vec<Uuid> {
        sqlx::query_scalar("SELECT passkey_models FROM workspaces w JOIN workspace_directory d ON d.workspace_id = w.id WHERE d.slug = 'acme'")
            .fetch_one(&house.database.all_seeing().await.unwrap())
            .await
            .unwrap()
    };
    let (lost, unknown) = (LOST.to_string(), Uuid::from_u128(9).to_string());
    for wrong in ["Testkey", "Testkey 4", &lost, &unknown, "\0"] {
        assert_eq!(
            name(&owner, &[], wrong).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong}"
        );
    }
    // What was not named cannot stay.
    assert_eq!(name(&owner, &[SOUND], "").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(name(&owner, &[], " testkey 5 ").await, StatusCode::OK);
    assert_eq!(stored().await, [SOUND, TWIN]);
    let settings = page(&owner, "/w/acme/admin/settings").await.1;
    assert!(
        settings.contains("Testkey 5 (7e57ab1e") && settings.contains("<option value=\"Otherkey\">"),
        "{settings}"
    );
    assert!(!settings.contains("Testkey 4"), "{settings}");
    assert_eq!(name(&owner, &[TWIN], &OTHER.to_string()).await, StatusCode::OK);
    assert_eq!(stored().await, [TWIN, OTHER]);
    // What else is asked of a sign-in leaves them alone.
    assert_eq!(asks(&owner, "3600", false, &ALL_METHODS).await, StatusCode::OK);
    assert_eq!(stored().await, [TWIN, OTHER]);
    assert_eq!(name(&owner, &[], "").await, StatusCode::OK);
    assert!(stored().await.is_empty());
    let told: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_events WHERE action = 'workspace.updated' AND detail ? 'passkey_models'",
    )
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    assert_eq!(told, 3);
}

#[actix_web::test]
async fn a_model_that_is_believed_no_more_takes_back_what_was_shown() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "ES256").await;
    assert_eq!(name(&owner, &[], "Testkey 5").await, StatusCode::OK);
    let ada = joined(&house, &owner, ADA, "admin").await;
    let mut key = sound();
    added(&house, &ada, &mut key).await;
    let browser = house.browser();
    assert_eq!(sign_in(&browser, &mut key, &Says::default()).await, None);
    let (_, tokens) = tokens_of(&house, "acme", &app, &code(&browser, &app).await).await;
    house.iam.sign_in().withdraw_models().await.unwrap();
    assert!(enters(&browser).await && attested(&house, &key).await);
    // As if the metadata of today said so of this one.
    let all = house.database.all_seeing().await.unwrap();
    for statement in [
        "UPDATE passkeys SET aaguid = '7e57ab1e-0000-4000-8000-000000000003'",
        "UPDATE sessions SET model = '7e57ab1e-0000-4000-8000-000000000003' WHERE model IS NOT NULL",
        "UPDATE token_grants SET model = '7e57ab1e-0000-4000-8000-000000000003' WHERE model IS NOT NULL",
        "UPDATE workspaces SET passkey_models = '{7e57ab1e-0000-4000-8000-000000000003}' WHERE passkey_models <> '{}'",
    ] {
        sqlx::query(statement).execute(&all).await.unwrap();
    }
    assert!(enters(&browser).await);
    house.iam.sign_in().withdraw_models().await.unwrap();
    assert!(!enters(&browser).await && !attested(&house, &key).await);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_session_that_a_node_of_the_version_before_renewed_shows_no_model() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    assert_eq!(name(&owner, &[], "Testkey 5").await, StatusCode::OK);
    let ada = joined(&house, &owner, ADA, "admin").await;
    let mut key = sound();
    added(&house, &ada, &mut key).await;
    let browser = house.browser();
    assert_eq!(sign_in(&browser, &mut key, &Says::default()).await, None);
    assert!(enters(&browser).await);
    house.clock.advance(TimeDelta::seconds(1));
    sqlx::query("UPDATE sessions SET authenticated_at = authenticated_at + interval '1 second' WHERE model IS NOT NULL")
        .execute(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert!(!enters(&browser).await);
}
