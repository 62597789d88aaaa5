//! A password, typed.

use crate::{i18n, islands::RevealButton, text};
use leptos::prelude::*;

/// What is typed into a field for passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// The one that there is.
    Current,
    /// One for the time to come.
    Chosen,
}

/// A field for a password: it may be pasted and kept by the browser, and nothing that was typed into it ever comes back.
#[component]
pub fn PasswordField(
    /// Which one it is.
    typing: Typing,
    /// Label.
    #[prop(into)]
    label: String,
    /// Explanation below the label.
    #[prop(into, optional)]
    hint: String,
    /// Whether the last failure is about it.
    #[prop(optional)]
    wrong: bool,
    /// Whether the page is about nothing else.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    let (autocomplete, shortest) = match typing {
        Typing::Current => ("current-password", None),
        Typing::Chosen => ("new-password", Some("8")),
    };
    let described = match (hint.is_empty(), wrong) {
        (false, true) => Some("password-hint form-error"),
        (false, false) => Some("password-hint"),
        (true, true) => Some("form-error"),
        (true, false) => None,
    };
    let invalid = wrong.then_some("true");
    view! {
        <div class="field">
            <label for="password">{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id="password-hint">{hint}</p> })}
            <div class="with-reveal">
                <input id="password" name="password" type="password" required autocomplete=autocomplete autocapitalize="none"
                    spellcheck="false" minlength=shortest aria-describedby=described aria-invalid=invalid
                    autofocus=first />
                <RevealButton field="password".to_owned() show=text!(l, password.show) hide=text!(l, password.hide) />
            </div>
        </div>
    }
}
