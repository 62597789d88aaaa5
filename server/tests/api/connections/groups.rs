//! Groups that a provider gives: what is mapped, to members, at each sign-in, as long as it says so.

use super::{House, begin_at, connect_as, prove, set_state};
use crate::{
    access::role::{add, give, group, role},
    harness::{Browser, location},
    members::{asks, call, joined, page},
};
use iam_testkit::Person;
use iam_types::GroupId;
use reqwest::StatusCode;
use serde_json::{Value, json};

pub(super) const ADA: &str = "ada@example.com";

/// A workspace with two groups, a provider, and a member who is linked there.
pub(super) struct Grouped {
    pub(super) house: House,
    pub(super) staff: String,
    pub(super) leads: String,
}

impl Grouped {
    pub(super) async fn new() -> Self {
        let house = House::new("members").await;
        joined(&house.house, &house.owner, ADA, "member").await;
        let browser = house.house.browser();
        house.arrives_at(&browser, &person(Value::Null)).await;
        prove(&house, &browser).await;
        let read = role(&house.house, &house.owner, "Reader", &["app:read"]).await;
        let staff = group(&house.house, &house.owner, "Staff", &[&read]).await;
        let leads = group(&house.house, &house.owner, "Leads", &[]).await;
        Self { house, staff, leads }
    }

    pub(super) async fn maps(&self, claim: &str, lines: &[(&str, &str)]) -> StatusCode {
        map(&self.house.owner, &self.house.id, claim, lines).await
    }

    /// Signs Ada in by the provider, which says `more` of her.
    pub(super) async fn comes(&self, more: Value) -> Browser {
        let browser = self.house.house.browser();
        let next = self.house.arrives_at(&browser, &person(more)).await;
        assert_eq!(next, "/w/acme/admin");
        browser
    }

    /// The groups that somebody is in.
    pub(super) async fn groups_of(&self, email: &str) -> Vec<String> {
        self.asks(
            "SELECT g.name FROM group_members m JOIN groups g ON g.id = m.group_id JOIN user_emails e USING (user_id)
             WHERE e.address = $1 ORDER BY 1",
            email,
        )
        .await
    }

    pub(super) async fn asks(&self, question: &'static str, about: &str) -> Vec<String> {
        let all = self.house.house.database.all_seeing().await.unwrap();
        sqlx::query_scalar(question)
            .bind(about)
            .fetch_all(&all)
            .await
            .unwrap()
    }

    /// Does what another version does, which knows nothing of all this.
    pub(super) async fn does(&self, statement: &'static str) {
        let all = self.house.house.database.all_seeing().await.unwrap();
        sqlx::query(statement).execute(&all).await.unwrap();
    }
}

pub(super) fn person(more: Value) -> Person {
    let mut person = Person::new("sub-ada", ADA);
    person.more = more;
    person
}

async fn map(browser: &Browser, id: &str, claim: &str, lines: &[(&str, &str)]) -> StatusCode {
    let mut form = vec![("slug", "acme"), ("id", id), ("claim", claim)];
    form.extend(lines.iter().map(|(value, _)| ("values[]", *value)));
    form.extend(lines.iter().map(|(_, group)| ("groups[]", *group)));
    call(browser, "map_connection_groups", &form).await
}

