//! Forms that turn to an authenticator.

use crate::{i18n, text};
use leptos::{nonce::use_nonce, prelude::*};

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
        <form method="post" action=to class="scripted" data-passkey=kind data-begin=begin
            data-cancelled=text!(l, passkeys.cancelled) data-known=text!(l, error.passkey_known)>
            <input type="hidden" name="challenge" />
            <input type="hidden" name="answer" />
            {children()}
            <p class="hint" role="status"></p>
        </form>
        <PasskeyScript />
    }
}

/// A field that says whether the browser has an authenticator of its own, so that somebody can be offered a passkey after the
/// form it stands in.
#[component]
pub fn CanHavePasskeys() -> impl IntoView {
    view! {
        <input type="hidden" name="passkeys" />
        <PasskeyScript />
    }
}

/// `passkey.js` without what it says to its readers.
#[component]
fn PasskeyScript() -> impl IntoView {
    let lines = include_str!("../server/passkey.js").lines();
    let code: Vec<_> = lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    view! { <script type="module" nonce=use_nonce()>{code.join("\n")}</script> }
}
