//! Whether a page and the code that is to take it over are of one build.

/// The hash of the sources that both halves are made from (see `build.rs`).
pub const FINGERPRINT: &str = env!("ROOIAM_FINGERPRINT");

/// Whether the page at hand was rendered from the sources that this code is made from. The names of files see to it,
/// but not where somebody replaced only the server or only the site folder: code that takes over a page of another
/// build changes what it does not know, while a page without its code still works.
#[cfg(feature = "hydrate")]
pub fn fits() -> bool {
    let page = leptos::prelude::document()
        .document_element()
        .and_then(|html| html.get_attribute("data-fingerprint"));
    page.as_deref() == Some(FINGERPRINT)
}
