//! Routes that are neither pages nor server functions: read from the source, so that none is forgotten.

use crate::isolation::fixtures::{Names, furnished, names, nothing, snapshot, undressed};
use crate::{
    harness::{Browser, CALLBACK, CHALLENGE, Harness},
    members::joined,
};
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, LOCATION, ORIGIN},
};
use std::{collections::BTreeSet, fs, path::Path};

/// A route, how it is asked, and with what.
type Plain = (
    &'static str,
    Method,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Routes that name something of a workspace.
fn scoped() -> Vec<Plain> {
    let authorize = "/w/{slug}/oauth/authorize?response_type=code&client_id={app}&redirect_uri={callback}&scope=openid\
                     &state=s&code_challenge={challenge}&code_challenge_method=S256";
    vec![
        (
            "/w/{slug}/admin/export",
            Method::POST,
            "/w/{slug}/admin/export",
            &[],
        ),
        (
            "/w/{slug}/continue",
            Method::GET,
            "/w/{slug}/continue?request={request}",
            &[],
        ),
        (
            "/w/{slug}/decide",
            Method::POST,
            "/w/{slug}/decide",
            &[("request", "{request}"), ("shown_to", "x"), ("decision", "allow")],
        ),
        ("/w/{slug}/logo/{id}", Method::GET, "/w/{slug}/logo/{logo}", &[]),
        ("/w/{slug}/oauth/authorize", Method::GET, authorize, &[]),
        (
            "/w/{slug}/oauth/token",
            Method::POST,
            "/w/{slug}/oauth/token",
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", "x"),
                ("client_id", "{app}"),
                ("client_secret", "roo_cs_x"),
            ],
        ),
        (
            "/w/{slug}/oauth/userinfo",
            Method::GET,
            "/w/{slug}/oauth/userinfo",
            &[],
        ),
    ]
}

/// Every plain route that can be followed, with what it takes to get somewhere.
pub fn plain_gets() -> impl Iterator<Item = String> {
    let scoped = scoped().into_iter().filter(|case| case.1 == Method::GET);
    let fill = |path: &str| {
        path.replace("{callback}", CALLBACK)
            .replace("{challenge}", CHALLENGE)
            .replace("{digits}", "336699")
            .replace("{name:.*}", "list_places")
    };
    scoped
        .map(|case| case.2)
        .chain(PUBLIC.iter().copied())
        .map(fill)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Routes that name nothing of a workspace, be it that they are of whoever asks, or what everybody may read: a workspace's public keys and what its issuer can.
const PUBLIC: &[&str] = &[
    "/.well-known/oauth-authorization-server/w/{slug}",
    "/.well-known/webauthn",
    "/account/data/export",
    "/account/picture",
    "/apple-touch-icon.png",
    "/brand/{digits}.css",
    "/favicon.ico",
    "/favicon.svg",
    "/fn/{name:.*}",
    "/healthz",
    "/language",
    "/metrics",
    "/pictures/{id}",
    "/pkg",
    "/readyz",
    "/w/{slug}/.well-known/openid-configuration",
    "/w/{slug}/login/apple",
    "/w/{slug}/login/connection",
    "/w/{slug}/oauth/jwks",
    "/{name}",
];

/// The upload of a logo is walked in `branding.rs`, since it sends a file. That of a person's picture is for everybody.
const ELSEWHERE: &[&str] = &["/w/{slug}/admin/branding/logo"];

/// Every route that the source mounts.
pub fn listed() -> BTreeSet<String> {
    let mut listed = BTreeSet::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        // The first text of a call that mounts something is where.
        for call in ["route(", "resource(", "scope("] {
            for rest in source.split(call).skip(1) {
                let list = rest.trim_start().strip_prefix('[');
                let end = if list.is_some() { ']' } else { ',' };
                let texts = rest.split(end).next().unwrap();
                listed.extend(
                    texts
                        .split('"')
                        .skip(1)
                        .step_by(2)
                        .filter(|text| text.starts_with('/'))
                        .map(str::to_owned),
                );
            }
        }
    }
    listed
}

#[test]
fn every_plain_route_has_a_case() {
    let walked: BTreeSet<String> = scoped()
        .iter()
        .map(|(route, ..)| *route)
        .chain(PUBLIC.iter().copied())
        .chain(ELSEWHERE.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(listed(), walked, "give each route a case in this file");
}

struct Objects {
    names: Names,
    logo: String,
}

impl Objects {
    fn fill(&self, text: &str) -> String {
        self.names
            .fill(text)
            .replace("{logo}", &self.logo)
            .replace("{callback}", CALLBACK)
            .replace("{challenge}", CHALLENGE)
    }
}

/// Status, where to and body, without what was asked for.
async fn ask(
    browser: &Browser,
    (_, method, path, form): &Plain,
    objects: &Objects,
) -> (StatusCode, String, String) {
    let mut request = browser
        .client
        .request(
            method.clone(),
            format!("{}{}", browser.origin, objects.fill(path)),
        )
        .header(ACCEPT, "text/html")
        .header(ORIGIN, &browser.origin);
    if *method == Method::POST {
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (*name, objects.fill(value)))
            .collect();
        request = request.form(&form);
    }
    let answer = request.send().await.unwrap();
    let target = answer
        .headers()
        .get(LOCATION)
        .map(|to| to.to_str().unwrap().to_owned());
    (
        answer.status(),
        target.unwrap_or_default(),
        answer.text().await.unwrap(),
    )
}

#[actix_web::test]
async fn a_plain_route_answers_for_another_workspaces_things_as_for_none() {
    let house = Harness::start().await;
    let (owner, objects) = furnished(&house).await;
    let pool = house.database.all_seeing().await.unwrap();
    let logo: uuid::Uuid = sqlx::query_scalar(
        "INSERT INTO workspace_logos (workspace_id, id, png, created_at)
         SELECT workspace_id, gen_random_uuid(), '\\x89', now() FROM workspace_directory WHERE slug = 'acme' RETURNING id",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let eve = house.owner_of("evil").await;
    let before = snapshot(&pool).await;
    let imagined = Objects {
        names: nothing("evil"),
        logo: "lgo_01920000000070008000000000000042".to_owned(),
    };
    let real = Objects {
        names: names("evil", &objects),
        logo: format!("lgo_{}", logo.simple()),
    };
    for case in scoped().iter().filter(|case| case.0 != "/w/{slug}/admin/export") {
        assert_eq!(
            ask(&eve, case, &real).await,
            ask(&eve, case, &imagined).await,
            "{}",
            case.0
        );
    }
    assert_eq!(snapshot(&pool).await, before, "nothing of acme changed");
    // What takes a right is refused alike at the workspace's own address and where there is none.
    let export = scoped()
        .into_iter()
        .find(|case| case.0.ends_with("/export"))
        .unwrap();
    let at = |slug: &str| Objects {
        names: names(slug, &objects),
        logo: String::new(),
    };
    let (real, imagined) = (
        ask(&eve, &export, &at("acme")).await,
        ask(&eve, &export, &at("no-such-place")).await,
    );
    assert_eq!((real.0, &real.1), (imagined.0, &imagined.1));
    assert_eq!(undressed(real.2), undressed(imagined.2));
    let member = joined(&house, &owner, "mia@example.com", "admin").await;
    assert_eq!(
        ask(&member, &export, &at("acme")).await.0,
        StatusCode::FORBIDDEN,
        "an admin takes nothing out"
    );
    let nobody = house.browser();
    assert_eq!(
        ask(&nobody, &export, &at("acme")).await.0,
        StatusCode::UNAUTHORIZED
    );
}
