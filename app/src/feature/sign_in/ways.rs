//! The ways to sign in that count at a workspace.

use super::{MailForm, passkey::PasskeySignIn, passkey_api::RedeemPasskey, password::PasswordWay};
use crate::{
    feature::connections::{buttons, home, or},
    i18n::Locale,
    paths,
    server::context::{ctx, iam},
    text,
    ui::{form::FormError, told::failure},
};
use iam_types::{
    SignInMethod,
    view::{HomeView, SignInView, WhyAgain},
};
use leptos::prelude::*;

/// Whether passkeys sign in at the viewer's origin.
pub(super) fn has_passkeys() -> bool {
    iam().is_ok_and(|iam| ctx().is_ok_and(|ctx| iam.sign_in().signs_in_by_passkey(&ctx)))
}

/// Whether passwords are asked for at the viewer's origin.
fn has_passwords() -> bool {
    iam().is_ok_and(|iam| ctx().is_ok_and(|ctx| iam.sign_in().has_passwords(&ctx)))
}

/// Each way that counts, the usual one first; and what to do where none of them is here.
pub(super) fn ways(
    l: Locale,
    slug: &str,
    request: &str,
    view: &SignInView,
    led: Option<HomeView>,
) -> impl IntoView + use<> {
    let counts = |method| !view.refused.contains(method);
    let passkeys = counts(SignInMethod::Passkey) && has_passkeys();
    let led_on = led.is_some();
    let providers = counts(SignInMethod::Connection) && !view.connections.is_empty() && !led_on;
    let mail = counts(SignInMethod::Email);
    let passwords = counts(SignInMethod::Password) && has_passwords();
    let led = led.map(|led| (home(l, request, led), or(l)));
    let (slug, request) = (slug.to_owned(), request.to_owned());
    let by_mail = mail.then(|| {
        view! { <MailForm slug=slug.clone() request=request.clone() hint=view.login_hint.clone() passkeys=passkeys led_on=led_on /> }
    });
    let by_passkey = passkeys.then(|| {
        let refused = failure::<RedeemPasskey>();
        let alone = (!mail).then(|| view! { <FormError error=refused /> });
        view! {
            {(mail || providers).then(|| view! { <p class="or scripted">{text!(l, passkeys.or)}</p> })}
            {alone}
            <PasskeySignIn slug=slug.clone() request=request.clone() />
        }
    });
    let by_provider = providers.then(|| {
        let hint = (request.as_str(), view.login_hint.as_str());
        view! {
            {mail.then(|| or(l))}
            {buttons(l, &slug, hint, view.connections.clone(), !mail)}
        }
    });
    // Where no mail counts, a provider is the usual way.
    let (first, last) = if mail {
        (None, by_provider)
    } else {
        (by_provider, None)
    };
    let otherwise = (!mail && !passwords).then(|| {
        let workspace = view.brand.name.clone();
        let words = match (passkeys, providers) {
            (true, false) => text!(l, login.needs_passkey, workspace = workspace),
            (false, false) => text!(l, login.no_way, workspace = workspace),
            (_, true) => text!(l, login.no_mail, workspace = workspace),
        };
        let (set_up, how) = match view.why {
            Some(_) => (paths::SECURITY, text!(l, login.add_passkey_now)),
            None => (paths::LOGIN_AGAIN, text!(l, login.add_passkey)),
        };
        view! {
            <p class="hint">{words}</p>
            {passkeys.then(|| view! { <p class="hint"><a href=set_up>{how}</a></p> })}
        }
    });
    let by_password = view! { <PasswordWay slug=slug request=request shown=passwords /> };
    view! { {led} {first} {by_mail} {by_passkey} {last} {by_password} {otherwise} }
}

/// Why somebody who is signed in is asked again.
pub(super) fn why_again(l: Locale, why: WhyAgain, workspace: String) -> String {
    match why {
        WhyAgain::AnotherPerson => text!(l, login.why_person),
        WhyAgain::Method => text!(l, login.why_method, workspace = workspace),
        WhyAgain::Model => text!(l, login.why_model, workspace = workspace),
        WhyAgain::AnotherNetwork => text!(l, login.why_network, workspace = workspace),
        WhyAgain::Idle => text!(l, login.why_idle, workspace = workspace),
        WhyAgain::TooOld => text!(l, login.why_old),
    }
}
