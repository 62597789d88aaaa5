//! Addresses as people paste them into forms, good ones and bad ones together.

use crate::{
    harness::{Harness, location},
    members::{call, joined, page},
};
use reqwest::StatusCode;

const INVITATIONS: &str = "/w/acme/admin/invitations";

#[actix_web::test]
async fn of_sixty_pasted_lines_the_good_are_invited_and_the_others_named_and_kept() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let mut lines: Vec<_> = (0..57).map(|n| format!("p{n}@example.com")).collect();
    lines.insert(20, "\"Lovelace, Ada\" <ada@example.com>".to_owned());
    lines.insert(30, "grace at example.com".to_owned());
    lines.insert(40, "owner@acme.example".to_owned());
    let list = lines.join("\r\n");
    let form = [("slug", "acme"), ("addresses", list.as_str()), ("role", "member")];
    let answer = owner.post_on(INVITATIONS, "/fn/invite", &form).await;
    assert_eq!(location(&answer), INVITATIONS);
    let (_, html) = page(&owner, INVITATIONS).await;
    for part in [
        "58 invitations sent",
        "<code>grace at example.com</code> Enter a valid email address",
        "<code>owner@acme.example</code> This person is already a member.",
        "\ngrace at example.com\nowner@acme.example</textarea>",
        "aria-invalid=\"true\"",
    ] {
        let html = html.replace("<!>", "").replace("<textarea", "\n<textarea");
        let html = html.replacen(">grace at example.com\n", ">\ngrace at example.com\n", 1);
        assert!(html.contains(part), "{part}: {html}");
    }
    let pool = house.database.all_seeing().await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM invitations")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(count, 58);
}

#[actix_web::test]
async fn a_group_takes_the_members_among_pasted_lines_and_names_the_others() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    joined(&house, &owner, "ada@example.com", "member").await;
    let made = owner
        .post("/fn/create_group", &[("slug", "acme"), ("name", "Berlin")])
        .await;
    let group = location(&made);
    let id = group.rsplit('/').next().unwrap();
    let add = |list: &'static str| [("slug", "acme"), ("id", id), ("addresses", list)];
    let stranger = add("eve@example.com");
    assert_eq!(
        call(&owner, "add_to_group", &stranger).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let answer = owner
        .post_on(
            &group,
            "/fn/add_to_group",
            &add("Ada <ada@example.com>\neve@example.com"),
        )
        .await;
    assert_eq!(location(&answer), group);
    let (_, html) = page(&owner, &group).await;
    let html = html.replace("<!>", "");
    for part in [
        "1 member added",
        "<code>eve@example.com</code> No member has this email address.",
        "eve@example.com</textarea>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[actix_web::test]
async fn an_address_may_be_pasted_into_the_sign_in_form_as_mail_programs_show_it() {
    let house = Harness::start().await;
    for pasted in [
        "\"Ada Lovelace\" <ada@example.com>",
        "mailto:ada@example.com?subject=Hi",
        "\u{feff}ada@example.com\u{200b}",
    ] {
        let mail = house.ask(&house.browser(), pasted, "", "").await;
        assert_eq!(mail.to, "ada@example.com", "{pasted:?}");
    }
    let guest = house.browser();
    let form = [("email", "ada at home"), ("slug", ""), ("request", "")];
    let answer = guest.post_on("/login", "/fn/request_magic_link", &form).await;
    let (_, html) = page(&guest, &location(&answer)).await;
    assert!(html.contains("value=\"ada at home\"") && html.contains("Enter a valid email address"));
}
