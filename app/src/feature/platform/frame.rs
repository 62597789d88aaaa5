//! The shell of pages for operators.

use crate::{
    AppError,
    layout::{AppLayout, Width, loaded},
};
use leptos::prelude::*;

/// A page for operators, when `load` has come; `trail` leads to it.
pub fn operated<T, V>(
    title: String,
    width: Width,
    trail: Vec<(String, String)>,
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    render: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    loaded(load, move |value| {
        view! { <AppLayout title=title platform=true width=width trail=trail>{render(value)}</AppLayout> }
    })
}
