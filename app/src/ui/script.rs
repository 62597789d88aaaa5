//! Scripts of a few lines that stand in the page itself: an island would let the page fetch all of them.

use leptos::{nonce::use_nonce, prelude::*};

/// A script without what it says to its readers.
#[component]
pub fn PageScript(
    /// Its source.
    source: &'static str,
) -> impl IntoView {
    let lines = source.lines();
    let code: Vec<_> = lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    view! { <script type="module" nonce=use_nonce()>{code.join("\n")}</script> }
}
