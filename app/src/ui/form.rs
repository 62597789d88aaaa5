//! Fields with label, hint and error tied together.

use super::{
    raw::area_text,
    told::{done, refused, typed, typed_all},
    words::role_name,
};
use crate::{AppError, i18n, paths, text};
use iam_types::{ErrorCode, Role, view::Done};
use leptos::{either::Either, prelude::*};

/// The sentence for the last failure of a form, announced when it appears.
#[component]
pub fn FormError(
    /// The action's last outcome.
    #[prop(into)]
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <div aria-live="assertive">
            {move || {
                error.get().map(|error| view! {
                    <p class="notice notice-danger" role="alert" id="form-error">
                        {i18n::error_text(l, error.code)}
                        {(error.code == ErrorCode::SignInAgain).then(|| view! { " " <a href=paths::LOGIN_AGAIN>{text!(l, login.title)}</a> })}
                    </p>
                })
            }}
        </div>
    }
}

/// A form that hurts: folded away, and open when it went wrong, so that what is wrong is seen.
#[component]
pub fn Folded(
    /// What it does.
    #[prop(into)]
    title: String,
    /// The last failure.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="panel" open=move || error.get().is_some()>
            <summary>{title}</summary>
            <FormError error=error />
            {children()}
        </details>
    }
}

/// The failure in an action's value.
pub fn failure<T: 'static>(
    value: impl Get<Value = Option<Result<T, AppError>>> + Send + Sync + 'static,
) -> Signal<Option<AppError>> {
    Signal::derive(move || value.get().and_then(Result::err))
}

/// Fields that begin anew once their form has done its work, and keep what was typed when it has not.
pub fn fresh<T: 'static, V: IntoView + 'static>(
    value: impl Get<Value = Option<Result<T, AppError>>> + Send + Sync + 'static,
    fields: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let successes = Memo::new(move |last: Option<&usize>| {
        let last = last.copied().unwrap_or_default();
        last + usize::from(matches!(value.get(), Some(Ok(_))))
    });
    view! { <For each=move || [successes.get()] key=|count| *count children=move |_| fields() /> }
}

/// The first failure of several actions.
pub fn any_failure<const N: usize>(errors: [Signal<Option<AppError>>; N]) -> Signal<Option<AppError>> {
    Signal::derive(move || errors.iter().find_map(Get::get))
}

/// Says so when the page came up after something was saved.
#[component]
pub fn Saved() -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <Show when=|| done(Done::Saved).is_some()>
            <p class="notice" role="status">{text!(l, common.saved)}</p>
        </Show>
    }
}

/// Names the lines that a form did not take, which stay in its field.
#[component]
pub fn RefusedLines(
    /// The form's address.
    form: &'static str,
) -> impl IntoView {
    let l = i18n::use_locale();
    let line = move |(line, code): (String, ErrorCode)| view! { <li><code>{line}</code> " " {i18n::error_text(l, code)}</li> };
    move || {
        refused(form).map(|lines| {
            view! {
                <div class="notice notice-danger" role="alert" id="form-error">
                    <p>{text!(l, common.refused)}</p>
                    <ul>{lines.into_iter().map(line).collect::<Vec<_>>()}</ul>
                </div>
            }
        })
    }
}

/// Whether the last failure is about one of `codes`.
pub fn concerns(error: Signal<Option<AppError>>, codes: &'static [ErrorCode]) -> Signal<bool> {
    Signal::derive(move || {
        error
            .get()
            .is_some_and(|error| codes.iter().any(|code| error.code.goes_with(*code)))
    })
}

