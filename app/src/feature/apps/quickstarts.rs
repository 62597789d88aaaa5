//! How to connect an app, as complete programs with the app's own values.

use crate::AppError;
use iam_types::{ErrorCode, paths, view::AppView};
use minijinja::{Environment, Error, UndefinedBehavior, Value, context};
use std::borrow::Cow;
use url::{Position, Url};

/// A program that signs people in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quickstart {
    /// For the page's anchors.
    pub id: &'static str,
    /// What it is written with.
    pub name: &'static str,
    /// All of its files.
    pub code: String,
}

/// How a template quotes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// As most languages: `"`, with `\` before what would end it.
    Double,
    /// As shells: `'`, in which nothing means anything but the next one.
    Single,
}

struct Template {
    id: &'static str,
    name: &'static str,
    quotes: Quotes,
    /// Whether it runs where nobody can keep a secret, and only there.
    in_browsers: bool,
    text: &'static str,
}

impl Template {
    const fn server(id: &'static str, name: &'static str, text: &'static str) -> Self {
        Self {
            id,
            name,
            quotes: Quotes::Double,
            in_browsers: false,
            text,
        }
    }
}

const TEMPLATES: [Template; 8] = [
    Template {
        in_browsers: true,
        ..Template::server(
            "spa",
            "Browser (oidc-client-ts)",
            include_str!("quickstarts/spa.txt"),
        )
    },
    Template::server(
        "nextjs",
        "Next.js (Auth.js)",
        include_str!("quickstarts/nextjs.txt"),
    ),
    Template::server(
        "express",
        "Express (openid-client)",
        include_str!("quickstarts/express.txt"),
    ),
    Template::server(
        "spring",
        "Spring Security",
        include_str!("quickstarts/spring.txt"),
    ),
    Template::server(
        "django",
        "Django (Authlib)",
        include_str!("quickstarts/django.txt"),
    ),
    Template::server("go", "Go (go-oidc)", include_str!("quickstarts/go.txt")),
    Template::server(
        "rust",
        "Rust (openidconnect)",
        include_str!("quickstarts/rust.txt"),
    ),
    Template {
        quotes: Quotes::Single,
        ..Template::server("curl", "curl", include_str!("quickstarts/curl.txt"))
    },
];

/// What templates need to know of an app.
#[derive(Debug, Clone, Copy)]
struct Facts<'a> {
    issuer: &'a str,
    client_id: &'a str,
    redirect_uri: &'a str,
    alg: &'a str,
    confidential: bool,
}

/// The programs that fit an app.
///
/// # Errors
/// [`ErrorCode::Internal`] for a template of ours that cannot be filled.
pub fn quickstarts(view: &AppView) -> Result<Vec<Quickstart>, AppError> {
    let client_id = view.app.id.to_string();
    let facts = Facts {
        issuer: &view.issuer,
        client_id: &client_id,
        redirect_uri: view.redirect_uris.first().map(String::as_str).unwrap_or_default(),
        alg: &view.id_token_alg,
        confidential: view.app.client_type == "confidential",
    };
    programs(facts).map_err(|_| ErrorCode::Internal.into())
}

fn programs(facts: Facts<'_>) -> Result<Vec<Quickstart>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    TEMPLATES
        .iter()
        .filter(|template| !(template.in_browsers && facts.confidential))
        .map(|template| {
            Ok(Quickstart {
                id: template.id,
                name: template.name,
                code: environment.render_str(template.text, values(facts, template.quotes))?,
            })
        })
        .collect()
}

/// What a template may name, quoted for where it stands.
fn values(facts: Facts<'_>, quotes: Quotes) -> Value {
    let (origin, path) = parts(facts.redirect_uri);
    let quoted = |value: &str| quoted(value, quotes).into_owned();
    context! {
        issuer => quoted(facts.issuer),
        discovery => quoted(&paths::discovery(facts.issuer)),
        client_id => quoted(facts.client_id),
        redirect_uri => quoted(facts.redirect_uri),
        redirect_path => quoted(&path),
        redirect_route => quoted(path.trim_start_matches('/')),
        origin => quoted(&origin),
        confidential => facts.confidential,
        insecure => facts.issuer.starts_with("http:"),
        alg => facts.alg,
    }
}

