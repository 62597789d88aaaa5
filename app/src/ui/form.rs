//! Fields with label, hint and error tied together.

use super::{
    icon::{Glyph, Icon},
    raw::area_text,
    told::{InForm, refused, typed, typed_all},
    words::role_name,
};
use crate::{i18n, paths, server::outcome, text};
use iam_types::{ErrorCode, Role, view::Done};
use leptos::{either::Either, prelude::*, server_fn::ServerFn};

/// A form that changes something. Its fields know which form they are in, and so what was typed into them.
#[component]
pub fn PostForm(
    /// Where it is sent.
    to: &'static str,
    /// Its fields.
    children: Children,
) -> impl IntoView {
    // Forms beside it must not see that.
    let inside = Owner::new();
    let fields = inside.with(|| {
        provide_context(InForm(to));
        children()
    });
    on_cleanup(move || drop(inside));
    view! { <form method="post" action=to>{fields}</form> }
}

/// The sentence for why a form failed. It is read first, and the way back to the fields is short.
#[component]
pub fn FormError(
    /// Why, if it did.
    error: Option<ErrorCode>,
) -> impl IntoView {
    let l = i18n::use_locale();
    error.map(|code| {
        view! {
            <div class="notice bad" role="alert" id="form-error" tabindex="-1" autofocus>
                <Icon glyph=Glyph::Danger />
                <div>
                    <p>
                        {i18n::error_text(l, code)}
                        {way_on(code).map(|href| view! { " " <a href=href>{i18n::problem_title(l, code)}</a> })}
                    </p>
                </div>
            </div>
        }
    })
}

/// Where whoever failed for lack of a sign-in gets one.
fn way_on(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::SignInAgain => Some(paths::LOGIN_AGAIN),
        ErrorCode::SecondFactorRequired => Some(paths::STEP_UP),
        ErrorCode::PasswordSpent => Some(paths::PASSWORD),
        _ => None,
    }
}

/// A form that hurts: folded away, and open when it went wrong, so that what is wrong is seen.
#[component]
pub fn Disclosure(
    /// What it does.
    #[prop(into)]
    title: String,
    /// Why it failed, if it did.
    error: Option<ErrorCode>,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="panel danger-zone" open=error.is_some()>
            <summary>{title}</summary>
            <FormError error=error />
            {children()}
        </details>
    }
}

/// The first failure of several forms.
pub fn first_of<const N: usize>(errors: [Option<ErrorCode>; N]) -> Option<ErrorCode> {
    errors.into_iter().flatten().next()
}

/// Says for a moment what the form that led here did, where the page itself does not show it. The shell has it.
#[component]
pub fn Toast() -> impl IntoView {
    let l = i18n::use_locale();
    let text = match outcome::told()?.done? {
        Done::Saved => text!(l, common.saved),
        Done::Removed => text!(l, members.removed),
        Done::Left => text!(l, members.left),
        Done::Joined => text!(l, joining.joined),
        Done::Asked => text!(l, joining.sent),
        Done::Withdrawn => text!(l, joining.withdrawn),
        Done::Admitted => text!(l, joining.admitted),
        Done::Declined => text!(l, joining.declined),
        Done::PasskeyAdded => text!(l, passkeys.added),
        Done::PasskeyRemoved => text!(l, passkeys.removed),
        Done::TwoStepOff => text!(l, two_step.turned_off),
        Done::PasswordSet => text!(l, password.saved),
        Done::PasswordRemoved => text!(l, password.removed),
        Done::AddressAdded => text!(l, addresses.added),
        Done::AddressPrimary => text!(l, addresses.made_primary),
        Done::AddressRemoved => text!(l, addresses.removed),
        Done::AccountKept => text!(l, deletion.kept),
        Done::Unlinked => text!(l, connections.unlinked),
        Done::Disconnected => text!(l, account.disconnected),
        Done::Changed | Done::Sent | Done::SignedOut | Done::Added | Done::Proved | Done::Unproved => {
            return None;
        }
    };
    Some(view! { <p class="notice good toast" role="status"><Icon glyph=Glyph::Done /> {text}</p> })
}

/// Names the lines that the form to `S` did not take, which stay in its field.
pub fn refused_lines<S: ServerFn>(l: i18n::Locale) -> impl IntoView {
    let lines: Vec<_> = refused::<S>()
        .into_iter()
        .map(|(line, code)| view! { <li><code>{line}</code> " " {i18n::error_text(l, code)}</li> })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <div class="notice bad" role="alert" id="form-error" tabindex="-1" autofocus>
                <Icon glyph=Glyph::Danger />
                <div>
                    <p>{text!(l, common.refused)}</p>
                    <ul>{lines}</ul>
                </div>
            </div>
        }
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
    #[prop(optional)]
    wrong: bool,
    /// More than one line.
    #[prop(optional)]
    lines: Option<u32>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// The most signs that belong into it.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// The list of what there is to choose from.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Whether the page is about nothing else. What went wrong is read first all the same.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let value = typed(name).unwrap_or(value);
    let hint_id = format!("{id}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    let describedby = match (described, wrong) {
        (Some(hint), true) => Some(format!("{hint} form-error")),
        (None, true) => Some("form-error".to_owned()),
        (hint, false) => hint,
    };
    // Not of the type `email`: browsers then refuse what mail programs put on the clipboard, names and invisible signs with it.
    let as_typed = (inputmode == "email").then_some("none");
    let invalid = wrong.then_some("true");
    let input = match lines {
        Some(rows) => Either::Left(view! {
            <textarea id=id name=name rows=rows required=!optional spellcheck="false" aria-describedby=describedby aria-invalid=invalid>{area_text(value)}</textarea>
        }),
        None => Either::Right(view! {
            <input id=id name=name type="text" value=value required=!optional autocomplete=autocomplete inputmode=inputmode autocapitalize=as_typed
                aria-describedby=describedby aria-invalid=invalid maxlength=maxlength list=list autofocus=first />
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

/// Chooses how long something may last, of what is offered.
#[component]
pub fn TimeSelect(
    /// Form name and id.
    name: &'static str,
    /// What is offered: seconds, or nothing for no limit, and in words.
    offered: Vec<(&'static str, String)>,
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
    let chosen = typed(name).unwrap_or(chosen);
    let options: Vec<_> = offered
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
pub fn Checkbox(
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

/// Asks for a picture.
#[component]
pub fn Picture(
    /// Label.
    #[prop(into)]
    label: String,
    /// What may come, and what becomes of it.
    #[prop(into)]
    hint: String,
    /// Whether it may be a drawing.
    #[prop(optional)]
    drawn: bool,
) -> impl IntoView {
    let accept = if drawn {
        "image/png,image/jpeg,image/webp,image/svg+xml"
    } else {
        "image/png,image/jpeg,image/webp"
    };
    view! {
        <div class="field">
            <label for="picture">{label}</label>
            <p class="hint" id="picture-hint">{hint}</p>
            <input id="picture" name="picture" type="file" required accept=accept aria-describedby="picture-hint" />
        </div>
    }
}
