//! Pages of sign-in.

use super::api::{
    LoginView, RedeemCode, RedeemMagicLink, RequestMagicLink, SentView, VerifyView, inspect_magic_link,
    load_awaited, load_login, load_sign_in,
};
use super::{
    passkey::PasskeySignIn,
    passkey_api::RedeemPasskey,
    password::PasswordWay,
    ways::{has_passkeys, ways, why_again},
};
use crate::{
    feature::connections::{At, buttons, home, or, refused_connection},
    i18n::{self, Locale},
    islands::{CodeEntry, Resend, SECONDS},
    layout::{CardLayout, branded, staged},
    paths, text,
    ui::{
        form::{Field, FormError, PostForm, first_of},
        parts::{Notice, Tone},
        passkey::CanHavePasskeys,
        query::{asked, param},
        told::{concerns, failure},
        toll::Toll,
    },
};
use iam_types::{
    ErrorCode, SignInMethod, Slug,
    view::{Brand, HomeView, SignInView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Six digits, and the space that some put in the middle when they copy them. The server takes the digits.
const CODE_AS_PASTED: u32 = 7;

/// `/login`
#[component]
pub fn LoginPage() -> impl IntoView {
    let l = i18n::use_locale();
    let page = load_login(asked("again"));
    let passkeys = has_passkeys();
    let render = move |view: LoginView| {
        let led_on = view.led.is_some();
        let at = At {
            slug: "",
            request: "",
            hint: "",
        };
        let providers = view.connections;
        let providers = (!led_on && !providers.is_empty())
            .then(|| (or(l), buttons(l, &Slug::platform(), at, providers, false)));
        view! {
            <CardLayout title=text!(l, login.title)>
                <h1>{text!(l, login.title)}</h1>
                {(!led_on).then(|| view! { <p>{text!(l, login.lead)}</p> })}
                <FormError error=refused_connection("") />
                {view.led.map(|led| (home(l, "", led), or(l)))}
                <MailForm slug="" request="" hint="" passkeys=passkeys led_on=led_on />
                {passkeys.then(|| view! {
                    <p class="or scripted">{text!(l, passkeys.or)}</p>
                    <PasskeySignIn slug="" request="" />
                })}
                {providers}
                <PasswordWay slug="" request="" shown=view.passwords />
            </CardLayout>
        }
    };
    staged(page, render)
}

/// `/w/{slug}/login`
#[component]
pub fn WorkspaceLoginPage() -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, request) = (param("slug"), asked("request"));
    let view = load_sign_in(slug.clone(), request.clone(), asked("again"));
    let render = move |(view, led): (SignInView, Option<HomeView>)| {
        let title = text!(l, login.to_workspace, workspace = view.brand.name.clone());
        let words = view.brand.login_text.clone();
        let name = view.brand.name.clone();
        let by_mail = led.is_none() && !view.refused.contains(SignInMethod::Email);
        let why = view
            .why
            .map(|why| view! { <Notice tone=Tone::Warn>{why_again(l, why, name)}</Notice> });
        let ways = ways(l, &slug, &request, &view, led);
        view! {
            <CardLayout title=text!(l, login.title) brand=view.brand>
                <h1>{title}</h1>
                {(!words.is_empty()).then(|| view! { <p class="login-text">{words}</p> })}
                {why}
                {match view.app {
                    Some(app) => Some(text!(l, login.for_app, app = app)),
                    None => by_mail.then(|| text!(l, login.lead)),
                }.map(|lead| view! { <p>{lead}</p> })}
                <FormError error=refused_connection(&slug) />
                {ways}
            </CardLayout>
        }
    };
    staged(view, render)
}

/// Asks for a sign-in mail.
#[component]
pub fn MailForm(
    /// The workspace, empty for the platform.
    #[prop(into)]
    slug: String,
    /// The app's request, empty without one.
    #[prop(into)]
    request: String,
    /// Address to prefill.
    #[prop(into)]
    hint: String,
    /// Whether the browser may offer a passkey in its place.
    passkeys: bool,
    /// Whether it was said that the address leads to a provider: whoever asks once more wants a mail.
    #[prop(optional)]
    led_on: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    let class = if led_on { "button quiet" } else { "button" };
    let completes = if passkeys { "username webauthn" } else { "username" };
    let error = first_of([failure::<RequestMagicLink>(), failure::<RedeemPasskey>()])
        .filter(|error| !led_on || *error != ErrorCode::SignInByConnection);
    let crowded = crowded(error);
    view! {
        <FormError error=error />
        <PostForm to=RequestMagicLink::url()>
            {crowded}
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="request" value=request />
            {led_on.then(|| view! { <input type="hidden" name="by_mail" value="1" /> })}
            <Field name="email" label=text!(l, common.email) autocomplete=completes inputmode="email" value=hint first=!led_on
                wrong=concerns(error, &[ErrorCode::InvalidEmail]) />
            <button class=class>{text!(l, login.submit)}</button>
        </PostForm>
    }
}

