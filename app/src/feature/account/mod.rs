//! The viewer's own account.

use iam_types::{
    ErrorCode,
    view::{AccountView, SessionView},
};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    AppError, i18n,
    layout::personal,
    paths,
    server::{
        context::{iam, set_cookie, signed_in},
        cookies::{self, Name},
        outcome::saved,
    },
    text,
    ui::{
        form::{Disclosure, Field, FormError, PostForm, first_of},
        told::{concerns, failure},
    },
};

/// The account overview.
pub async fn load_account() -> Result<AccountView, AppError> {
    Ok(iam()?.account().overview(&signed_in()?).await?)
}

/// Signs this browser out.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn leave() -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    iam.sign_in().sign_out(&ctx).await?;
    set_cookie(&cookies::build(Name::Session, iam.is_https(), "", 0));
    leptos_actix::redirect(paths::LOGIN);
    Ok(())
}

/// Changes what the viewer is called.
#[server(prefix = "/fn", endpoint = "set_display_name")]
pub async fn set_display_name(#[server(default)] name: String) -> Result<(), AppError> {
    iam()?.account().set_display_name(&signed_in()?, &name).await?;
    saved(paths::ACCOUNT);
    Ok(())
}

/// Signs another browser out.
#[server(prefix = "/fn", endpoint = "end_session")]
pub async fn end_session(session: String) -> Result<(), AppError> {
    let id = session.parse().map_err(|_| ErrorCode::NotFound)?;
    iam()?.sign_in().end_session(&signed_in()?, id).await?;
    leptos_actix::redirect(paths::ACCOUNT);
    Ok(())
}

/// Signs this browser and all others out, and ends what apps may do in the person's name.
#[server(prefix = "/fn", endpoint = "sign_out_everywhere")]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    iam.sign_in().sign_out_everywhere(&ctx).await?;
    set_cookie(&cookies::build(Name::Session, iam.is_https(), "", 0));
    leptos_actix::redirect(paths::LOGIN);
    Ok(())
}

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = first_of([failure::<SetDisplayName>(), failure::<EndSession>()]);
    let everywhere = failure::<SignOutEverywhere>();
    let view = load_account();
    let render = move |view: AccountView| {
        let now = view.now;
        let rows = view
            .sessions
            .into_iter()
            .map(|session| row(l, session, now))
            .collect_view();
        view! {
            <h1>{text!(l, account.title)}</h1>
            <p>{view.viewer.email}</p>
            <FormError error=error />
            <PostForm to=SetDisplayName::url()>
                <Field name="name" label=text!(l, account.name) hint=text!(l, account.name_hint) autocomplete="name"
                    value=view.viewer.display_name optional=true wrong=concerns(error, &[ErrorCode::InvalidName]) />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
            <h2>{text!(l, account.sessions)}</h2>
            <p class="hint">{text!(l, account.sessions_lead)}</p>
            <ul class="rows">{rows}</ul>
            <Disclosure title=text!(l, account.everywhere) error=everywhere>
                <PostForm to=SignOutEverywhere::url()>
                    <p>{text!(l, account.everywhere_hint)}</p>
                    <button class="button danger">{text!(l, account.everywhere)}</button>
                </PostForm>
            </Disclosure>
        }
    };
    personal(text!(l, account.title), view, render)
}

fn row(l: i18n::Locale, session: SessionView, now: i64) -> impl IntoView {
    let parts: Vec<_> = [session.browser, session.system]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let name = if parts.is_empty() {
        text!(l, account.unknown)
    } else {
        parts.join(", ")
    };
    let end_label = text!(l, account.end_which, browser = name.clone());
    let end = (!session.current).then(|| {
        view! {
            <PostForm to=EndSession::url()>
                <input type="hidden" name="session" value=session.id.to_string() />
                <button class="button quiet" aria-label=end_label>{text!(l, account.end)}</button>
            </PostForm>
        }
    });
    view! {
        <li class="row">
            <div>
                <strong>{name}</strong>
                {session.current.then(|| view! { <span class="badge">{text!(l, account.current)}</span> })}
                <p class="hint">{session.client_ip} " · " {text!(l, account.last_seen, ago = i18n::ago(l, session.last_seen_at, now))}</p>
            </div>
            {end}
        </li>
    }
}
