//! Data for a page: loaded on the server first, with every failure shown.

use super::{brand::load_brand, layout::Stage, told::Telling};
use crate::{AppError, i18n, json::Json, text};
use iam_types::{ErrorCode, view::Brand};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::de::DeserializeOwned;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
};

type Fetching = Pin<Box<dyn Future<Output = Result<Json, AppError>> + Send>>;

/// What a page is made of: fetched by `fetch`, and again whenever `key` changes. The types of both are left behind here,
/// since a resource of its own type for each page would be a tenth of what the browser downloads.
pub fn page_data<K, F>(
    key: impl Fn() -> K + Clone + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + Send + Sync + 'static,
) -> Resource<Result<Json, AppError>>
where
    K: Hash + 'static,
    F: Future<Output = Result<Json, AppError>> + Send + 'static,
{
    Telling::here().forget_elsewhere();
    let watched = key.clone();
    let watched: Box<dyn Fn() -> u64 + Send + Sync> = Box::new(move || {
        let mut hasher = DefaultHasher::new();
        watched().hash(&mut hasher);
        hasher.finish()
    });
    let fetch: Box<dyn Fn(u64) -> Fetching + Send + Sync> = Box::new(move |_| Box::pin(fetch(untrack(&key))));
    Resource::new(watched, fetch)
}

/// A part of the page's path, by its name in the route.
pub fn param(name: &'static str) -> String {
    use_params_map().read_untracked().get(name).unwrap_or_default()
}

/// A part of the page's query, by its name; empty if it is not there.
pub fn asked(name: &'static str) -> String {
    use_query_map().with(|query| query.get(name).unwrap_or_default())
}

/// Renders what `resource` brings, or the sentence for why it did not come, with the fitting status.
pub fn loaded<T, V>(
    resource: Resource<Result<Json, AppError>>,
    render: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    view! {
        <Suspense>
            {move || {
                let render = render.clone();
                Suspend::new(async move {
                    match resource.await.and_then(|json| json.read()) {
                        Ok(value) => render(value).into_any(),
                        Err(error) => view! { <Failed error=error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// As [`loaded`], for pages that bring their own [`Stage`], which a failure must not miss: it wears the look of the
/// workspace in the address.
pub fn staged<T, V>(
    resource: Resource<Result<Json, AppError>>,
    render: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    branded(brand_of_failure(resource), resource, move |value, _| {
        render(value)
    })
}

/// The look of the workspace in the address. A page that came knows it by itself.
fn brand_of_failure(resource: Resource<Result<Json, AppError>>) -> Resource<Result<Json, AppError>> {
    let slug = param("slug");
    let fetch = move |slug: String| async move {
        match resource.await {
            Err(_) => load_brand(slug, String::new()).await,
            Ok(_) => Err(ErrorCode::NotFound.into()),
        }
    };
    page_data(move || slug.clone(), fetch)
}

/// As [`staged`], where `brand` brings the look of the page too, or an error for ours.
pub fn branded<T, V>(
    brand: Resource<Result<Json, AppError>>,
    resource: Resource<Result<Json, AppError>>,
    render: impl Fn(T, Option<Brand>) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    view! {
        <Suspense>
            {move || {
                let render = render.clone();
                Suspend::new(async move {
                    let (json, brand) = with_brand(brand, resource).await;
                    match json.and_then(|json| json.read()) {
                        Ok(value) => render(value, brand).into_any(),
                        Err(error) => failed_stage(error, brand),
                    }
                })
            }}
        </Suspense>
    }
}

async fn with_brand(
    brand: Resource<Result<Json, AppError>>,
    resource: Resource<Result<Json, AppError>>,
) -> (Result<Json, AppError>, Option<Brand>) {
    let brand = brand.await.and_then(|json| json.read()).ok().flatten();
    (resource.await, brand)
}

fn failed_stage(error: AppError, brand: Option<Brand>) -> AnyView {
    let title = i18n::problem_title(i18n::use_locale(), error.code);
    view! { <Stage title=title brand=brand><Failed error=error /></Stage> }.into_any()
}

/// A page that could not be shown.
#[component]
pub fn Failed(
    /// Why.
    error: AppError,
) -> impl IntoView {
    let l = i18n::use_locale();
    #[cfg(feature = "ssr")]
    if error.code != iam_types::ErrorCode::SignInRequired {
        crate::server::context::set_status(error.code.status());
    }
    let again = (error.code == iam_types::ErrorCode::SignInAgain).then(|| {
        let href = crate::paths::workspace_login_again(&param("slug"));
        view! { <p><a class="button" href=href>{text!(l, login.title)}</a></p> }
    });
    view! {
        <div class="notice notice-danger" role="alert">
            <h1>{i18n::problem_title(l, error.code)}</h1>
            <p>{i18n::error_text(l, error.code)}</p>
            {again}
            <p><a href="/">{text!(l, problem.home)}</a></p>
        </div>
    }
}
