//! The second factor: of a sign-in, and of a session that is to prove more.

use super::{
    api::{keep_browser, login_page, parse_request, parse_slug, target, welcome},
    passkey::PasskeySignIn,
    recovery::lost as lost_all,
};
use crate::{
    AppError,
    i18n::{self, Locale},
    islands::CodeEntry,
    layout::{CardLayout, staged},
    paths,
    server::{
        context::{ctx, gone_to, iam, set_cookie},
        cookies::{self, Name},
        wanted,
    },
    text,
    ui::{
        form::{Checkbox, Field, FormError},
        query::asked,
        told::{concerns, failure},
    },
};
use iam::sign_in::{
    email_challenge::Retry,
    pending::{SecondFactorState, SetUp, StepUp},
    recovery::RecoveryAhead,
};
use iam_types::{AuthorizationId, ErrorCode, PendingSignInId, view::Brand};
use leptos::{prelude::*, server_fn::ServerFn};

/// Six digits, and the space that authenticator apps put in the middle.
const CODE_AS_PASTED: u32 = 7;
/// A recovery code with what people put between its letters.
const RECOVERY_CODE_AS_PASTED: u32 = 24;

/// What the page of the second factor shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoStepView {
    /// The sign-in that waits.
    id: PendingSignInId,
    /// Whose.
    address: String,
    /// The workspace that it is for, empty for the platform.
    slug: String,
    /// The app's request, empty without one.
    request: String,
    /// The login page to begin anew at.
    retry: String,
    /// For how many days they can trust this browser; 0 where they cannot.
    trust_days: i32,
    /// The recovery that lets it pass, or will.
    recovery: Option<RecoveryAhead>,
    brand: Option<Brand>,
}

/// What somebody lacks to prove as much as is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepUpView {
    missing: SetUp,
    slug: String,
    request: String,
    /// Where an authenticator app is set up; at a workspace's own host that is elsewhere.
    set_up: String,
    brand: Option<Brand>,
}

/// Proves the second factor; where `trust` is ticked, it is not asked for in this browser for a while.
#[server(prefix = "/fn", endpoint = "redeem_second_factor")]
pub async fn redeem_second_factor(
    id: String,
    code: String,
    #[server(default)] trust: bool,
) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let (signed_in, trusted) = iam
        .sign_in()
        .redeem_second_factor(&ctx, parse_id(&id)?, &code, trust)
        .await?;
    if let Some(trusted) = trusted {
        set_cookie(&cookies::build(
            Name::TrustedBrowser,
            iam.is_https(),
            trusted.secret.expose(),
            trusted.lives.num_seconds(),
        ));
    }
    welcome(&iam, &ctx, &signed_in, false).await
}

/// Proves it with a recovery code instead.
#[server(prefix = "/fn", endpoint = "redeem_recovery_code")]
pub async fn redeem_recovery_code(id: String, recovery_code: String) -> Result<(), AppError> {
    redeem_second_factor(id, recovery_code, false).await
}

/// What waits for a second factor in this browser.
pub async fn load_two_step(id: String) -> Result<TwoStepView, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    match iam.sign_in().second_factor_state(&ctx, parse_id(&id)?).await? {
        SecondFactorState::Waiting(waiting) => {
            let brand = iam.branding().brand_for(&ctx, waiting.slug.as_ref(), "").await?;
            let retry = Retry {
                slug: waiting.slug,
                authorization_id: waiting.authorization_id,
            };
            Ok(TwoStepView {
                id: waiting.id,
                address: waiting.address,
                retry: login_page(&retry),
                trust_days: waiting.trust_days,
                recovery: waiting.recovery,
                brand,
                slug: retry.slug.map(|slug| slug.to_string()).unwrap_or_default(),
                request: retry
                    .authorization_id
                    .map(|id| id.to_string())
                    .unwrap_or_default(),
            })
        }
        SecondFactorState::Done(arrival, is_confined) => Err(gone_to(&target(
            &arrival,
            ctx.custom_domain.is_some() || is_confined,
        ))),
        SecondFactorState::Nothing => Err(ErrorCode::SignInExpired.into()),
    }
}

/// Begins to prove more, and says what is missing for that.
pub async fn load_step_up(slug: String, request: String, next: String) -> Result<StepUpView, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    if let Some(next) = wanted::checked(next) {
        wanted::remember_page(&next);
    }
    let (workspace, authorization) = (parse_slug(&slug)?, parse_request(&request)?);
    let begun = iam
        .sign_in()
        .begin_step_up(&ctx, workspace.as_ref(), authorization)
        .await?;
    match begun {
        StepUp::Code(id, browser) => {
            keep_browser(&iam, &ctx, browser.expose());
            Err(gone_to(&paths::two_step(id)))
        }
        StepUp::GoOn => Err(gone_to(&match (workspace, authorization) {
            (Some(slug), Some(id)) => paths::go_on(&slug, id),
            (slug, _) => wanted::take().unwrap_or_else(|| {
                slug.map_or_else(|| paths::WORKSPACES.to_owned(), |slug| paths::overview(&slug))
            }),
        })),
        StepUp::SignInAgain => Err(gone_to(&match workspace {
            Some(slug) => paths::workspace_login(&slug, authorization),
            None => paths::LOGIN_AGAIN.to_owned(),
        })),
        StepUp::SetUp(missing) => Ok(StepUpView {
            missing,
            set_up: iam
                .sign_in()
                .set_up_address(&ctx, &step_up_again(&slug, authorization)),
            brand: iam.branding().brand_for(&ctx, workspace.as_ref(), "").await?,
            slug,
            request,
        }),
    }
}

