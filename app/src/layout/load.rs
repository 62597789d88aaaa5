//! Data for a page, with every failure shown.

use super::{AppLayout, CardLayout};
use crate::{
    AppError, i18n, text,
    ui::{
        brand::load_brand,
        icon::{Glyph, Icon},
        query::param,
    },
};
use iam_types::{ErrorCode, view::Brand};
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
    Suspend::new(async move {
        match load.await {
            Ok(value) => render(value).into_any(),
            Err(error) => failed_page(error.code),
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

fn failed_page(code: ErrorCode) -> AnyView {
    let title = i18n::problem_title(i18n::use_locale(), code);
    view! { <AppLayout title=title><Failed code=code /></AppLayout> }.into_any()
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
            Err(error) => failed_card(error.code, look(slug, String::new()).await),
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
            Err(error) => failed_card(error.code, brand),
        }
    })
}

/// A page that cannot be had in its look of its own is still to be had in ours.
async fn look(slug: String, token: String) -> Option<Brand> {
    load_brand(slug, token).await.ok().flatten()
}

fn failed_card(code: ErrorCode, brand: Option<Brand>) -> AnyView {
    let title = i18n::problem_title(i18n::use_locale(), code);
    view! { <CardLayout title=title brand=brand><Failed code=code /></CardLayout> }.into_any()
}

/// A page that could not be shown.
#[component]
pub fn Failed(
    /// Why.
    code: ErrorCode,
) -> impl IntoView {
    let l = i18n::use_locale();
    if code != ErrorCode::SignInRequired {
        crate::server::context::set_status(code.status());
    }
    let again = (code == ErrorCode::SignInAgain).then(|| {
        let href = crate::paths::workspace_login_again(&param("slug"));
        view! { <p><a class="button" href=href>{text!(l, login.title)}</a></p> }
    });
    view! {
        <div class="empty" role="alert">
            <Icon glyph=Glyph::Warning />
            <h1>{i18n::problem_title(l, code)}</h1>
            <p>{i18n::error_text(l, code)}</p>
            {again}
            <p><a class="button quiet" href="/">{text!(l, problem.home)}</a></p>
        </div>
    }
}
