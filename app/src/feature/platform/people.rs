//! People, as operators see them.

use super::{
    api::{DisablePerson, EnablePerson, EndPersonSessions, load_people, load_person},
    frame::operated,
};
use crate::{
    i18n::{self, Locale},
    paths, text,
    ui::{
        form::{FormError, PostForm, Search, first_of},
        pager::Pager,
        query::{asked, param},
        told::failure,
        words::role_name,
    },
};
use iam_types::view::{PeopleView, PersonCard, PersonView};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/platform/people`
#[component]
pub fn PeoplePage() -> impl IntoView {
    let l = i18n::use_locale();
    let (search, after) = (asked("q"), asked("after"));
    let view = load_people(search.clone(), after.clone());
    let render = move |view: PeopleView| {
        let next = view.people.next.map(|next| paths::people_page(&search, &next));
        let empty = view
            .people
            .rows
            .is_empty()
            .then(|| view! { <p class="empty">{text!(l, platform.nobody_found)}</p> });
        let rows: Vec<_> = view
            .people
            .rows
            .into_iter()
            .map(|person| row(l, person, view.now))
            .collect();
        view! {
            <h1>{text!(l, platform.people)}</h1>
            <Search action=paths::PEOPLE label=text!(l, members.search) value=search />
            {empty}
            <ul class="rows">{rows}</ul>
            <Pager first=(!after.is_empty()).then(|| paths::PEOPLE.to_owned()) next=next />
        }
    };
    operated(text!(l, platform.people), view, render)
}

fn row(l: Locale, person: PersonCard, now: i64) -> impl IntoView {
    view! {
        <li class="row">
            <a class="row-link" href=paths::person(person.id)>
                <strong>{name_of(&person)}</strong>
                <span class="hint">{text!(l, platform.known, ago = i18n::ago(l, person.created_at, now))}</span>
            </a>
            {person.disabled.then(|| view! { <span class="badge">{text!(l, platform.disabled)}</span> })}
        </li>
    }
}

fn name_of(person: &PersonCard) -> String {
    if person.display_name.is_empty() {
        person.email.clone()
    } else {
        format!("{} ({})", person.display_name, person.email)
    }
}

/// `/platform/people/{id}`
#[component]
pub fn PersonPage() -> impl IntoView {
    let l = i18n::use_locale();
    let id = param("id");
    let view = load_person(id);
    let render = move |view: PersonView| person(l, view);
    operated(text!(l, platform.people), view, render)
}

fn person(l: Locale, view: PersonView) -> impl IntoView {
    let error = first_of([
        failure::<DisablePerson>(),
        failure::<EnablePerson>(),
        failure::<EndPersonSessions>(),
    ]);
    let empty = view
        .workspaces
        .is_empty()
        .then(|| view! { <p class="empty">{text!(l, platform.in_none)}</p> });
    let rows: Vec<_> = view
        .workspaces
        .into_iter()
        .map(|place| {
            let name = if place.is_platform {
                view! { <div class="row-link"><strong>{place.name}</strong></div> }.into_any()
            } else {
                view! {
                    <a class="row-link" href=paths::platform_workspace(&place.slug)>
                        <strong>{place.name}</strong>
                        <span class="hint">{place.slug.to_string()}</span>
                    </a>
                }
                .into_any()
            };
            view! { <li class="row">{name}<span class="badge">{role_name(l, place.role)}</span></li> }
        })
        .collect();
    let id = view.person.id.to_string();
    let change = view.may_update.then(|| {
        let sessions = (view.sessions > 0).then(|| end_sessions(l, id.clone()));
        let state = if view.person.disabled {
            enable(l, id).into_any()
        } else {
            disable(l, id).into_any()
        };
        view! {
            {sessions}
            {state}
        }
    });
    view! {
        <h1>{name_of(&view.person)}</h1>
        <p class="hint">
            {text!(l, platform.known, ago = i18n::ago(l, view.person.created_at, view.now))} " · "
            {text!(l, platform.signed_in, count = view.sessions)}
        </p>
        {view.person.disabled.then(|| view! { <p class="notice bad">{text!(l, platform.disabled_lead)}</p> })}
        <FormError error=error />
        <h2>{text!(l, common.workspaces)}</h2>
        {empty}
        <ul class="rows">{rows}</ul>
        {change}
    }
}

fn end_sessions(l: Locale, id: String) -> impl IntoView {
    view! {
        <section class="panel">
            <PostForm to=EndPersonSessions::url()>
                <input type="hidden" name="id" value=id />
                <p>{text!(l, platform.end_sessions_hint)}</p>
                <button class="button quiet">{text!(l, platform.end_sessions)}</button>
            </PostForm>
        </section>
    }
}

fn disable(l: Locale, id: String) -> impl IntoView {
    view! {
        <details class="panel">
            <summary>{text!(l, platform.disable)}</summary>
            <PostForm to=DisablePerson::url()>
                <input type="hidden" name="id" value=id />
                <p>{text!(l, platform.disable_hint)}</p>
                <button class="button danger">{text!(l, platform.disable)}</button>
            </PostForm>
        </details>
    }
}

fn enable(l: Locale, id: String) -> impl IntoView {
    view! {
        <section class="panel">
            <PostForm to=EnablePerson::url()>
                <input type="hidden" name="id" value=id />
                <p>{text!(l, platform.enable_hint)}</p>
                <button class="button">{text!(l, platform.enable)}</button>
            </PostForm>
        </section>
    }
}