#[actix_web::test]
async fn at_each_sign_in_a_members_groups_are_what_the_provider_says_and_those_by_hand_stay() {
    let grouped = Grouped::new().await;
    let lines = [
        ("staff", grouped.staff.as_str()),
        ("lead", &grouped.leads),
        ("", ""),
    ];
    assert_eq!(grouped.maps("groups", &lines).await, StatusCode::OK);
    let browser = grouped.comes(json!({ "groups": ["staff", "other", 7] })).await;
    assert_eq!(grouped.groups_of(ADA).await, ["Staff"]);
    assert_eq!(page(&browser, "/w/acme/admin/apps").await.0, StatusCode::OK);
    // It is clear where that comes from.
    let ada = crate::members::id_of(&grouped.house.house, ADA).await;
    for place in [
        format!("/w/acme/admin/members/{ada}"),
        format!("/w/acme/admin/groups/{}", grouped.staff),
    ] {
        let (_, html) = page(&grouped.house.owner, &place).await;
        assert!(html.contains("From Harbour ID"), "{html}");
    }
    let (_, html) = page(&grouped.house.owner, &format!("/w/acme/admin/members/{ada}")).await;
    assert!(html.contains("Group Staff, from Harbour ID: Reader"), "{html}");
    assert!(
        html.contains("Harbour ID put ada@example.com into the group Staff"),
        "{html}"
    );
    // The same again changes nothing, one word is a list of one.
    grouped.comes(json!({ "groups": "staff" })).await;
    grouped.comes(json!({ "groups": "lead" })).await;
    assert_eq!(grouped.groups_of(ADA).await, ["Leads"]);
    let told = grouped
        .house
        .house
        .told(["group.member_added", "group.member_removed"])
        .await;
    assert_eq!(told, [2, 1]);
    assert_ne!(page(&browser, "/w/acme/admin/apps").await.0, StatusCode::OK);
    // Who was put into a group by hand stays in it, whatever a provider says before or after.
    assert_eq!(
        add(&grouped.house.owner, &grouped.leads, ADA).await,
        StatusCode::OK
    );
    assert_eq!(
        add(&grouped.house.owner, &grouped.staff, ADA).await,
        StatusCode::OK
    );
    grouped.comes(json!({ "groups": ["staff"] })).await;
    grouped.comes(json!({})).await;
    assert_eq!(grouped.groups_of(ADA).await, ["Leads", "Staff"]);
    // Inside of others, and of a name with dots.
    let lines = [("staff", grouped.staff.as_str())];
    let form = [
        ("slug", "acme"),
        ("id", grouped.staff.as_str()),
        ("member", ada.as_str()),
    ];
    assert_eq!(
        call(&grouped.house.owner, "remove_from_group", &form).await,
        StatusCode::OK
    );
    for (claim, says) in [
        ("realm.roles", json!({ "realm": { "roles": ["staff"] } })),
        (
            "https://acme.example/groups",
            json!({ "https://acme.example/groups": ["staff"] }),
        ),
    ] {
        assert_eq!(grouped.maps(claim, &lines).await, StatusCode::OK);
        assert_eq!(grouped.groups_of(ADA).await, ["Leads"], "another claim gave it");
        grouped.comes(says).await;
        assert_eq!(grouped.groups_of(ADA).await, ["Leads", "Staff"], "{claim}");
    }
}

