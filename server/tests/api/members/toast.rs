//! What was done is said on the page that follows, once.

use crate::{
    harness::{Harness, location},
    members::{id_of, joined, page},
};

#[actix_web::test]
async fn whoever_removes_a_member_or_leaves_is_told_so_once() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    joined(&house, &owner, "max@acme.example", "member").await;
    let mia = joined(&house, &owner, "mia@acme.example", "member").await;
    let id = id_of(&house, "max@acme.example").await;
    let gone = owner
        .post_on(
            "/w/acme/admin/members",
            "/fn/remove_member",
            &[("slug", "acme"), ("id", &id)],
        )
        .await;
    for (browser, answer, told) in [
        (&owner, gone, "Member removed"),
        (
            &mia,
            mia.post_on("/workspaces", "/fn/leave_workspace", &[("slug", "acme")])
                .await,
            "You left the workspace",
        ),
    ] {
        let next = location(&answer);
        assert!(page(browser, &next).await.1.contains(told), "{next}");
        assert!(!page(browser, &next).await.1.contains(told), "{next}");
    }
}
