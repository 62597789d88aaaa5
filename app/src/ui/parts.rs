//! Small parts that say how something is.

use super::icon::{Glyph, Icon};
use crate::i18n::{self, Locale};
use leptos::prelude::*;

/// How good something is. Colours never say it alone: each tone but the first has a sign, and words stand beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// It just is.
    #[default]
    Neutral,
    /// It is as it should be.
    Good,
    /// Somebody should look.
    Warn,
    /// It does not work.
    Bad,
}

impl Tone {
    /// All of them, for the page that shows every part.
    pub const ALL: [Self; 4] = [Self::Neutral, Self::Good, Self::Warn, Self::Bad];

    const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    const fn glyph(self) -> Option<Glyph> {
        match self {
            Self::Neutral => None,
            Self::Good => Some(Glyph::Done),
            Self::Warn => Some(Glyph::Warning),
            Self::Bad => Some(Glyph::Danger),
        }
    }
}

/// A word on a state.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    text: String,
    /// How good that is.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    let glyph = tone.glyph().map(|glyph| view! { <Icon glyph=glyph /> });
    view! { <span class=format!("badge {}", tone.class())>{glyph} {text}</span> }
}

/// A few sentences on a state.
#[component]
pub fn Notice(
    /// How good that is.
    #[prop(optional)]
    tone: Tone,
    /// Whether it is news: it is read aloud when the page comes.
    #[prop(optional)]
    news: bool,
    /// The sentences.
    children: Children,
) -> impl IntoView {
    let glyph = tone.glyph().map(|glyph| view! { <Icon glyph=glyph /> });
    view! {
        <div class=format!("notice {}", tone.class()) role=news.then_some("status")>{glyph} <div>{children()}</div></div>
    }
}

/// Says that a list is empty, and what to do about it.
#[component]
pub fn Empty(
    /// What it would hold.
    glyph: Glyph,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// What to press.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph />
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// A moment as people say it, with the exact one behind it. Both in Unix seconds.
pub fn moment(l: Locale, at: i64, now: i64) -> impl IntoView {
    let machine = i18n::exact(at, None).replace(' ', "T").replace("TUTC", "Z");
    view! { <time datetime=machine title=i18n::exact(at, i18n::use_clock())>{i18n::ago(l, at, now)}</time> }
}
