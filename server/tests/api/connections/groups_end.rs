//! How what a provider gave ends.

use super::{
    groups::{ADA, Grouped, person},
    prove, set_state,
};
use crate::members::call;
use reqwest::StatusCode;
use serde_json::json;

#[actix_web::test]
async fn whoever_is_not_welcome_any_more_is_in_no_group_that_the_provider_gave() {
    let grouped = Grouped::new().await;
    let lines = [("staff", grouped.staff.as_str())];
    assert_eq!(grouped.maps("groups", &lines).await, StatusCode::OK);
    let all = grouped.house.house.database.all_seeing().await.unwrap();
    for (tenants, expected) in [
        ("{one,two}", &[][..]),
        ("{one,two,three}", &["Staff"]),
        ("{three}", &[]),
        ("{}", &["Staff"]),
    ] {
        grouped.comes(json!({ "groups": ["staff"] })).await;
        assert_eq!(grouped.groups_of(ADA).await, ["Staff"]);
        sqlx::query("UPDATE connections SET tenants = $1::text::text[]")
            .bind(tenants)
            .execute(&all)
            .await
            .unwrap();
        assert_eq!(grouped.groups_of(ADA).await, expected, "{tenants}");
    }
}

#[actix_web::test]
async fn two_that_give_the_same_group_and_end_at_once_leave_nobody_in_it() {
    let grouped = Grouped::new().await;
    let lines = [("staff", grouped.staff.as_str()), ("lead", &grouped.staff)];
    assert_eq!(grouped.maps("groups", &lines).await, StatusCode::OK);
    grouped.comes(json!({ "groups": ["staff", "lead"] })).await;
    let all = grouped.house.house.database.all_seeing().await.unwrap();
    let end = async |value: &'static str, kept: bool| {
        let mut connection = all.acquire().await.unwrap();
        sqlx::query("BEGIN").execute(&mut *connection).await.unwrap();
        let ending = sqlx::query("DELETE FROM group_sources WHERE value = $1").bind(value);
        ending.execute(&mut *connection).await.unwrap();
        if kept {
            sqlx::query("SELECT pg_sleep(0.3)")
                .execute(&mut *connection)
                .await
                .unwrap();
        }
        sqlx::query("COMMIT").execute(&mut *connection).await.unwrap();
    };
    futures_util::future::join(end("staff", true), end("lead", true)).await;
    assert!(grouped.groups_of(ADA).await.is_empty());
}

#[actix_web::test]
async fn what_a_provider_gave_goes_with_the_line_the_link_and_the_provider() {
    let grouped = Grouped::new().await;
    let owner = &grouped.house.owner;
    let lines = [("staff", grouped.staff.as_str()), ("lead", &grouped.leads)];
    let says = json!({ "groups": ["staff", "lead"] });
    assert_eq!(grouped.maps("groups", &lines).await, StatusCode::OK);
    grouped.comes(says.clone()).await;
    assert_eq!(grouped.groups_of(ADA).await, ["Leads", "Staff"]);
    assert_eq!(grouped.maps("groups", &lines[..1]).await, StatusCode::OK);
    assert_eq!(grouped.groups_of(ADA).await, ["Staff"]);
    assert_eq!(
        set_state(owner, &grouped.house.id, "disabled").await,
        StatusCode::OK
    );
    assert!(grouped.groups_of(ADA).await.is_empty());
    assert_eq!(
        set_state(owner, &grouped.house.id, "enabled").await,
        StatusCode::OK
    );
    assert!(
        grouped.groups_of(ADA).await.is_empty(),
        "nothing comes back by itself"
    );
    let places = grouped
        .asks(
            "SELECT detail->>'groups' FROM audit_events WHERE action = $1",
            "connection.disabled",
        )
        .await;
    assert_eq!(places, ["1"]);
    // The version before shuts, unlinks and deletes, and puts people into groups.
    for statement in [
        "UPDATE connections SET disabled_at = now()",
        "DELETE FROM connection_identities",
    ] {
        grouped.comes(says.clone()).await;
        assert_eq!(grouped.groups_of(ADA).await, ["Staff"]);
        grouped.does(statement).await;
        assert!(grouped.groups_of(ADA).await.is_empty(), "{statement}");
        grouped.does("UPDATE connections SET disabled_at = NULL").await;
    }
    let browser = grouped.house.house.browser();
    grouped.house.arrives_at(&browser, &person(says.clone())).await;
    prove(&grouped.house, &browser).await;
    grouped.comes(says.clone()).await;
    grouped
        .does(
            "INSERT INTO group_members (workspace_id, group_id, user_id)
             SELECT g.workspace_id, g.id, i.user_id FROM groups g, connection_identities i WHERE g.name = 'Leads'",
        )
        .await;
    let delete = [
        ("slug", "acme"),
        ("id", grouped.house.id.as_str()),
        ("confirmation", "Harbour ID"),
    ];
    assert_eq!(call(owner, "delete_connection", &delete).await, StatusCode::OK);
    assert_eq!(grouped.groups_of(ADA).await, ["Leads"], "by hand");
}