fn quoted(value: &str, quotes: Quotes) -> Cow<'_, str> {
    match quotes {
        Quotes::Double if value.contains(['"', '\\']) => {
            Cow::Owned(value.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Quotes::Single if value.contains('\'') => Cow::Owned(value.replace('\'', "'\\''")),
        _ => Cow::Borrowed(value),
    }
}

/// Where a redirect URI leads: what stands before its path, and the path.
fn parts(redirect_uri: &str) -> (String, String) {
    match Url::parse(redirect_uri) {
        Ok(url) => (url[..Position::BeforePath].to_owned(), url.path().to_owned()),
        Err(_) => (String::new(), "/callback".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts<'static> = Facts {
        issuer: "https://id.example/w/acme",
        client_id: "app_0192",
        redirect_uri: "https://orders.example/callback",
        alg: "ES256",
        confidential: true,
    };

    fn all() -> Vec<(String, Quickstart)> {
        let mut all = Vec::new();
        for confidential in [true, false] {
            for alg in ["RS256", "ES256", "EdDSA"] {
                for issuer in [FACTS.issuer, "http://localhost:8080/w/acme"] {
                    for redirect_uri in [
                        FACTS.redirect_uri,
                        "http://localhost:3000/cb",
                        "com.example.app:/cb",
                    ] {
                        let facts = Facts {
                            issuer,
                            redirect_uri,
                            alg,
                            confidential,
                            ..FACTS
                        };
                        let case = format!("{facts:?}");
                        all.extend(
                            programs(facts)
                                .unwrap()
                                .into_iter()
                                .map(|program| (case.clone(), program)),
                        );
                    }
                }
            }
        }
        all
    }

    #[test]
    fn every_placeholder_is_filled() {
        for (case, program) in all() {
            assert!(
                !["{{", "}}", "{%", "%}"]
                    .iter()
                    .any(|mark| program.code.contains(mark)),
                "{} {case}",
                program.id
            );
        }
    }

    #[test]
    fn every_program_holds_the_app_and_keeps_what_protects_the_way_back() {
        for (case, Quickstart { id, code, .. }) in all() {
            let code = code.to_lowercase();
            for part in ["app_0192", "/w/acme", "state", "verifier", "roles"] {
                assert!(code.contains(part), "{id} lacks {part}: {case}");
            }
        }
    }

    #[test]
    fn a_public_app_reads_nothing_of_a_client_secret_and_a_confidential_one_always_does() {
        for (case, Quickstart { id, code, .. }) in all() {
            let code = code.to_lowercase();
            let spoken_of = ["client_secret", "client-secret", "clientsecret", "client secret"]
                .iter()
                .any(|words| code.contains(words));
            assert_eq!(spoken_of, case.contains("confidential: true"), "{id} {case}");
        }
    }

    #[test]
    fn only_a_public_app_is_shown_how_to_sign_in_from_a_browser() {
        let ids = |confidential| {
            let facts = Facts {
                confidential,
                ..FACTS
            };
            let programs = programs(facts).unwrap().into_iter();
            programs.map(|program| program.id).collect::<Vec<_>>()
        };
        assert_eq!(
            ids(true),
            ["nextjs", "express", "spring", "django", "go", "rust", "curl"]
        );
        assert_eq!(ids(false).len(), 8);
    }

    /// All others take what discovery lists.
    #[test]
    fn the_library_that_expects_rs256_is_told_of_another_algorithm() {
        for (alg, told) in [("ES256", true), ("RS256", false)] {
            let programs = programs(Facts { alg, ..FACTS }).unwrap();
            let spring = programs.iter().find(|program| program.id == "spring").unwrap();
            assert_eq!(spring.code.contains("SignatureAlgorithm.ES256"), told, "{alg}");
        }
    }

    #[test]
    fn a_value_stays_inside_its_quotes() {
        assert_eq!(quoted(r#"a"b\c"#, Quotes::Double), r#"a\"b\\c"#);
        assert_eq!(quoted("a'$(b)", Quotes::Single), r"a'\''$(b)");
        for (uri, origin, path) in [
            ("https://a.example", "https://a.example", "/"),
            ("https://a.example:8443/x/y?z=1", "https://a.example:8443", "/x/y"),
            ("com.example.app:/cb", "com.example.app:", "/cb"),
        ] {
            assert_eq!(parts(uri), (origin.to_owned(), path.to_owned()));
        }
    }
}
