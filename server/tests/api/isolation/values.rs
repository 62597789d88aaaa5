//! Values that no form of ours sends, in every parameter of every server function, page and plain route.

use super::{
    cases::{FOR_OPERATORS, SCOPED},
    fixtures::{furnished, names},
    pages::{SCOPED_PAGES, UNSCOPED_PAGES},
};
use crate::harness::Harness;
use reqwest::{
    StatusCode,
    header::{ACCEPT, CONTENT_TYPE, ORIGIN},
};

/// As they travel in a form or an address.
fn values() -> [String; 10] {
    [
        "%00".to_owned(),
        "a%00b".to_owned(),
        "%ff%fe".to_owned(),
        "%zz".to_owned(),
        "%".to_owned(),
        String::new(),
        "x".repeat(10_000),
        "-1".to_owned(),
        "99999999999999999999999999".to_owned(),
        "%F0%9F%92%A9'%22%3B--".to_owned(),
    ]
}

/// Functions whose parameters are no part of a workspace, with what they usually get.
const OTHERS: &[(&str, &[(&str, &str)])] = &[
    ("add_address", &[("address", "second@example.com")]),
    ("confirm_address", &[("token", "x")]),
    ("delete_account", &[("confirmation", "x")]),
    ("make_address_primary", &[("address", "second@example.com")]),
    (
        "redeem_password",
        &[
            ("form", "01920000-0000-7000-8000-000000000042"),
            ("proof", "x"),
            ("slug", "{slug}"),
            ("request", "{request}"),
            ("email", "ada@example.com"),
            ("password", "x"),
        ],
    ),
    (
        "set_password",
        &[("password", "x"), ("others", "true"), ("next", "/account")],
    ),
    ("remove_password", &[("others", "true")]),
    ("remove_address", &[("address", "second@example.com")]),
    (
        "restore_address",
        &[("removed", "adr_01920000000070008000000000000042"), ("key", "x")],
    ),
    (
        "set_preferences",
        &[("language", "de"), ("time_zone", "Europe/Berlin")],
    ),
    (
        "verify_address",
        &[
            ("challenge", "adc_01920000000070008000000000000042"),
            ("code", "123456"),
        ],
    ),
    ("create_workspace", &[("name", "Second"), ("slug", "second")]),
    ("redeem_code", &[("code", "123456")]),
    ("redeem_magic_link", &[("token", "x")]),
    (
        "request_magic_link",
        &[
            ("email", "ada@example.com"),
            ("slug", "{slug}"),
            ("request", "{request}"),
        ],
    ),
];

/// What pages read from their address.
const PARAMS: [&str; 9] = [
    "search",
    "before",
    "after",
    "request",
    "invitation",
    "id",
    "token",
    "saved",
    "refused",
];

fn sound(status: StatusCode) -> bool {
    !status.is_server_error()
}

