//! Nobody sees another workspace's data: by the catalogue of the database, and by walking every route and server function.

mod caches;
pub mod cases;
mod catalogue;
pub mod fixtures;
pub mod pages;
pub mod plain;
mod runtime_role;
pub mod safe;
mod tenancy;
mod values;

pub use plain::listed as plain_routes;

use crate::harness::Harness;
use cases::{FOR_EVERYBODY, FOR_OPERATORS, SCOPED, UNSCOPED};
use fixtures::{call, furnished, names, nothing, page, snapshot, undressed};
use pages::{SCOPED_PAGES, UNSCOPED_PAGES};
use reqwest::StatusCode;
use std::collections::BTreeSet;

/// Server functions that forms are sent to.
pub fn forms() -> impl Iterator<Item = cases::Case> {
    let unscoped = UNSCOPED.iter().map(|name| (*name, &[][..]));
    SCOPED
        .iter()
        .copied()
        .chain(FOR_OPERATORS.iter().copied())
        .chain(unscoped)
        .filter(|(name, _)| *name != "list_places")
}

/// For cases that must find nothing.
pub fn names_of_nothing() -> fixtures::Names {
    nothing("no-such-place")
}

#[test]
fn every_route_and_server_function_has_a_case() {
    let listed: BTreeSet<String> = leptos::server_fn::actix::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned())
        .collect();
    let walked: BTreeSet<String> = SCOPED
        .iter()
        .map(|(name, _)| *name)
        .chain(UNSCOPED.iter().copied())
        .chain(FOR_OPERATORS.iter().map(|(name, _)| *name))
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, walked, "give each server function a case in this file");
    let listed: BTreeSet<String> = server::http::page_routes()
        .iter()
        .map(|route| route.path().replace('{', ":").replace('}', ""))
        .collect();
    let walked: BTreeSet<String> = SCOPED_PAGES
        .iter()
        .map(|(route, _)| *route)
        .chain(UNSCOPED_PAGES.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, walked, "give each page a case in this file");
}

#[actix_web::test]
async fn a_member_without_a_permission_is_refused_by_every_function_and_page() {
    let house = Harness::start().await;
    let (owner, objects) = furnished(&house).await;
    let member = crate::members::joined(&house, &owner, "mia@example.com", "member").await;
    let real = names("acme", &objects);
    let pool = house.database.all_seeing().await.unwrap();
    let before = snapshot(&pool).await;
    for case in SCOPED.iter().filter(|case| !FOR_EVERYBODY.contains(&case.0)) {
        let (status, _) = call(&member, *case, &real).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{}", case.0);
        let (status, _) = call(&house.browser(), *case, &real).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{}", case.0);
    }
    for (route, path) in SCOPED_PAGES.iter().filter(|(route, _)| route.contains("/admin/")) {
        let (status, _) = page(&member, path, &real).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{route}");
        let (status, _) = page(&house.browser(), path, &real).await;
        assert_eq!(status, StatusCode::FOUND, "{route}");
    }
    assert_eq!(snapshot(&pool).await, before, "nothing changed");
}

#[actix_web::test]
async fn what_belongs_to_another_workspace_answers_as_what_does_not_exist() {
    let house = Harness::start().await;
    let (owner, objects) = furnished(&house).await;
    let pool = house.database.all_seeing().await.unwrap();
    let eve = house.owner_of("evil").await;
    let before = snapshot(&pool).await;
    // Through the workspace's own address, and smuggled in through the attacker's.
    for (slug, imagined) in [("acme", "no-such-place"), ("evil", "evil")] {
        let real = names(slug, &objects);
        let imagined = nothing(imagined);
        for case in SCOPED {
            let names_an_object = case
                .1
                .iter()
                .any(|(_, value)| value.starts_with('{') && *value != "{slug}");
            if slug == "evil" && !names_an_object {
                continue;
            }
            assert_eq!(
                call(&eve, *case, &real).await,
                call(&eve, *case, &imagined).await,
                "{} through {slug}",
                case.0
            );
        }
        for (_, path) in SCOPED_PAGES {
            // A cursor of elsewhere shows the attacker's own list.
            if slug == "evil" && !path.contains("/{") && !path.contains("{request}") {
                continue;
            }
            if slug == "acme" && path.contains("{request}") {
                continue;
            }
            let (real, imagined) = (page(&eve, path, &real).await, page(&eve, path, &imagined).await);
            assert_eq!(real.0, imagined.0, "{path} through {slug}");
            let (real, imagined) = match real.0 {
                StatusCode::NOT_FOUND => (undressed(real.1), undressed(imagined.1)),
                _ => (real.1, imagined.1),
            };
            assert_eq!(real, imagined, "{path} through {slug}");
        }
    }
    for case in FOR_OPERATORS {
        let mine = names("evil", &objects);
        let (status, _) = call(&eve, *case, &mine).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{}", case.0);
    }
    for (route, path) in SCOPED_PAGES
        .iter()
        .filter(|(route, _)| route.starts_with("/platform"))
    {
        let (status, _) = page(&eve, path, &names("evil", &objects)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{route}");
    }
    assert_eq!(snapshot(&pool).await, before, "nothing of acme changed");
    assert!(owner.is_signed_in().await);
}