/// The page itself, which goes on once enough is proved.
fn step_up_again(slug: &str, authorization: Option<AuthorizationId>) -> String {
    if slug.is_empty() {
        paths::STEP_UP.to_owned()
    } else {
        paths::step_up(slug, authorization)
    }
}

/// What names no sign-in names one that is over.
pub(super) fn parse_id(text: &str) -> Result<PendingSignInId, AppError> {
    text.parse().map_err(|_| ErrorCode::SignInExpired.into())
}

/// `/login/two-step`
#[component]
pub fn TwoStepPage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<RedeemSecondFactor>();
    let lost = failure::<RedeemRecoveryCode>();
    let render = move |view: TwoStepView| {
        view! {
            <CardLayout title=text!(l, two_step.title) brand=view.brand>
                <h1>{text!(l, two_step.title)}</h1>
                <p>{text!(l, two_step.lead, email = view.address)}</p>
                <FormError error=error />
                <form method="post" action=RedeemSecondFactor::url()>
                    <input type="hidden" name="id" value=view.id.to_string() />
                    {trust(l, view.trust_days)}
                    <Field name="code" label=text!(l, two_step.code) hint=text!(l, two_step.code_hint) autocomplete="one-time-code"
                        inputmode="numeric" maxlength=CODE_AS_PASTED first=true wrong=concerns(error, &[ErrorCode::SecondFactorWrong]) />
                    <CodeEntry />
                    <button class="button">{text!(l, two_step.submit)}</button>
                </form>
                <details open=lost.is_some()>
                    <summary>{text!(l, two_step.recovery)}</summary>
                    <FormError error=lost />
                    <form method="post" action=RedeemRecoveryCode::url()>
                        <input type="hidden" name="id" value=view.id.to_string() />
                        <Field name="recovery_code" label=text!(l, two_step.recovery_code) hint=text!(l, two_step.recovery_hint) autocomplete="off"
                            maxlength=RECOVERY_CODE_AS_PASTED wrong=concerns(lost, &[ErrorCode::SecondFactorWrong]) />
                        <button class="button quiet">{text!(l, two_step.submit)}</button>
                    </form>
                </details>
                {lost_all(l, view.id, view.recovery)}
                <PasskeySignIn slug=view.slug request=view.request />
                <div class="other-ways"><a href=view.retry>{text!(l, login.start_over)}</a></div>
            </CardLayout>
        }
    };
    staged(load_two_step(asked("id")), render)
}

/// Offers to trust the browser: before the code, whose last digit sends the form.
fn trust(l: Locale, days: i32) -> Option<impl IntoView> {
    (days > 0).then(|| {
        view! {
            <Checkbox name="trust" value="true" label=text!(l, trusted.offer, days = days) ticked=false />
            <p class="hint">{text!(l, trusted.offer_hint)}</p>
        }
    })
}

/// `/login/step-up`
#[component]
pub fn StepUpPage() -> impl IntoView {
    let l = i18n::use_locale();
    let view = load_step_up(asked("workspace"), asked("request"), asked("next"));
    let render = move |view: StepUpView| {
        let title = text!(l, two_step.more_title);
        view! {
            <CardLayout title=title.clone() brand=view.brand.clone()>
                <h1>{title}</h1>
                {missing(l, view)}
            </CardLayout>
        }
    };
    staged(view, render)
}

fn missing(l: Locale, view: StepUpView) -> impl IntoView {
    let SetUp {
        passkey_only,
        has_passkey,
    } = view.missing;
    let lead = match (passkey_only, has_passkey) {
        (_, true) => text!(l, two_step.use_passkey),
        (true, false) => text!(l, two_step.add_passkey),
        (false, false) => text!(l, two_step.set_up_lead),
    };
    let passkey = has_passkey.then(|| view! { <PasskeySignIn slug=view.slug request=view.request /> });
    let way = match (passkey_only, has_passkey) {
        (true, true) => None,
        (true, false) => Some((paths::SECURITY.to_owned(), text!(l, passkeys.add))),
        (false, _) => Some((view.set_up, text!(l, two_step.set_up))),
    };
    view! {
        <p>{lead}</p>
        {passkey}
        {way.map(|(href, label)| view! { <p><a class="button" href=href>{label}</a></p> })}
    }
}
