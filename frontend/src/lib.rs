//! The browser's half: takes over the pages that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the WASM is there.
#[wasm_bindgen]
pub fn hydrate() {
    if app::fits() {
        leptos::mount::hydrate_body(app::App);
    } else {
        leptos::logging::warn!("the page is of another build than its scripts, and goes on without them");
    }
}