/// A text field.
#[component]
pub fn Field(
    /// Form name, also the id unless there is another.
    name: &'static str,
    /// The id, where the page has another field of this name.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Label.
    #[prop(into)]
    label: String,
    /// Explanation below the label.
    #[prop(into, optional)]
    hint: String,
    /// Autofill name.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// First value.
    #[prop(into, optional)]
    value: String,
    /// On-screen keyboard.
    #[prop(default = "text")]
    inputmode: &'static str,
    /// Whether the last failure is about this field.
    #[prop(into, optional)]
    wrong: Signal<bool>,
    /// More than one line.
    #[prop(optional)]
    lines: Option<u32>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let value = typed(name).unwrap_or(value);
    let hint_id = format!("{id}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    let describedby = move || match (described.clone(), wrong.get()) {
        (Some(hint), true) => Some(format!("{hint} form-error")),
        (None, true) => Some("form-error".to_owned()),
        (hint, false) => hint,
    };
    // Not of the type `email`: browsers then refuse what mail programs put on the clipboard, names and invisible signs with it.
    let as_typed = (inputmode == "email").then_some("none");
    let invalid = move || wrong.get().then_some("true");
    let input = match lines {
        Some(rows) => Either::Left(view! {
            <textarea id=id name=name rows=rows required=!optional spellcheck="false" aria-describedby=describedby aria-invalid=invalid>{area_text(value)}</textarea>
        }),
        None => Either::Right(view! {
            <input id=id name=name type="text" value=value required=!optional autocomplete=autocomplete inputmode=inputmode autocapitalize=as_typed
                aria-describedby=describedby aria-invalid=invalid />
        }),
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {input}
        </div>
    }
}

/// Searches a list: a plain GET form, so that the search is part of the address.
#[component]
pub fn Search(
    /// Address of the list.
    #[prop(into)]
    action: String,
    /// What is searched.
    #[prop(into)]
    label: String,
    /// The current search.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <form class="search" role="search" method="get" action=action>
            <input type="search" name="q" value=value aria-label=label.clone() placeholder=label maxlength="80" />
            <button class="button quiet">{text!(l, common.search)}</button>
        </form>
    }
}

/// What a form is about: something of a workspace.
#[component]
pub fn About(
    /// The workspace's address.
    #[prop(into)]
    slug: String,
    /// Which thing.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    view! {
        <input type="hidden" name="slug" value=slug />
        <input type="hidden" name="id" value=id />
    }
}

/// Chooses a role.
#[component]
pub fn RoleSelect(
    /// The roles to choose from.
    roles: Vec<Role>,
    /// The current one.
    chosen: Role,
) -> impl IntoView {
    let l = i18n::use_locale();
    let chosen = typed("role").and_then(|role| role.parse().ok()).unwrap_or(chosen);
    let options = roles.into_iter().map(|role| {
        view! { <option value=role.as_str() selected=role == chosen>{role_name(l, role)}</option> }
    });
    view! {
        <div class="field">
            <label for="role">{text!(l, members.role)}</label>
            <select id="role" name="role">{options.collect_view()}</select>
        </div>
    }
}

/// Chooses how old a sign-in may be.
#[component]
pub fn FreshSelect(
    /// Form name and id.
    name: &'static str,
    /// Label.
    #[prop(into)]
    label: String,
    /// Explanation below the label.
    #[prop(into)]
    hint: String,
    /// The current choice in seconds, empty for none.
    #[prop(into)]
    chosen: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    let chosen = typed(name).unwrap_or(chosen);
    let options: Vec<_> = [
        ("", text!(l, workspace.fresh_any)),
        ("3600", text!(l, workspace.fresh_hour)),
        ("28800", text!(l, workspace.fresh_shift)),
        ("86400", text!(l, workspace.fresh_day)),
        ("604800", text!(l, workspace.fresh_week)),
    ]
    .into_iter()
    .map(|(value, label)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{label}</option> }
    })
    .collect();
    let hint_id = format!("{name}-hint");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <p class="hint" id=hint_id.clone()>{hint}</p>
            <select id=name name=name aria-describedby=hint_id>{options}</select>
        </div>
    }
}

/// A box to tick.
#[component]
pub fn Tick(
    /// Form name.
    name: &'static str,
    /// Form value.
    #[prop(into)]
    value: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// Whether it is ticked at first.
    ticked: bool,
    /// Whether it stays as it is.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    let ticked = typed_all(name).map_or(ticked, |values| values.contains(&value));
    view! {
        <label class="choice">
            <input type="checkbox" name=name value=value checked=ticked disabled=disabled />
            <span>{label}</span>
        </label>
    }
}

/// One of a few choices.
#[component]
pub fn Choice(
    /// Form name.
    name: &'static str,
    /// Form value.
    value: &'static str,
    /// Label.
    #[prop(into)]
    label: String,
    /// Whether it is chosen at first.
    chosen: bool,
) -> impl IntoView {
    let chosen = typed(name).map_or(chosen, |typed| typed == value);
    view! {
        <label class="choice">
            <input type="radio" name=name value=value checked=chosen />
            <span>{label}</span>
        </label>
    }
}
