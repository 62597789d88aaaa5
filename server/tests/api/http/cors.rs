//! What scripts of other sites may ask and read.

use crate::{domains::custom_domain::with_host, harness::Harness};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header::HeaderMap};

const OPEN: [&str; 6] = [
    "/w/acme/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server/w/acme",
    "/w/acme/oauth/jwks",
    "/w/acme/oauth/token",
    "/w/acme/oauth/revoke",
    "/w/acme/oauth/userinfo",
];

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

async fn from_elsewhere(request: RequestBuilder) -> Response {
    request
        .header("origin", "https://app.example")
        .send()
        .await
        .unwrap()
}

async fn preflight(house: &Harness, path: &str, headers: &str) -> Response {
    let request = Client::new()
        .request(Method::OPTIONS, format!("{}{path}", house.origin))
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", headers);
    from_elsewhere(request).await
}

#[actix_web::test]
async fn a_library_may_add_whatever_headers_it_likes() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let asked = "authorization,mcp-protocol-version,traceparent,x-requested-with";
    for path in OPEN {
        let answer = preflight(&house, path, asked).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{path}");
        let headers = answer.headers();
        assert_eq!(text(headers, "access-control-allow-origin"), "*", "{path}");
        assert_eq!(text(headers, "access-control-allow-headers"), asked, "{path}");
        assert!(text(headers, "access-control-allow-methods").contains("POST"));
        assert_eq!(text(headers, "access-control-max-age"), "86400");
        assert_eq!(text(headers, "vary"), "access-control-request-headers");
        assert_eq!(text(headers, "access-control-allow-credentials"), "");
    }
}

#[actix_web::test]
async fn what_knows_a_session_is_closed_to_other_sites() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    for path in [
        "/w/acme/oauth/authorize",
        "/w/acme/continue",
        "/w/acme/admin/export",
        "/fn/list_places",
    ] {
        let answer = preflight(&house, path, "x-requested-with").await;
        assert_eq!(
            text(answer.headers(), "access-control-allow-origin"),
            "",
            "{path}"
        );
        let answer = from_elsewhere(owner.client.get(format!("{}{path}", house.origin))).await;
        assert_eq!(
            text(answer.headers(), "access-control-allow-origin"),
            "",
            "{path}"
        );
    }
}

#[actix_web::test]
async fn a_script_can_read_why_it_was_refused() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let guest = with_host(&house, &owner).await;
    let get = |path: &str| house.browser().client.get(format!("{}{path}", house.origin));
    let post = |path: &str| house.browser().client.post(format!("{}{path}", house.origin));
    for (status, request) in [
        (401, get("/w/acme/oauth/userinfo")),
        (401, get("/w/acme/oauth/userinfo").bearer_auth("nonsense")),
        (404, get("/w/nobody/oauth/jwks")),
        (404, get("/w/nobody/.well-known/openid-configuration")),
        (405, get("/w/acme/oauth/token")),
        (401, post("/w/acme/oauth/token").form(&[("grant_type", "x")])),
        (413, post("/w/acme/oauth/token").body(vec![b'a'; 300 * 1024])),
        (
            404,
            guest.client.get(format!("{}/w/other/oauth/jwks", guest.origin)),
        ),
    ] {
        let answer = from_elsewhere(request).await;
        let said = format!("{} {}", answer.url(), answer.status());
        assert_eq!(answer.status(), status, "{said}");
        assert_eq!(
            text(answer.headers(), "access-control-allow-origin"),
            "*",
            "{said}"
        );
        let exposed = text(answer.headers(), "access-control-expose-headers");
        assert!(exposed.contains("www-authenticate"), "{said}");
    }
}
