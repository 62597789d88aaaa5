//! Forms that turn to an authenticator.

use crate::{
    i18n::{self, Locale},
    text,
    ui::script::PageScript,
};
use iam_types::ErrorCode;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What turns to the authenticator.
const SCRIPT: &str = include_str!("../server/passkey.js");

/// What a form wants of an authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// That it says who somebody is.
    Get,
    /// That it makes a passkey.
    Add,
}

/// A form that sends what an authenticator answers. Without scripts there is no such form.
#[component]
pub fn PasskeyForm(
    /// What it wants.
    ceremony: Ceremony,
    /// Where it asks for what the authenticator is asked.
    begin: &'static str,
    /// Where the answer is sent.
    to: &'static str,
    /// Fields that go with both, and the button.
    children: Children,
) -> impl IntoView {
    let l = i18n::use_locale();
    let kind = match ceremony {
        Ceremony::Get => "get",
        Ceremony::Add => "add",
    };
    view! {
        <form method="post" action=to class="scripted" data-passkey=kind data-begin=begin data-words=words(l)>
            <input type="hidden" name="challenge" />
            <input type="hidden" name="answer" />
            {children()}
            <p class="hint" role="status"></p>
        </form>
        <PageScript source=SCRIPT />
    }
}

/// What the script says, as JSON: for each refusal of ours that can come before there is anything to send, and for what only the
/// browser knows.
fn words(l: Locale) -> String {
    let refusals = [
        ErrorCode::PasskeyKnown,
        ErrorCode::TooMany,
        ErrorCode::RateLimited,
        ErrorCode::SignInAgain,
        ErrorCode::SignInRequired,
        ErrorCode::AuthorizationExpired,
        ErrorCode::Unavailable,
    ];
    let refusals = refusals.map(|code| (code.as_str(), i18n::error_text(l, code)));
    let own = [
        ("cancelled", text!(l, passkeys.cancelled)),
        ("offline", text!(l, passkeys.offline)),
    ];
    let words: BTreeMap<_, _> = refusals.into_iter().chain(own).collect();
    serde_json::to_string(&words).unwrap_or_default()
}

/// A field that says whether the browser has an authenticator of its own, so that somebody can be offered a passkey after the
/// form it stands in.
#[component]
pub fn CanHavePasskeys() -> impl IntoView {
    view! {
        <input type="hidden" name="passkeys" />
        <PageScript source=SCRIPT />
    }
}
