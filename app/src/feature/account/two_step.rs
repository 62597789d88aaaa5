//! The viewer's two-step verification.

use super::sign_in_first;
use crate::{
    AppError,
    feature::sign_in::{hand_over, keep_browser},
    i18n::{self, Locale},
    islands::CodeEntry,
    layout::personal,
    paths,
    server::{
        context::{ctx, iam, keep_uncompressed, set_cookie, signed_in, take_once},
        cookies::{self, Name},
        outcome::tell,
        wanted,
    },
    text,
    ui::{
        copy::{Copyable, CopyableCode},
        form::{Disclosure, Field, FormError, PostForm},
        parts::{Notice, moment},
        query::asked,
        told::{concerns, failure},
    },
};
use iam::Ctx;
use iam_types::{
    ErrorCode,
    view::{Done, SecurityView, TotpSetUpView, TwoStepView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Six digits, and the space that authenticator apps put in the middle.
const CODE_AS_PASTED: u32 = 7;
/// For how long the recovery codes wait for the page that shows them, in seconds.
const SHOWN_WITHIN: i64 = 120;
/// That a cookie carries recovery codes.
const RECOVERY: &str = "recovery.";

/// Draws a key for an authenticator app.
#[server(prefix = "/fn", endpoint = "begin_totp")]
pub async fn begin_totp(#[server(default)] next: String) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    let browser = iam.account().begin_totp(&ctx).await?;
    keep_browser(&iam, &ctx, browser.expose());
    leptos_actix::redirect(&paths::authenticator(&wanted::checked(next).unwrap_or_default()));
    Ok(())
}

/// Turns two-step verification on, with what the app shows.
#[server(prefix = "/fn", endpoint = "confirm_totp")]
pub async fn confirm_totp(
    #[server(default)] set_up: String,
    code: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let set_up = set_up.parse().map_err(|_| ErrorCode::SignInExpired)?;
    let on = iam.account().confirm_totp(&ctx, set_up, &code).await?;
    hand_over(&iam, &ctx, &on.signed_in);
    if !on.recovery_codes.is_empty() {
        show_once(&ctx, &on.recovery_codes)?;
    }
    leptos_actix::redirect(&paths::recovery_codes(&wanted::checked(next).unwrap_or_default()));
    Ok(())
}

/// Makes new recovery codes.
#[server(prefix = "/fn", endpoint = "make_recovery_codes")]
pub async fn make_recovery_codes() -> Result<(), AppError> {
    let ctx = signed_in()?;
    let codes = iam()?.account().make_recovery_codes(&ctx).await?;
    show_once(&ctx, &codes)?;
    leptos_actix::redirect(&paths::recovery_codes(""));
    Ok(())
}

/// Turns two-step verification off.
#[server(prefix = "/fn", endpoint = "remove_totp")]
pub async fn remove_totp() -> Result<(), AppError> {
    iam()?.account().remove_totp(&signed_in()?).await?;
    tell(paths::SECURITY, Done::TwoStepOff);
    Ok(())
}

/// The next page shows the codes: they travel in the browser's own short-lived cookie, since no store keeps them.
fn show_once(ctx: &Ctx, codes: &[String]) -> Result<(), AppError> {
    let value = format!("{}{}", mark(ctx)?, codes.join("."));
    set_cookie(&cookies::build(
        Name::Once,
        iam()?.is_https(),
        &value,
        SHOWN_WITHIN,
    ));
    Ok(())
}

/// What the cookie begins with that carries them there: they are for this session.
fn mark(ctx: &Ctx) -> Result<String, AppError> {
    Ok(format!("{RECOVERY}{}.", ctx.actor()?.session.id))
}

/// What the app is to read, if a key was drawn; and where to go on afterwards.
pub async fn load_authenticator(next: String) -> Result<(Option<TotpSetUpView>, String), AppError> {
    let view = iam()?.account().totp_set_up(&signed_in()?).await?;
    keep_uncompressed();
    Ok((view, wanted::checked(next).unwrap_or_default()))
}

/// The recovery codes, if they were made just now; and where to go on.
pub async fn load_recovery_codes(next: String) -> Result<(Vec<String>, String), AppError> {
    let https = iam()?.is_https();
    let mark = mark(&signed_in()?)?;
    let codes = take_once(https)?.and_then(|value| {
        let codes = value.strip_prefix(&mark)?;
        Some(codes.split('.').map(str::to_owned).collect())
    });
    let next = wanted::checked(next).unwrap_or_else(|| paths::SECURITY.to_owned());
    Ok((codes.unwrap_or_default(), next))
}

/// `/account/security/authenticator`
#[component]
pub fn AuthenticatorPage() -> impl IntoView {
    let l = i18n::use_locale();
    let begun = failure::<BeginTotp>();
    let error = failure::<ConfirmTotp>();
    let render = move |(view, next): (Option<TotpSetUpView>, String)| {
        let content = match view {
            Some(view) => reading(l, view, next, error).into_any(),
            None => view! {
                <p>{text!(l, two_step.begin_lead)}</p>
                <PostForm to=BeginTotp::url()>
                    <input type="hidden" name="next" value=next />
                    <button class="button">{text!(l, two_step.begin)}</button>
                </PostForm>
            }
            .into_any(),
        };
        view! {
            <h1>{text!(l, two_step.set_up)}</h1>
            <FormError error=begun />
            {content}
        }
    };
    personal(
        text!(l, two_step.set_up),
        load_authenticator(asked("next")),
        render,
    )
}

fn reading(l: Locale, view: TotpSetUpView, next: String, error: Option<ErrorCode>) -> impl IntoView {
    // A white frame of four squares, which readers need (ISO/IEC 18004).
    let side = view.size + 8;
    let area = format!("-4 -4 {side} {side}");
    view! {
        <section class="panel">
            <h2>{text!(l, two_step.scan)}</h2>
            <p>{text!(l, two_step.scan_lead)}</p>
            <svg class="qr" viewBox=area role="img" aria-label=text!(l, two_step.qr)>
                <rect x="-4" y="-4" width=side height=side fill="#fff" />
                <path d=view.picture fill="#000" />
            </svg>
            <p class="hint">{text!(l, two_step.key_lead)}</p>
            <Copyable label=text!(l, two_step.key) value=view.key />
            <p><a href=view.uri>{text!(l, two_step.open_app)}</a></p>
        </section>
        <section class="panel">
            <h2>{text!(l, two_step.confirm)}</h2>
            <FormError error=error />
            <PostForm to=ConfirmTotp::url()>
                <input type="hidden" name="set_up" value=view.set_up.to_string() />
                <input type="hidden" name="next" value=next />
                <Field name="code" label=text!(l, two_step.code) autocomplete="one-time-code" inputmode="numeric"
                    maxlength=CODE_AS_PASTED wrong=concerns(error, &[ErrorCode::SecondFactorWrong]) />
                <CodeEntry />
                <button class="button">{text!(l, two_step.turn_on)}</button>
            </PostForm>
        </section>
    }
}

/// `/account/security/recovery-codes`
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    let l = i18n::use_locale();
    let render = move |(codes, next): (Vec<String>, String)| {
        let content = if codes.is_empty() {
            view! { <Notice><p>{text!(l, two_step.codes_gone)}</p></Notice> }.into_any()
        } else {
            view! {
                <p>{text!(l, two_step.codes_lead)}</p>
                <CopyableCode id="recovery-codes".to_owned() label=text!(l, two_step.codes) code=codes.join("\n") />
            }
            .into_any()
        };
        view! {
            <h1>{text!(l, two_step.codes)}</h1>
            {content}
            <p class="actions"><a class="button" href=next>{text!(l, two_step.codes_kept)}</a></p>
        }
    };
    personal(
        text!(l, two_step.codes),
        load_recovery_codes(asked("next")),
        render,
    )
}

/// Two-step verification on the page of sign-in methods.
pub(super) fn two_step(l: Locale, view: &SecurityView) -> AnyView {
    let turned_off = failure::<RemoveTotp>();
    let error = failure::<MakeRecoveryCodes>();
    let now = view.now;
    let content = match (&view.two_step, view.recent, view.lacks_factor) {
        (None, true, _) => view! {
            <p class="actions"><a class="button" href=paths::AUTHENTICATOR>{text!(l, two_step.set_up)}</a></p>
        }
        .into_any(),
        (None, false, _) => sign_in_first(l, text!(l, security.again)).into_any(),
        (Some(on), recent, lacks_factor) => {
            let change = match (recent, lacks_factor) {
                (true, _) => changing(l, turned_off).into_any(),
                (false, true) => view! {
                    <p>{text!(l, error.second_factor_required)}</p>
                    <p class="actions"><a class="button" href=paths::step_up_for(paths::SECURITY)>{text!(l, two_step.go_on)}</a></p>
                }
                .into_any(),
                (false, false) => sign_in_first(l, text!(l, security.again)).into_any(),
            };
            view! { {facts(l, on, now)} {change} }.into_any()
        }
    };
    view! {
        <section class="panel">
            <h2>{text!(l, two_step.title)}</h2>
            <p class="hint">{text!(l, two_step.about)}</p>
            <FormError error=error />
            {content}
        </section>
    }
    .into_any()
}

fn facts(l: Locale, on: &TwoStepView, now: i64) -> impl IntoView {
    let used = match on.last_used_at {
        Some(at) => view! { {text!(l, passkeys.last_used)} " " {moment(l, at, now)} }.into_any(),
        None => text!(l, passkeys.never_used).into_any(),
    };
    let left = on.recovery_codes;
    let few = (left < 3).then(|| view! { <Notice><p>{text!(l, two_step.codes_few)}</p></Notice> });
    view! {
        <p>
            {text!(l, two_step.on_since)} " " {moment(l, on.confirmed_at, now)} " · " {used} " · "
            {text!(l, two_step.codes_left, count = left)}
        </p>
        {few}
    }
}

fn changing(l: Locale, turned_off: Option<ErrorCode>) -> impl IntoView {
    view! {
        <div class="actions">
            <PostForm to=MakeRecoveryCodes::url()>
                <button class="button quiet">{text!(l, two_step.new_codes)}</button>
            </PostForm>
            <a class="button quiet" href=paths::AUTHENTICATOR>{text!(l, two_step.replace)}</a>
        </div>
        <Disclosure title=text!(l, two_step.turn_off) error=turned_off>
            <p>{text!(l, two_step.turn_off_lead)}</p>
            <PostForm to=RemoveTotp::url()>
                <button class="button danger">{text!(l, two_step.turn_off)}</button>
            </PostForm>
        </Disclosure>
    }
}
