//! Data for a page, with every failure shown.

use super::{brand::load_brand, layout::Stage};
use crate::{AppError, i18n, text};
use iam_types::{ErrorCode, view::Brand};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A part of the page's path, by its name in the route.
pub fn param(name: &'static str) -> String {
    use_params_map().read_untracked().get(name).unwrap_or_default()
}

/// A part of the page's query, by its name; empty if it is not there.
pub fn asked(name: &'static str) -> String {
    use_query_map().read_untracked().get(name).unwrap_or_default()
}

/// Renders what `load` brings, or the sentence for why it did not come, with the fitting status.
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
            Err(error) => view! { <Failed code=error.code /> }.into_any(),
        }
    })
}

/// As [`loaded`], for pages that bring their own [`Stage`], which a failure must not miss: it wears the look of the
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
            Err(error) => failed_stage(error.code, look(slug, String::new()).await),
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
            Err(error) => failed_stage(error.code, brand),
        }
    })
}

/// A page that cannot be had in its look of its own is still to be had in ours.
async fn look(slug: String, token: String) -> Option<Brand> {
    load_brand(slug, token).await.ok().flatten()
}

fn failed_stage(code: ErrorCode, brand: Option<Brand>) -> AnyView {
    let title = text!(i18n::use_locale(), problem.title);
    view! { <Stage title=title brand=brand><Failed code=code /></Stage> }.into_any()
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
        <div class="notice notice-danger" role="alert">
            <h1>{text!(l, problem.title)}</h1>
            <p>{i18n::error_text(l, code)}</p>
            {again}
            <p><a href="/">{text!(l, problem.home)}</a></p>
        </div>
    }
}
