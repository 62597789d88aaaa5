//! What is asked of a sign-in, as a form.

use crate::{
    i18n::{self, Locale},
    text,
    ui::form::{Checkbox, FreshSelect},
};
use iam_types::{SignInMethod, view::SignInPolicyView};
use leptos::prelude::*;

/// The fields, in a panel of their own.
#[component]
pub fn SignInPolicyFields(
    /// What is asked now.
    asks: SignInPolicyView,
    /// Where that counts.
    #[prop(into)]
    hint: String,
    /// Whether it stays as it is.
    disabled: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    let methods: Vec<_> = SignInMethod::ALL
        .into_iter()
        .map(|method| {
            let allowed = !asks.refused.contains(method);
            view! { <Checkbox name="methods[]" value=method.as_str() label=named(l, method) ticked=allowed /> }
        })
        .collect();
    view! {
        <fieldset class="panel" disabled=disabled>
            <h2>{text!(l, workspace.sign_in)}</h2>
            <FreshSelect name="sign_in_max_age" label=text!(l, workspace.fresh) hint=hint chosen=asks.max_age />
            <hr />
            <Checkbox name="two_factors" value="true" label=text!(l, workspace.two_factors) ticked=asks.two_factors />
            <p class="hint">{text!(l, workspace.two_factors_hint)}</p>
            <hr />
            <fieldset>
                <legend>{text!(l, workspace.methods)}</legend>
                {methods}
            </fieldset>
            <button class="button">{text!(l, common.save)}</button>
        </fieldset>
    }
}

fn named(l: Locale, method: SignInMethod) -> String {
    match method {
        SignInMethod::Email => text!(l, workspace.method_email),
        SignInMethod::Passkey => text!(l, workspace.method_passkey),
        SignInMethod::Connection => text!(l, workspace.method_connection),
    }
}
