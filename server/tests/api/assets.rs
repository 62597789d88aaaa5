//! What the browser loads beside pages.

use super::house::House;
use reqwest::{StatusCode, header::CONTENT_TYPE};

#[actix_web::test]
async fn only_our_own_files_are_served_each_with_its_type() {
    let browser = House::start().await.browser();
    for (name, media_type) in [
        ("rooiam.js", "text/javascript; charset=utf-8"),
        ("rooiam.css", "text/css; charset=utf-8"),
        ("rooiam.wasm", "application/wasm"),
    ] {
        let answer = browser.get(&format!("/pkg/{name}")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}: is target/site built?");
        assert_eq!(answer.headers()[CONTENT_TYPE], media_type);
        assert_eq!(answer.headers()["vary"], "accept-encoding");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
    for name in ["", "rooiam.css.br", "..%2f..%2f..%2fCargo.toml", "x.js"] {
        let answer = browser.get(&format!("/pkg/{name}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
    }
}
