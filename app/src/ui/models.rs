//! Which models of authenticators count, as a form.

use crate::{
    i18n, text,
    ui::{
        form::{Checkbox, Field},
        told::concerns,
    },
};
use iam_types::{ErrorCode, view::ModelsView};
use leptos::prelude::*;

/// What there is to choose from.
const LIST: &str = "known-models";

/// The fields, in a panel of their own. A name is searched for as it is typed, by the browser alone.
#[component]
pub fn ModelsFields(
    /// The models.
    view: ModelsView,
    /// Where that counts.
    #[prop(into)]
    hint: String,
    /// Whether they stay as they are.
    disabled: bool,
    /// Why they could not be changed.
    error: Option<ErrorCode>,
) -> impl IntoView {
    let l = i18n::use_locale();
    let none = view
        .named
        .is_empty()
        .then(|| view! { <p>{text!(l, models.any)}</p> });
    let named: Vec<_> = view
        .named
        .into_iter()
        .map(|model| {
            let label = if model.name == model.id {
                model.id.clone()
            } else {
                format!("{} ({})", model.name, model.id)
            };
            view! { <Checkbox name="models[]" value=model.id label=label ticked=true /> }
        })
        .collect();
    let named = (!named.is_empty()).then(|| {
        view! {
            <fieldset>
                <legend>{text!(l, models.named)}</legend>
                {named}
            </fieldset>
        }
    });
    let options: Vec<_> = view
        .offered
        .into_iter()
        .map(|name| view! { <option value=name></option> })
        .collect();
    let wrong = concerns(error, &[ErrorCode::UnknownModel, ErrorCode::TooMany]);
    view! {
        <fieldset class="panel" disabled=disabled>
            <h2>{text!(l, models.title)}</h2>
            <p class="hint">{text!(l, models.lead)} " " {hint}</p>
            {none}
            {named}
            <Field name="added" label=text!(l, models.add) hint=text!(l, models.add_hint) optional=true list=LIST wrong=wrong />
            <datalist id=LIST>{options}</datalist>
            <button class="button">{text!(l, common.save)}</button>
        </fieldset>
    }
}