/// Where too many ask: what lets this browser ask all the same.
fn crowded(error: Option<ErrorCode>) -> Option<impl IntoView> {
    (error == Some(ErrorCode::RateLimited)).then(|| view! { <Toll /> })
}

/// `/login/sent?challenge={id}`
#[component]
pub fn SentPage() -> impl IntoView {
    let l = i18n::use_locale();
    let awaited = load_awaited(asked("challenge"));
    let error = failure::<RedeemCode>();
    let render = move |view: Option<SentView>, brand: Option<Brand>| {
        let content = match view {
            Some(SentView {
                address,
                retry,
                undelivered: true,
                ..
            }) => view! {
                <h1>{text!(l, login.undelivered)}</h1>
                <p>{text!(l, login.undelivered_lead, email = address)}</p>
                <p><a class="button" href=retry>{text!(l, login.again)}</a></p>
            }
            .into_any(),
            Some(view) => waiting(l, view, error).into_any(),
            None => view! {
                <h1>{text!(l, login.sent_gone)}</h1>
                <FormError error=error />
                <p><a class="button" href=paths::LOGIN>{text!(l, login.start_over)}</a></p>
            }
            .into_any(),
        };
        view! { <CardLayout title=text!(l, login.sent_title) brand=brand>{content}</CardLayout> }
    };
    branded(String::new(), awaited, render)
}

fn waiting(l: Locale, view: SentView, error: Option<ErrorCode>) -> impl IntoView {
    let again = failure::<RequestMagicLink>();
    let wait = text!(l, login.resend_in, seconds = SECONDS);
    let crowded = crowded(again);
    view! {
        <h1>{text!(l, login.sent_title)}</h1>
        <p>{text!(l, login.sent_lead, email = view.address.clone())}</p>
        {(!view.linking.is_empty()).then(|| view! { <p>{text!(l, connections.prove, name = view.linking)}</p> })}
        <FormError error=first_of([error, again]) />
        <form method="post" action=RedeemCode::url()>
            <input type="hidden" name="challenge" value=view.challenge />
            <Field name="code" label=text!(l, login.code) hint=text!(l, login.code_hint) autocomplete="one-time-code" inputmode="numeric"
                maxlength=CODE_AS_PASTED first=true wrong=concerns(error, &[ErrorCode::CodeWrong, ErrorCode::CodeReplaced]) />
            <CodeEntry />
            <CanHavePasskeys />
            <button class="button">{text!(l, login.code_submit)}</button>
        </form>
        <div class="other-ways">
            <form method="post" action=RequestMagicLink::url()>
                <input type="hidden" name="slug" value=view.slug />
                <input type="hidden" name="request" value=view.request />
                <input type="hidden" name="email" value=view.address />
                {crowded}
                <input type="hidden" name="by_mail" value="1" />
                <Resend seconds=view.wait label=text!(l, login.resend) waiting=wait />
            </form>
            <a href=view.retry>{text!(l, login.other_address)}</a>
        </div>
    }
}

/// `/login/verify`
#[component]
pub fn VerifyPage() -> impl IntoView {
    let l = i18n::use_locale();
    let token = asked("token");
    let state = inspect_magic_link(token.clone());
    let error = failure::<RedeemMagicLink>();
    let typed = token.clone();
    let content = move |view: VerifyView| match view {
        VerifyView::Ready { address } => view! {
            <h1>{text!(l, login.verify_title)}</h1>
            <p>{text!(l, login.verify_lead, email = address)}</p>
            <FormError error=error />
            <form method="post" action=RedeemMagicLink::url()>
                <input type="hidden" name="token" value=typed />
                <CanHavePasskeys />
                <button class="button">{text!(l, login.verify_submit)}</button>
            </form>
        }
        .into_any(),
        VerifyView::OtherBrowser { retry } => view! {
            <h1>{text!(l, login.other_title)}</h1>
            <p>{text!(l, login.other_lead)}</p>
            <p><a class="button" href=retry>{text!(l, login.start_over)}</a></p>
        }
        .into_any(),
    };
    let render = move |view: VerifyView, brand: Option<Brand>| {
        view! { <CardLayout title=text!(l, login.verify_title) brand=brand>{content(view)}</CardLayout> }
    };
    branded(token, state, render)
}
