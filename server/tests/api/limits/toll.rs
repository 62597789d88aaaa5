//! Where too many ask, a browser that works for it still may, and a flood pays dearly.

use super::{TOO_MANY, browser_from};
use crate::harness::{Browser, Harness, location};
use iam_testkit::work;

const NETWORK: &str = "203.0.113.9";

/// Sends the form of the login page; gives where that leads, and what the page there asks of the browser.
async fn ask(browser: &Browser, email: &str, toll: &str) -> (String, Option<String>) {
    let form = [("email", email), ("slug", ""), ("request", ""), ("toll", toll)];
    let answer = browser.post_on("/login", "/fn/request_magic_link", &form).await;
    let next = location(&answer);
    let html = browser.get(&next).await.text().await.unwrap();
    let asked = html
        .split_once("data-toll=\"")
        .and_then(|(_, rest)| rest.split('"').next())
        .map(str::to_owned);
    (next, asked)
}

fn is_sent((next, _): &(String, Option<String>)) -> bool {
    next.starts_with("/login/sent?")
}

/// Spends what a network may ask for.
async fn crowd(house: &Harness) {
    let crowd = browser_from(house, NETWORK);
    for n in 0..60 {
        assert!(
            is_sent(&ask(&crowd, &format!("p{n}@example.com"), "").await),
            "{n}"
        );
    }
}

#[actix_web::test]
async fn whoever_shares_a_network_with_a_crowd_works_once_for_each_mail() {
    let house = Harness::start().await;
    crowd(&house).await;
    let browser = browser_from(&house, NETWORK);
    let refused = ask(&browser, "ada@example.com", "").await;
    assert!(!is_sent(&refused), "{refused:?}");
    let asked = refused.1.unwrap();
    let lazy = format!("{asked}.x");
    assert!(!is_sent(&ask(&browser, "ada@example.com", &lazy).await));
    let answer = work(&asked);
    assert!(is_sent(&ask(&browser, "ada@example.com", &answer).await));
    // It is worth one mail, on every node that counts with this one.
    let again = ask(&browser, "ben@example.com", &answer).await;
    assert!(!is_sent(&again) && again.1.is_some(), "{again:?}");
    // Nothing is asked of those who are not in the crowd.
    let elsewhere = ask(&browser_from(&house, "198.51.100.1"), "eve@example.com", "").await;
    assert!(is_sent(&elsewhere) && elsewhere.1.is_none());
}

#[actix_web::test]
async fn work_floods_nobody() {
    let house = Harness::start().await;
    crowd(&house).await;
    let browser = browser_from(&house, NETWORK);
    let mut asked = ask(&browser, "victim@example.com", "").await.1.unwrap();
    for n in 0..6 {
        let answer = ask(&browser, "victim@example.com", &work(&asked)).await;
        assert_eq!(is_sent(&answer), n < 5, "{n}");
        let other = ask(&browser, "somebody@example.com", "").await;
        asked = other.1.unwrap();
    }
    // A program is told that it is too much, as before.
    let form = [("email", "x@example.com"), ("slug", ""), ("request", "")];
    let answer = browser.call_json("request_magic_link", &form).await;
    assert_eq!(answer.status(), TOO_MANY);
    assert!(answer.headers().contains_key("retry-after"));
}
