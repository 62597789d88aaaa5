//! What the last form came to, told once on the page that follows. It is never in the address, where anybody could write it.

use crate::server::outcome::{self, told};
use iam_types::{
    ErrorCode,
    view::{Done, Told},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The form that a field is in.
#[derive(Clone, Copy)]
pub struct InForm(pub &'static str);

/// Why the form to the server function `S` failed, if it led here.
pub fn failure<S: ServerFn>() -> Option<ErrorCode> {
    failure_of(S::url())
}

/// As [`failure`], of the form to any address.
pub fn failure_of(form: &str) -> Option<ErrorCode> {
    let code = told_of(form)?.error?;
    outcome::claim();
    Some(code)
}

/// Why a form failed that no part of the page, as far as it is built, has told of.
pub fn untold_failure() -> Option<ErrorCode> {
    if outcome::is_claimed() {
        None
    } else {
        told()?.error
    }
}

/// Whether a failure is about one of `codes`.
pub fn concerns(error: Option<ErrorCode>, codes: &[ErrorCode]) -> bool {
    error.is_some_and(|error| codes.iter().any(|code| error.goes_with(*code)))
}

/// To how many the form that led here did `done`; nothing if it did not.
pub fn done(done: Done) -> Option<usize> {
    told()
        .filter(|told| told.done == Some(done))
        .map(|told| told.count)
}

/// The lines that the form to `S` did not take.
pub fn refused<S: ServerFn>() -> Vec<(String, ErrorCode)> {
    told_of(S::url()).map(|told| told.refused).unwrap_or_default()
}

/// What was typed into the field `name` of the form that this is called in.
pub fn typed(name: &str) -> Option<String> {
    typed_all(name)?.into_iter().next()
}

/// What was typed into the field `name` of the form to `S`, which a page has several times.
pub fn typed_into<S: ServerFn>(name: &str) -> Option<String> {
    let typed = told_of(S::url())?.typed;
    typed
        .into_iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value)
}

/// All values of the field `name`; nothing where nothing of the form was kept.
pub fn typed_all(name: &str) -> Option<Vec<String>> {
    let InForm(form) = use_context()?;
    let told = told_of(form)?;
    let any = !told.typed.is_empty();
    let values = told.typed.into_iter().filter(|(field, _)| field == name);
    any.then(|| values.map(|(_, value)| value).collect())
}

fn told_of(form: &str) -> Option<Told> {
    told().filter(|told| told.form == form)
}