#[actix_web::test]
async fn whoever_maps_a_group_holds_what_it_gives_and_an_owners_power_is_given_by_none() {
    let grouped = Grouped::new().await;
    let (house, owner) = (&grouped.house.house, &grouped.house.owner);
    let eve = joined(house, owner, "eve@example.com", "member").await;
    let connects = role(
        house,
        owner,
        "Connects",
        &["connection:read", "connection:update"],
    )
    .await;
    assert_eq!(
        give(house, owner, "eve@example.com", &[&connects]).await,
        StatusCode::OK
    );
    let lines = [("staff", grouped.staff.as_str())];
    let maps = async |lines: &[(&str, &str)]| map(&eve, &grouped.house.id, "groups", lines).await;
    assert_eq!(maps(&lines).await, StatusCode::FORBIDDEN);
    assert_eq!(
        maps(&[("lead", &grouped.leads)]).await,
        StatusCode::OK,
        "it holds nothing"
    );
    assert_eq!(grouped.maps("groups", &lines).await, StatusCode::OK);
    // Nor takes what they do not hold, be it by another claim, nor lets others come into it again.
    assert_eq!(maps(&[]).await, StatusCode::FORBIDDEN);
    assert_eq!(
        map(&eve, &grouped.house.id, "roles", &lines).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        set_state(&eve, &grouped.house.id, "disabled").await,
        StatusCode::OK
    );
    assert_eq!(
        set_state(&eve, &grouped.house.id, "enabled").await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        set_state(owner, &grouped.house.id, "enabled").await,
        StatusCode::OK
    );
    // What only owners may is given by no provider, also where a group came to hold it later.
    let mighty = role(house, owner, "Mighty", &["workspace:delete"]).await;
    let owners = group(house, owner, "Owners", &[&mighty]).await;
    let lines = [("boss", owners.as_str())];
    assert_eq!(
        grouped.maps("groups", &lines).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let lines = [("staff", grouped.staff.as_str()), ("lead", &grouped.leads)];
    assert_eq!(grouped.maps("groups", &lines).await, StatusCode::OK);
    let says = json!({ "groups": ["staff", "lead"] });
    grouped.comes(says.clone()).await;
    assert_eq!(grouped.groups_of(ADA).await, ["Leads", "Staff"]);
    assert_eq!(
        crate::access::role::carry(owner, &grouped.leads, &[&mighty]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(grouped.maps("groups", &lines[..1]).await, StatusCode::OK);
    assert_eq!(
        crate::access::role::carry(owner, &grouped.leads, &[&mighty]).await,
        StatusCode::OK
    );
    // A version before this one lets a mapped group become one.
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query("INSERT INTO connection_groups SELECT workspace_id, connection_id, 'lead', $1::uuid FROM connection_groups")
        .bind(grouped.leads.parse::<GroupId>().unwrap().uuid())
        .execute(&all)
        .await
        .unwrap();
    grouped.comes(says).await;
    assert_eq!(grouped.groups_of(ADA).await, ["Staff"]);
}

#[actix_web::test]
async fn who_is_no_member_gets_no_group_nor_does_anybody_where_providers_do_not_count() {
    let grouped = Grouped::new().await;
    let (house, owner) = (&grouped.house.house, &grouped.house.owner);
    let lines = [("staff", grouped.staff.as_str())];
    assert_eq!(grouped.maps("groups", &lines).await, StatusCode::OK);
    let says = json!({ "groups": ["staff"] });
    assert_eq!(asks(owner, "", false, &["email"]).await, StatusCode::OK);
    let browser = house.browser();
    grouped.house.arrives_at(&browser, &person(says.clone())).await;
    assert!(grouped.groups_of(ADA).await.is_empty());
    assert_eq!(
        asks(owner, "", false, &crate::members::ALL_METHODS).await,
        StatusCode::OK
    );
    grouped.comes(says.clone()).await;
    assert_eq!(grouped.groups_of(ADA).await, ["Staff"]);
    let ada = crate::members::id_of(house, ADA).await;
    let remove = [("slug", "acme"), ("id", ada.as_str())];
    assert_eq!(call(owner, "remove_member", &remove).await, StatusCode::OK);
    let browser = house.browser();
    grouped.house.arrives_at(&browser, &person(says)).await;
    assert!(grouped.groups_of(ADA).await.is_empty());
}

#[actix_web::test]
async fn a_mapping_is_checked_and_a_test_shows_what_it_would_give() {
    let grouped = Grouped::new().await;
    let (house, owner) = (&grouped.house.house, &grouped.house.owner);
    let staff = grouped.staff.as_str();
    for claim in ["sub", "iss", "aud.x", "a b", ""] {
        let refused = grouped.maps(claim, &[("staff", staff)]).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{claim}");
    }
    let long = "x".repeat(201);
    for line in [
        ("staff", ""),
        ("", staff),
        (long.as_str(), staff),
        ("staff", "nonsense"),
    ] {
        let refused = grouped.maps("groups", &[line]).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{line:?}");
    }
    let nowhere = "grp_01920000000070008000000000000042";
    assert_eq!(
        grouped.maps("groups", &[("staff", nowhere)]).await,
        StatusCode::NOT_FOUND
    );
    let values: Vec<_> = (0..101).map(|n| format!("value {n}")).collect();
    let mut many: Vec<_> = values.iter().map(|value| (value.as_str(), staff)).collect();
    assert_eq!(grouped.maps("groups", &many).await, StatusCode::CONFLICT);
    // A page of as many as there can be has empty lines, too.
    many.truncate(100);
    many.extend([("", ""); 3]);
    assert_eq!(grouped.maps("groups", &many).await, StatusCode::OK);
    // GitHub has no claims.
    let hub = connect_as(owner, "acme", ("github", ""), "Hub", "members").await;
    assert_eq!(map(owner, &hub, "groups", &[]).await, StatusCode::NOT_FOUND);
    assert_eq!(grouped.maps("groups", &[("staff", staff)]).await, StatusCode::OK);
    let (_, html) = page(owner, &format!("/w/acme/admin/connections/{}", grouped.house.id)).await;
    assert!(
        html.contains("value=\"staff\"") && html.contains("value=\"groups\""),
        "{html}"
    );
    for (says, shows) in [
        (json!({ "groups": ["staff"] }), "they’d be in: Staff"),
        (json!({ "groups": ["other"] }), "names no group"),
    ] {
        let form = [("connection", grouped.house.id.as_str()), ("test", "1")];
        let address = begin_at(owner, "/w/acme/login/connection", &form).await;
        let back = grouped.house.upstream.authorizes(&address, &person(says));
        let (_, html) = page(owner, &location(&owner.get(&back).await)).await;
        assert!(html.contains(shows), "{html}");
    }
    assert!(grouped.groups_of(ADA).await.is_empty(), "a test gives nothing");
    assert_eq!(house.told(["group.member_added"]).await, [0]);
}
