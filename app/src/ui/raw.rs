//! The two places of a document whose text the framework writes as it stands, though a parser reads markup out of it:
//! the title and a text area. Text of people gets there through here and nowhere else.

use leptos::prelude::*;
use leptos_meta::Title;

/// `text` as it is written there: escaped where the server writes HTML, as it is where a browser sets it by script.
fn written(text: String) -> String {
    #[cfg(feature = "ssr")]
    let text = html_escape::encode_text(&text).into_owned();
    text
}

/// The document's title.
#[component]
pub fn DocumentTitle(
    /// In plain text.
    text: String,
) -> impl IntoView {
    view! { <Title text=written(text) /> }
}

/// What a text area holds at first.
pub fn area_text(text: String) -> impl IntoView {
    written(text)
}
