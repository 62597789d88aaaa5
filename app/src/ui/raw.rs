//! The two places of a document whose text the framework writes as it stands, though a parser reads markup out of it:
//! the title and a text area. Text of people gets there through here and nowhere else.

use leptos::prelude::*;
use leptos_meta::Title;

fn written(text: String) -> String {
    html_escape::encode_text(&text).into_owned()
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