#[actix_web::test]
async fn no_value_in_a_form_is_our_fault() {
    let house = Harness::start().await;
    let (owner, objects) = furnished(&house).await;
    house
        .iam
        .platform()
        .appoint_operator("owner@acme.example")
        .await
        .unwrap();
    let names = names("acme", &objects);
    let mut faults = Vec::new();
    for (name, form) in SCOPED.iter().chain(FOR_OPERATORS).chain(OTHERS) {
        for wrong in 0..form.len() {
            for value in values() {
                let pairs: Vec<String> = form
                    .iter()
                    .enumerate()
                    .map(|(place, (field, usual))| match place == wrong {
                        true => format!("{field}={value}"),
                        false => {
                            let mut pair = url::form_urlencoded::Serializer::new(String::new());
                            pair.append_pair(field, &names.fill(usual)).finish()
                        }
                    })
                    .collect();
                let request = owner
                    .client
                    .post(format!("{}/fn/{name}", owner.origin))
                    .header(ACCEPT, "application/json")
                    .header(ORIGIN, &owner.origin)
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(pairs.join("&"));
                let answer = request.send().await.unwrap();
                if !sound(answer.status()) {
                    let shown: String = value.chars().take(20).collect();
                    faults.push(format!(
                        "{name} {}={shown}: {}",
                        form[wrong].0,
                        answer.text().await.unwrap()
                    ));
                }
            }
        }
        // Missing and empty are values too.
        for body in ["", "&&&", "a=b", "slug", "slug[]=acme&slug[x]=acme"] {
            let request = owner
                .client
                .post(format!("{}/fn/{name}", owner.origin))
                .header(ACCEPT, "application/json")
                .header(ORIGIN, &owner.origin)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body);
            let answer = request.send().await.unwrap();
            if !sound(answer.status()) {
                faults.push(format!("{name} {body:?}: {}", answer.text().await.unwrap()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[actix_web::test]
async fn no_value_in_an_address_is_our_fault() {
    let house = Harness::start().await;
    let (owner, objects) = furnished(&house).await;
    house
        .iam
        .platform()
        .appoint_operator("owner@acme.example")
        .await
        .unwrap();
    let names = names("acme", &objects);
    let pages = SCOPED_PAGES
        .iter()
        .map(|(_, path)| names.fill(path))
        .chain(UNSCOPED_PAGES.iter().map(|path| path.replace(":slug", "acme")));
    let plain = super::plain::listed().into_iter().filter(|route| {
        !matches!(route.as_str(), "/metrics" | "/pkg" | "/{name}") && !route.starts_with("/fn/")
    });
    let values = || {
        ["%00", "a%00b", "%ff%fe", "%zz", "", "99999999999999999999999999"]
            .map(str::to_owned)
            .into_iter()
    };
    let mut faults = Vec::new();
    let mut look = async |path: String| {
        let status = owner.get(&path).await.status();
        if !sound(status) {
            faults.push(format!(
                "{}: {status}",
                path.chars().take(120).collect::<String>()
            ));
        }
    };
    for page in pages {
        let bare = page.split('?').next().unwrap().to_owned();
        for value in values() {
            for param in PARAMS {
                look(format!("{bare}?{param}={value}")).await;
            }
            // In place of the last part, and of the workspace.
            if let Some((before, _)) = bare.rsplit_once('/') {
                look(format!("{before}/{value}")).await;
            }
            look(bare.replacen("/acme", &format!("/{value}"), 1)).await;
        }
        look(format!("{bare}?search={}", "x".repeat(5_000))).await;
    }
    for route in plain {
        for value in values() {
            let path: String = route
                .split('/')
                .map(|part| match part.split_once('{') {
                    Some((before, rest)) => format!("{before}{value}{}", rest.split_once('}').unwrap().1),
                    None => part.to_owned(),
                })
                .collect::<Vec<_>>()
                .join("/");
            look(path.clone()).await;
            look(format!(
                "{path}?request={value}&client_id={value}&redirect_uri={value}"
            ))
            .await;
            let known = route.replace("{slug}", "acme").replace("{id}", &value);
            look(format!("{known}?request={value}")).await;
            look(format!(
                "{known}?client_id={}&redirect_uri={value}&state={value}&scope={value}&response_type=code",
                names.fill("{app}")
            ))
            .await;
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[actix_web::test]
async fn no_value_at_an_endpoint_is_our_fault() {
    let house = Harness::start().await;
    let (owner, objects) = furnished(&house).await;
    let app = names("acme", &objects).fill("{app}");
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("redirect_uri", crate::harness::CALLBACK),
        ("code_verifier", crate::harness::VERIFIER),
        ("client_id", &app),
        ("client_secret", "roo_cs_x"),
        ("refresh_token", "x"),
        ("token", "x"),
        ("scope", "openid"),
        ("state", "s"),
        ("nonce", "n"),
        ("prompt", "none"),
        ("max_age", "1"),
        ("response_type", "code"),
        ("code_challenge", crate::harness::CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let mut faults = Vec::new();
    for endpoint in ["token", "userinfo", "authorize", "revoke", "introspect"] {
        for grant in ["authorization_code", "refresh_token"] {
            for wrong in 0..fields.len() {
                for value in values() {
                    let pairs: Vec<String> = fields
                        .iter()
                        .enumerate()
                        .map(|(place, (field, usual))| match (place == wrong, *field) {
                            (true, _) => format!("{field}={value}"),
                            (false, "grant_type") => format!("grant_type={grant}"),
                            (false, _) => format!("{field}={usual}"),
                        })
                        .collect();
                    let request = owner
                        .client
                        .post(format!("{}/w/acme/oauth/{endpoint}", owner.origin))
                        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                        .body(pairs.join("&"));
                    let answer = request.send().await.unwrap();
                    if !sound(answer.status()) {
                        let shown: String = value.chars().take(20).collect();
                        faults.push(format!(
                            "{endpoint} {}={shown}: {}",
                            fields[wrong].0,
                            answer.status()
                        ));
                    }
                }
            }
        }
    }
    for credentials in ["AA==", "OgA=", "%%%", "", "AAAAADoAAAA="] {
        for endpoint in ["token", "userinfo", "revoke", "introspect"] {
            for scheme in ["Basic", "Bearer"] {
                let request = owner
                    .client
                    .post(format!("{}/w/acme/oauth/{endpoint}", owner.origin))
                    .header("authorization", format!("{scheme} {credentials}"))
                    .form(&[("grant_type", "refresh_token"), ("refresh_token", "x")]);
                let answer = request.send().await.unwrap();
                if !sound(answer.status()) {
                    faults.push(format!("{endpoint} {scheme} {credentials}: {}", answer.status()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
