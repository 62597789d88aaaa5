//! What an app would get if the viewer signed in to it now.

use super::api::load_test_sign_in;
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        copy::CopyableCode,
        parts::{Notice, Tone},
        query::param,
    },
};
use iam_types::view::{SignInOutcome, TestClaims, TestSignInView};
use leptos::prelude::*;
use serde_json::Value;

/// The order in which claims are read; others come last.
const ORDER: [&str; 13] = [
    "sub",
    "email",
    "email_verified",
    "name",
    "preferred_username",
    "picture",
    "roles",
    "iss",
    "aud",
    "iat",
    "exp",
    "auth_time",
    "amr",
];

/// `/w/{slug}/admin/apps/{id}/test`
#[component]
pub fn TestSignInPage() -> impl IntoView {
    let (slug, id) = (param("slug"), param("id"));
    loaded(load_test_sign_in(slug, id), page)
}

fn page(view: TestSignInView) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let here = paths::app(&slug, view.app.id);
    let trail = vec![
        (paths::apps(&slug), text!(l, apps.title)),
        (here.clone(), view.app.name.clone()),
    ];
    let (tone, sentence) = outcome(l, view.outcome);
    let scopes: Vec<_> = view
        .scopes
        .into_iter()
        .map(|scope| view! { <li><code>{scope}</code></li> })
        .collect();
    view! {
        <AppLayout title=text!(l, apps.test) workspace=view.workspace width=Width::List trail=trail>
            <div class="heading">
                <h1>{text!(l, apps.test)}</h1>
                <a class="button quiet" href=here>{text!(l, apps.test_back)}</a>
            </div>
            <p class="lead">{text!(l, apps.test_lead, app = view.app.name, email = view.email)}</p>
            <Notice tone=tone news=true><p>{sentence}</p></Notice>
            {view.claims.map(|claims| claims_view(l, claims))}
            <section class="stack">
                <div>
                    <h2>{text!(l, apps.test_scopes)}</h2>
                    <p class="hint">{text!(l, apps.test_scopes_hint)}</p>
                </div>
                <ul class="chips">{scopes}</ul>
            </section>
        </AppLayout>
    }
}

fn outcome(l: Locale, outcome: SignInOutcome) -> (Tone, String) {
    match outcome {
        SignInOutcome::Allowed => (Tone::Good, text!(l, apps.test_allowed)),
        SignInOutcome::Consent => (Tone::Good, text!(l, apps.test_consent)),
        SignInOutcome::Joins => (Tone::Good, text!(l, apps.test_joins)),
        SignInOutcome::Ask => (Tone::Warn, text!(l, apps.test_ask)),
        SignInOutcome::NotMember => (Tone::Bad, text!(l, apps.test_not_member)),
        SignInOutcome::SignInAgain => (Tone::Warn, text!(l, apps.test_sign_in_again)),
        SignInOutcome::Disabled => (Tone::Bad, text!(l, apps.test_disabled)),
    }
}

fn claims_view(l: Locale, claims: TestClaims) -> impl IntoView {
    let TestClaims { id_token, userinfo } = claims;
    view! {
        {set(l, "id-token", text!(l, apps.test_id_token), text!(l, apps.test_id_token_hint), id_token)}
        {set(l, "userinfo", text!(l, apps.test_userinfo), text!(l, apps.test_userinfo_hint), userinfo)}
    }
}

/// One set of claims: a table for people, the object for programs.
fn set(l: Locale, id: &'static str, title: String, hint: String, json: String) -> impl IntoView {
    let rows: Vec<_> = in_order(&json)
        .into_iter()
        .map(|(name, value)| {
            let meaning = meaning(l, &name);
            view! {
                <tr>
                    <th scope="row"><code>{name}</code></th>
                    <td><code>{value}</code></td>
                    <td class="hint wide-only">{meaning}</td>
                </tr>
            }
        })
        .collect();
    let heading = format!("{id}-title");
    view! {
        <section class="stack" aria-labelledby=heading>
            <div>
                <h2 id=format!("{id}-title")>{title}</h2>
                <p class="hint">{hint}</p>
            </div>
            <div class="table-box">
                <table class="table claims">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, apps.claim)}</th>
                            <th scope="col">{text!(l, apps.claim_value)}</th>
                            <th scope="col" class="wide-only">{text!(l, apps.claim_meaning)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <details class="more">
                <summary>"JSON"</summary>
                <CopyableCode id=id.to_owned() label="JSON" code=json />
            </details>
        </section>
    }
}

/// The claims of an object, each with what it holds as people read it.
fn in_order(json: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(claims)) = serde_json::from_str(json) else {
        return Vec::new();
    };
    let mut claims: Vec<_> = claims.into_iter().collect();
    claims.sort_by_key(|(name, _)| {
        ORDER
            .iter()
            .position(|known| known == name)
            .unwrap_or(ORDER.len())
    });
    claims
        .into_iter()
        .map(|(name, value)| {
            let shown = shown(&name, &value);
            (name, shown)
        })
        .collect()
}

fn shown(name: &str, value: &Value) -> String {
    match (name, value) {
        ("iat" | "exp" | "auth_time", Value::Number(at)) => {
            format!(
                "{at} ({})",
                i18n::exact(at.as_i64().unwrap_or_default(), i18n::use_clock())
            )
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(values)) if values.is_empty() => "[]".to_owned(),
        (_, Value::Array(values)) => {
            let words = values
                .iter()
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            words.collect::<Vec<_>>().join(", ")
        }
        _ => value.to_string(),
    }
}

/// What a claim says (OpenID Connect Core 2, 5.1).
fn meaning(l: Locale, name: &str) -> String {
    match name {
        "iss" => text!(l, apps.claim_iss),
        "sub" => text!(l, apps.claim_sub),
        "aud" => text!(l, apps.claim_aud),
        "exp" => text!(l, apps.claim_exp),
        "iat" => text!(l, apps.claim_iat),
        "auth_time" => text!(l, apps.claim_auth_time),
        "amr" => text!(l, apps.claim_amr),
        "name" => text!(l, apps.claim_name),
        "preferred_username" => text!(l, apps.claim_username),
        "picture" => text!(l, apps.claim_picture),
        "email" => text!(l, apps.claim_email),
        "email_verified" => text!(l, apps.claim_email_verified),
        "roles" => text!(l, apps.claim_roles),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_in_an_order_that_makes_sense_and_none_is_lost() {
        let json = r#"{"aud":"app","new":7,"email":"ada@example.com","roles":["a","b"],"iat":0,"amr":[],"sub":"usr_1"}"#;
        let pairs = in_order(json);
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("sub", "usr_1"),
                ("email", "ada@example.com"),
                ("roles", "a, b"),
                ("aud", "app"),
                ("iat", "0 (1970-01-01 00:00 UTC)"),
                ("amr", "[]"),
                ("new", "7"),
            ]
        );
    }
}
