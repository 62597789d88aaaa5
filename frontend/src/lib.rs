//! The browser's half: the islands of pages that the server rendered.

// Its exports, by the islands' names, are what a page's script asks for.
use app as _;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the WASM is there, before it wakes the islands.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
