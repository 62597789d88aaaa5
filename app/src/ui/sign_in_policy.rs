//! What is asked of a sign-in, as a form.

use crate::{
    i18n::{self, Locale},
    text,
    ui::form::{Checkbox, Field, TimeSelect},
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
    let choice = |secs| (secs, in_words(l, secs));
    let ages = ["3600", "28800", "86400", "604800"].map(choice);
    let ages = [("", text!(l, workspace.fresh_any))]
        .into_iter()
        .chain(ages)
        .collect();
    let idles = ["1800", "3600", "28800", "86400"].map(choice);
    let idles = [("", text!(l, workspace.idle_any))]
        .into_iter()
        .chain(idles)
        .collect();
    view! {
        <fieldset class="panel" disabled=disabled>
            <h2>{text!(l, workspace.sign_in)}</h2>
            <TimeSelect name="sign_in_max_age" offered=ages label=text!(l, workspace.fresh) hint=hint chosen=asks.max_age />
            <TimeSelect name="sign_in_max_idle" offered=idles label=text!(l, workspace.idle) hint=text!(l, workspace.idle_hint) chosen=asks.max_idle />
            <hr />
            <Checkbox name="two_factors" value="true" label=text!(l, workspace.two_factors) ticked=asks.two_factors />
            <p class="hint">{text!(l, workspace.two_factors_hint)}</p>
            <Field name="second_factor_days" label=text!(l, workspace.second_factor_days) hint=text!(l, workspace.second_factor_days_hint)
                value=asks.second_factor_days inputmode="numeric" optional=true />
            <hr />
            <Checkbox name="same[]" value="network" label=text!(l, workspace.same_network) ticked=asks.same_network />
            <p class="hint">{text!(l, workspace.same_network_hint)}</p>
            <Checkbox name="same[]" value="browser" label=text!(l, workspace.same_browser) ticked=asks.same_browser />
            <p class="hint">{text!(l, workspace.same_browser_hint)}</p>
            <hr />
            <fieldset>
                <legend>{text!(l, workspace.methods)}</legend>
                {methods}
            </fieldset>
            <button class="button">{text!(l, common.save)}</button>
        </fieldset>
    }
}

/// A time of those to choose from, in seconds, in words.
pub fn in_words(l: Locale, secs: &str) -> String {
    match secs {
        "1800" => text!(l, workspace.idle_half_hour),
        "28800" => text!(l, workspace.fresh_shift),
        "86400" => text!(l, workspace.fresh_day),
        "604800" => text!(l, workspace.fresh_week),
        _ => text!(l, workspace.fresh_hour),
    }
}

fn named(l: Locale, method: SignInMethod) -> String {
    match method {
        SignInMethod::Email => text!(l, workspace.method_email),
        SignInMethod::Passkey => text!(l, workspace.method_passkey),
        SignInMethod::Connection => text!(l, workspace.method_connection),
        SignInMethod::Password => text!(l, workspace.method_password),
    }
}
