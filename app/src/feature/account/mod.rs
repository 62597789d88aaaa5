//! The viewer's own account.

mod security;

pub use security::SecurityPage;

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
        avatar::Avatar,
        form::{Disclosure, Field, FormError, PostForm},
        icon::{Glyph, Icon},
        parts::{Badge, Tone, moment},
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
    let (unnamed, unended) = (failure::<SetDisplayName>(), failure::<EndSession>());
    let everywhere = failure::<SignOutEverywhere>();
    let view = load_account();
    let render = move |view: AccountView| {
        let now = view.now;
        let rows: Vec<_> = view
            .sessions
            .into_iter()
            .map(|session| row(l, session, now))
            .collect();
        let (name, email) = (view.viewer.display_name, view.viewer.email);
        let named = !name.is_empty();
        let shown = if named { name.clone() } else { email.clone() };
        let email = named.then(|| view! { <span class="hint" dir="auto">{email}</span> });
        view! {
            <h1>{text!(l, account.title)}</h1>
            <section class="panel">
                <h2>{text!(l, account.profile)}</h2>
                <div class="who">
                    <Avatar name=shown.clone() />
                    <span><strong dir="auto">{shown}</strong> {email}</span>
                </div>
                <FormError error=unnamed />
                <PostForm to=SetDisplayName::url()>
                    <Field name="name" label=text!(l, account.name) hint=text!(l, account.name_hint) autocomplete="name"
                        value=name optional=true wrong=concerns(unnamed, &[ErrorCode::InvalidName]) />
                    <button class="button">{text!(l, common.save)}</button>
                </PostForm>
            </section>
            <section class="part">
                <h2>{text!(l, account.sessions)}</h2>
                <p class="hint">{text!(l, account.sessions_lead)}</p>
                <FormError error=unended />
                <div class="table-box">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{text!(l, account.browser)}</th>
                                <th scope="col">{text!(l, account.last_active)}</th>
                                <th scope="col"><span class="unseen">{text!(l, account.end)}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
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
    let glyph = match session.system.as_str() {
        "Android" | "iPhone" | "iPad" => Glyph::Phone,
        _ => Glyph::Computer,
    };
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
    let end = if session.current {
        view! { <Badge text=text!(l, account.current) tone=Tone::Good /> }.into_any()
    } else {
        view! {
            <PostForm to=EndSession::url()>
                <input type="hidden" name="session" value=session.id.to_string() />
                <button class="button quiet" aria-label=end_label>{text!(l, account.end)}</button>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <td>
                <span class="who">
                    <Icon glyph=glyph />
                    <span><strong>{name}</strong> <span class="hint" dir="ltr">{session.client_ip}</span></span>
                </span>
            </td>
            <td>{moment(l, session.last_seen_at, now)}</td>
            <td class="tight end">{end}</td>
        </tr>
    }
}
