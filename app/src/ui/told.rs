//! What the last form came to, told once: without scripts it comes with the page, with them with the form's answer. It is
//! never in the address, where anybody could write it.

use iam_types::{
    ErrorCode,
    view::{Done, Told},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What is to be told.
#[derive(Clone, Copy)]
pub struct Telling(RwSignal<Option<Told>>);

/// The form that a field is in.
#[derive(Clone, Copy)]
pub struct InForm(pub &'static str);

/// Makes what came with the page known to all of it.
pub fn provide_telling() {
    provide_context(Telling(RwSignal::new(came_along())));
}

#[cfg(feature = "hydrate")]
fn came_along() -> Option<Told> {
    let html = document().document_element()?;
    serde_json::from_str(&html.get_attribute("data-told")?).ok()
}

#[cfg(all(feature = "ssr", not(feature = "hydrate")))]
fn came_along() -> Option<Told> {
    crate::server::outcome::told()
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
fn came_along() -> Option<Told> {
    None
}

impl Telling {
    /// Of this page's context.
    pub fn here() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(None)))
    }

    /// Tells something else, or nothing.
    pub fn set(self, told: Option<Told>) {
        self.0.set(told);
    }

    /// Forgets what another page was to tell.
    pub fn forget_elsewhere(self) {
        let page = use_location().pathname.get_untracked();
        let elsewhere = self
            .0
            .with_untracked(|told| told.as_ref().is_some_and(|told| told.page != page));
        if elsewhere {
            self.0.set(None);
        }
    }

    /// What is told on this page. One copy of one type: a reader for each part would be more for the browser to download.
    fn on_this_page(self) -> Option<Told> {
        let page = use_location().pathname.get_untracked();
        self.0.get().filter(|told| told.page == page)
    }
}

/// Why the form at `form` failed, if it led here.
pub fn failure_of(form: &str) -> Option<ErrorCode> {
    untrack(told_of(form))?.error
}

/// To how many the form that led here did `done`; nothing if it did not.
pub fn done(done: Done) -> Option<usize> {
    let told = Telling::here().on_this_page()?;
    (told.done == Some(done)).then_some(told.count)
}

/// The lines that the form at `form` did not take.
pub fn refused(form: &str) -> Option<Vec<(String, ErrorCode)>> {
    let told = told_of(form)()?;
    (!told.refused.is_empty()).then_some(told.refused)
}

/// What was typed into the field `name` of the form that this is called in.
pub fn typed(name: &str) -> Option<String> {
    typed_all(name)?.into_iter().next()
}

/// All values of the field `name`; nothing where nothing of the form was kept.
pub fn typed_all(name: &str) -> Option<Vec<String>> {
    let InForm(form) = use_context()?;
    let told = untrack(told_of(form))?;
    let any = !told.typed.is_empty();
    let values = told.typed.into_iter().filter(|(field, _)| field == name);
    any.then(|| values.map(|(_, value)| value).collect())
}

fn told_of(form: &str) -> impl Fn() -> Option<Told> {
    move || Telling::here().on_this_page().filter(|told| told.form == form)
}
