//! Requests that somebody waits for in vain.

use crate::{
    harness::{Harness, Ways},
    http::wire::once,
};
use iam_testkit::Database;
use leptos::prelude::{Owner, Resource};
use reqwest::StatusCode;
use server::http::{Patience, page_routes};
use std::{
    future::IntoFuture,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::time::timeout;

#[expect(clippy::disallowed_methods, reason = "the test is the other side of a race")]
#[actix_web::test]
async fn a_handler_that_does_not_end_is_our_fault_and_said_to_be() {
    let patience = Patience {
        connection: Duration::from_secs(1),
        ..Patience::default()
    };
    let ways = Ways {
        patience,
        ..Ways::default()
    };
    let house = Harness::start_on(Database::create().await.unwrap(), ways).await;
    let browser = house.sign_in("ada@example.com").await;
    let pool = house.database.all_seeing().await.unwrap();
    let mut other = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *other)
        .await
        .unwrap();
    let answer = browser.get("/account").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.headers().contains_key("content-security-policy"));
    assert!(answer.text().await.unwrap().contains("<h1"));
    other.rollback().await.unwrap();
    assert_eq!(browser.get("/account").await.status(), StatusCode::OK);
    // What its client does not send is not ours.
    let host = house.origin.trim_start_matches("http://");
    let half = format!(
        "POST /language HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 10\r\n\r\nx",
        house.origin
    );
    assert_eq!(once(&house, &half).await, "");
}

#[actix_web::test]
async fn what_pages_load_comes_while_another_server_of_the_process_starts() {
    page_routes();
    let ended = Arc::new(AtomicBool::new(false));
    let starts = thread::spawn({
        let ended = Arc::clone(&ended);
        move || {
            while !ended.load(Ordering::Relaxed) {
                page_routes();
            }
        }
    });
    let mut came = true;
    for _ in 0..200 {
        let owner = Owner::new();
        let loaded = owner.with(|| Resource::new(|| (), |()| async { 1 }));
        came &= timeout(Duration::from_secs(1), loaded.into_future())
            .await
            .is_ok();
        if !came {
            break;
        }
    }
    ended.store(true, Ordering::Relaxed);
    starts.join().unwrap();
    assert!(came, "a page would have waited for ever");
}
