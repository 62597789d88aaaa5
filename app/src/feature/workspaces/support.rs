//! Letting the operator's support in.

use super::api::{CloseSupport, OpenSupport};
use crate::{
    i18n::{self, Locale},
    text,
    ui::{
        form::{Field, FormError, PostForm, first_of},
        parts::{Notice, Tone, moment},
        told::{concerns, failure, typed},
    },
};
use iam_types::{ErrorCode, view::SupportWindow};
use leptos::{prelude::*, server_fn::ServerFn};

/// What support may do now, with the forms that change it.
pub fn support(
    l: Locale,
    slug: String,
    window: Option<SupportWindow>,
    now: i64,
    may_change: bool,
) -> impl IntoView {
    let error = first_of([failure::<OpenSupport>(), failure::<CloseSupport>()]);
    let state = match window {
        Some(window) => opened(l, slug, window, now, may_change).into_any(),
        None if may_change => closed(l, slug).into_any(),
        None => view! { <p>{text!(l, support.closed)}</p> }.into_any(),
    };
    view! {
        <section class="panel">
            <h2>{text!(l, support.title)}</h2>
            <FormError error=error />
            {state}
        </section>
    }
}

fn opened(l: Locale, slug: String, window: SupportWindow, now: i64, may_change: bool) -> impl IntoView {
    let visits: Vec<_> = window
        .visits
        .into_iter()
        .map(|visit| {
            view! { <li><span>{text!(l, support.came, email = visit.email)}</span> {moment(l, visit.at, now)}</li> }
        })
        .collect();
    let nobody = visits
        .is_empty()
        .then(|| view! { <p class="hint">{text!(l, support.nobody)}</p> });
    let end = may_change.then(|| {
        view! {
            <PostForm to=CloseSupport::url()>
                <input type="hidden" name="slug" value=slug />
                <button class="button quiet">{text!(l, support.close)}</button>
            </PostForm>
        }
    });
    view! {
        <Notice tone=Tone::Warn><p>{text!(l, support.open, email = window.opened_by, hours = hours_left(window.expires_at, now), reason = window.reason)}</p></Notice>
        {nobody}
        <ul class="log">{visits}</ul>
        {end}
    }
}

fn closed(l: Locale, slug: String) -> impl IntoView {
    let error = failure::<OpenSupport>();
    view! {
        <p>{text!(l, support.lead)}</p>
        <PostForm to=OpenSupport::url()>
            <input type="hidden" name="slug" value=slug />
            <Field name="reason" label=text!(l, support.reason) hint=text!(l, support.reason_hint)
                wrong=concerns(error, &[ErrorCode::InvalidText]) />
            <Hours />
            <button class="button quiet">{text!(l, support.let_in)}</button>
        </PostForm>
    }
}

#[component]
fn Hours() -> impl IntoView {
    let l = i18n::use_locale();
    let chosen = typed("hours");
    let options: Vec<_> = [1_u32, 8, 24, 72]
        .into_iter()
        .map(|hours| {
            let value = hours.to_string();
            let selected = chosen.as_ref() == Some(&value);
            view! { <option value=value selected=selected>{text!(l, support.hours, count = hours)}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for="hours">{text!(l, support.how_long)}</label>
            <select id="hours" name="hours">{options}</select>
        </div>
    }
}

/// Hours that are left, begun ones counted.
pub fn hours_left(until: i64, now: i64) -> i64 {
    (until - now).max(0).div_euclid(3600) + 1
}
