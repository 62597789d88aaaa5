//! Data for a page, with every failure shown.

use super::{AppLayout, CardLayout};
use crate::{
    AppError, i18n, paths,
    server::context::{ctx, iam},
    text,
    ui::{
        brand::load_brand,
        icon::{Glyph, Icon},
        query::param,
    },
};
use iam_types::{
    ErrorCode, Slug,
    view::{Brand, WorkspaceCard},
};
use leptos::prelude::*;

/// Renders what `load` brings, or the sentence for why it did not come, in the shell and with the fitting status.
pub fn loaded<T, V>(
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    render: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let slug = param("slug");
    Suspend::new(async move {
        match load.await {
            Ok(value) => render(value).into_any(),
            Err(error) => failed_page(error.code, slug).await,
        }
    })
}

/// As [`loaded`], for the pages of a person, which bring no shell.
pub fn personal<T, V>(
    title: String,
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    render: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    loaded(load, move |value| {
        view! { <AppLayout title=title>{render(value)}</AppLayout> }
    })
}

/// What stands for a page that did not come: whoever is signed in keeps the places around it.
pub(super) async fn failed_page(code: ErrorCode, slug: String) -> AnyView {
    let title = i18n::problem_title(i18n::use_locale(), code);
    if !is_signed_in() {
        return failed_card(code, look(slug.clone(), String::new()).await, slug);
    }
    let workspace = card(&slug).await;
    view! { <AppLayout title=title workspace=workspace><Failed code=code slug=slug /></AppLayout> }.into_any()
}

fn is_signed_in() -> bool {
    ctx().is_ok_and(|ctx| ctx.actor().is_ok())
}

/// The workspace whose page failed, as far as the viewer may know it.
async fn card(slug: &str) -> Option<WorkspaceCard> {
    let (iam, ctx) = (iam().ok()?, ctx().ok()?);
    let slug: Slug = slug.parse().ok()?;
    if let Ok(card) = iam.workspaces().card(&ctx, &slug).await {
        return Some(card);
    }
    // Its door is shut for now, but they know that it is theirs.
    let own = iam.account().workspaces(&ctx).await.ok()?;
    own.into_iter().find(|card| card.slug == slug)
}

/// As [`loaded`], for pages that bring their own [`CardLayout`], which a failure must not miss: it wears the look of the
/// workspace in the address.
pub fn staged<T, V>(
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    render: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let slug = param("slug");
    Suspend::new(async move {
        match load.await {
            Ok(value) => render(value).into_any(),
            Err(error) => failed_card(error.code, look(slug.clone(), String::new()).await, slug),
        }
    })
}

/// As [`staged`], where the look of the page is that of whatever `token`, a sign-in link's, leads to; without one, that of
/// the sign-in that this browser began.
pub fn branded<T, V>(
    token: String,
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    render: impl FnOnce(T, Option<Brand>) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    Suspend::new(async move {
        let brand = look(String::new(), token).await;
        match load.await {
            Ok(value) => render(value, brand).into_any(),
            Err(error) => failed_card(error.code, brand, String::new()),
        }
    })
}

/// A page that cannot be had in its look of its own is still to be had in ours.
async fn look(slug: String, token: String) -> Option<Brand> {
    load_brand(slug, token).await.ok().flatten()
}

fn failed_card(code: ErrorCode, brand: Option<Brand>, slug: String) -> AnyView {
    let title = i18n::problem_title(i18n::use_locale(), code);
    view! { <CardLayout title=title brand=brand><Failed code=code slug=slug /></CardLayout> }.into_any()
}

/// A page that could not be shown, with the way on.
#[component]
fn Failed(
    /// Why.
    code: ErrorCode,
    /// The workspace in the address, empty without one.
    slug: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    if code != ErrorCode::SignInRequired {
        crate::server::context::set_status(code.status());
    }
    let known = slug.parse::<Slug>().is_ok();
    let sign_in = match code {
        ErrorCode::SignInAgain => {
            crate::server::wanted::remember();
            Some(if known {
                paths::workspace_login_again(&slug)
            } else {
                paths::LOGIN_AGAIN.to_owned()
            })
        }
        ErrorCode::SecondFactorRequired => {
            crate::server::wanted::remember();
            Some(paths::step_up(&slug, None))
        }
        _ if !is_signed_in() => Some(paths::LOGIN.to_owned()),
        _ => None,
    };
    let home = if sign_in.is_some() {
        "button quiet"
    } else {
        "button"
    };
    let way_on = match code {
        ErrorCode::SecondFactorRequired => text!(l, two_step.go_on),
        _ => text!(l, login.title),
    };
    let sign_in = sign_in.map(|href| view! { <a class="button" href=href>{way_on}</a> });
    view! {
        <div class="empty" role="alert">
            <Icon glyph=Glyph::Warning />
            <h1>{i18n::problem_title(l, code)}</h1>
            <p>{i18n::error_text(l, code)}</p>
            <p class="actions">{sign_in} <a class=home href="/">{text!(l, problem.home)}</a></p>
        </div>
    }
}
