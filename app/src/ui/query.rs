//! What a page was asked for.

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
