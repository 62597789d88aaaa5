//! The viewer's password.

use super::sign_in_first;
use crate::{
    AppError,
    i18n::{self, Locale},
    layout::personal,
    paths,
    server::{
        context::{iam, signed_in},
        outcome::tell,
        wanted,
    },
    text,
    ui::{
        form::{Checkbox, Disclosure, FormError, PostForm},
        parts::{Notice, moment},
        password::{PasswordField, Typing},
        query::asked,
        told::{concerns, failure},
    },
};
use iam_types::{
    ErrorCode,
    view::{Done, PasswordPageView, PasswordView, SecurityView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What can be wrong with a new password.
const WRONG: [ErrorCode; 5] = [
    ErrorCode::PasswordShort,
    ErrorCode::PasswordLong,
    ErrorCode::PasswordWeak,
    ErrorCode::PasswordPersonal,
    ErrorCode::PasswordBreached,
];

/// Chooses a password, on the page of sign-in methods or on the way to `next`.
#[server(prefix = "/fn", endpoint = "set_password")]
pub async fn set_password(
    password: String,
    #[server(default)] others: bool,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    iam()?
        .account()
        .set_password(&signed_in()?, &password, others)
        .await?;
    let next = wanted::checked(next).unwrap_or_else(|| paths::SECURITY.to_owned());
    tell(&next, Done::PasswordSet);
    Ok(())
}

/// Takes the password off the account.
#[server(prefix = "/fn", endpoint = "remove_password")]
pub async fn remove_password(#[server(default)] others: bool) -> Result<(), AppError> {
    iam()?.account().remove_password(&signed_in()?, others).await?;
    tell(paths::SECURITY, Done::PasswordRemoved);
    Ok(())
}

/// What the page of the password shows, and where to go on. Who has to prove first who they are comes back here.
pub async fn load_password(next: String) -> Result<(PasswordPageView, String), AppError> {
    let view = iam()?.account().password_page(&signed_in()?).await?;
    if !view.recent {
        wanted::remember();
    }
    Ok((view, wanted::checked(next).unwrap_or_default()))
}

/// `/account/security/password`
#[component]
pub fn PasswordPage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<SetPassword>();
    let removed = failure::<RemovePassword>();
    let render = move |(view, next): (PasswordPageView, String)| {
        let is_there = view.password.is_some();
        let title = match is_there {
            true => text!(l, password.change),
            false => text!(l, password.add),
        };
        let content = match (view.recent, view.lacks_factor) {
            (true, _) => choosing(l, view, next, [error, removed]).into_any(),
            (false, true) => second_factor_first(l, &paths::password(&next)).into_any(),
            (false, false) => sign_in_first(l, text!(l, password.again)).into_any(),
        };
        view! {
            <h1>{title}</h1>
            {content}
        }
    };
    personal(text!(l, password.title), load_password(asked("next")), render)
}

fn choosing(
    l: Locale,
    view: PasswordPageView,
    next: String,
    [error, removed]: [Option<ErrorCode>; 2],
) -> impl IntoView {
    let is_there = view.password.is_some();
    let others = || {
        is_there.then(|| {
            view! { <Checkbox name="others" value="true" label=text!(l, password.sign_out_others) ticked=true /> }
        })
    };
    let [change, remove] = [others(), others()];
    let spent = view
        .password
        .as_ref()
        .is_some_and(|password| password.must_change);
    view! {
        {spent.then(|| view! { <Notice><p>{text!(l, password.spent)}</p></Notice> })}
        <section class="panel">
            <FormError error=error />
            <PostForm to=SetPassword::url()>
                <input type="hidden" name="next" value=next />
                // Tells a password manager whose password it is.
                <input type="text" name="username" autocomplete="username" value=view.email readonly hidden />
                <PasswordField typing=Typing::Chosen label=text!(l, password.chosen) hint=text!(l, password.hint) first=true
                    wrong=concerns(error, &WRONG) />
                {change}
                <button class="button">{text!(l, password.save)}</button>
            </PostForm>
        </section>
        {is_there.then(|| view! {
            <Disclosure title=text!(l, password.remove) error=removed>
                <p>{text!(l, password.remove_lead)}</p>
                <PostForm to=RemovePassword::url()>
                    {remove}
                    <button class="button danger">{text!(l, password.remove)}</button>
                </PostForm>
            </Disclosure>
        })}
    }
}

fn second_factor_first(l: Locale, back: &str) -> impl IntoView + use<> {
    view! {
        <p>{text!(l, error.second_factor_required)}</p>
        <p class="actions"><a class="button" href=paths::step_up_for(back)>{text!(l, two_step.go_on)}</a></p>
    }
}

/// The password on the page of sign-in methods.
pub(super) fn password(l: Locale, view: &SecurityView) -> AnyView {
    let now = view.now;
    let (facts, way) = match &view.password {
        Some(password) => (Some(facts(l, password, now)), text!(l, password.change)),
        None => (None, text!(l, password.add)),
    };
    view! {
        <section class="panel">
            <h2>{text!(l, password.title)}</h2>
            <p class="hint">{text!(l, password.about)}</p>
            {facts}
            <p class="actions"><a class="button quiet" href=paths::PASSWORD>{way}</a></p>
        </section>
    }
    .into_any()
}

fn facts(l: Locale, password: &PasswordView, now: i64) -> impl IntoView + use<> {
    let used = match password.last_used_at {
        Some(at) => view! { {text!(l, passkeys.last_used)} " " {moment(l, at, now)} }.into_any(),
        None => text!(l, passkeys.never_used).into_any(),
    };
    let spent = password
        .must_change
        .then(|| view! { <Notice><p>{text!(l, password.spent)}</p></Notice> });
    view! {
        <p>{text!(l, password.since)} " " {moment(l, password.set_at, now)} " · " {used}</p>
        {spent}
    }
}
