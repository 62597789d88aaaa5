//! People, as operators see them.

use super::{
    api::{
        BeginUserRecovery, DisableUser, EnableUser, EndUserSessions, WithdrawUserRecovery, load_user,
        load_users,
    },
    frame::operated,
    sessions::sessions,
};
use crate::{
    i18n::{self, Locale},
    layout::Width,
    paths, text,
    ui::{
        avatar::Avatar,
        form::{FormError, PostForm, Search, first_of},
        icon::Glyph,
        pager::Pager,
        parts::{Badge, Empty, Notice, Tone, moment},
        query::{asked, param},
        recovery::{RecoveryForms, recovery_panel},
        told::failure,
        words::role_name,
    },
};
use iam_types::view::{UserCard, UserView, UserWorkspace, UsersView};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/platform/people`
#[component]
pub fn UsersPage() -> impl IntoView {
    let l = i18n::use_locale();
    let (search, after) = (asked("q"), asked("after"));
    let view = load_users(search.clone(), after.clone());
    let render = move |view: UsersView| {
        let next = view.people.next.map(|next| paths::users_page(&search, &next));
        let rows: Vec<_> = view
            .people
            .rows
            .into_iter()
            .map(|person| row(l, person, view.now))
            .collect();
        let list = if rows.is_empty() {
            view! { <Empty glyph=Glyph::Members text=text!(l, platform.nobody_found) /> }.into_any()
        } else {
            view! {
                <div class="table-box">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{text!(l, common.name)}</th>
                                <th scope="col" class="wide-only">{text!(l, platform.first_seen)}</th>
                                <th scope="col">{text!(l, platform.status)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        view! {
            <h1>{text!(l, platform.people)}</h1>
            <Search action=paths::USERS label=text!(l, members.search) value=search />
            {list}
            <Pager first=(!after.is_empty()).then(|| paths::USERS.to_owned()) next=next />
        }
    };
    operated(text!(l, platform.people), Width::List, Vec::new(), view, render)
}

fn row(l: Locale, person: UserCard, now: i64) -> impl IntoView {
    let (name, email) = names(&person);
    view! {
        <tr>
            <td>
                <span class="who">
                    <Avatar name=name.clone() picture=person.picture.clone() />
                    <span>
                        <a href=paths::user(person.id) dir="auto">{name}</a>
                        {email.map(|email| view! { <span class="hint" dir="auto">{email}</span> })}
                    </span>
                </span>
            </td>
            <td class="wide-only">{moment(l, person.created_at, now)}</td>
            <td class="tight">{state(l, person.disabled)}</td>
        </tr>
    }
}

fn state(l: Locale, disabled: bool) -> impl IntoView {
    let (tone, word) = if disabled {
        (Tone::Bad, text!(l, platform.disabled))
    } else {
        (Tone::Good, text!(l, platform.active))
    };
    view! { <Badge text=word tone=tone /> }
}

/// What to call a person, and the address besides, if that is not it.
fn names(person: &UserCard) -> (String, Option<String>) {
    if person.display_name.is_empty() {
        (person.email.clone(), None)
    } else {
        (person.display_name.clone(), Some(person.email.clone()))
    }
}

/// `/platform/people/{id}`
#[component]
pub fn UserPage() -> impl IntoView {
    let l = i18n::use_locale();
    let id = param("id");
    let view = load_user(id);
    let render = move |view: UserView| person(l, view);
    let trail = vec![(paths::USERS.to_owned(), text!(l, platform.people))];
    operated(text!(l, platform.people), Width::Form, trail, view, render)
}

fn person(l: Locale, view: UserView) -> impl IntoView {
    let error = first_of([
        failure::<DisableUser>(),
        failure::<EnableUser>(),
        failure::<EndUserSessions>(),
    ]);
    let rows: Vec<_> = view
        .workspaces
        .into_iter()
        .map(|place| place_row(l, place))
        .collect();
    let places = if rows.is_empty() {
        view! { <Empty glyph=Glyph::Workspaces text=text!(l, platform.in_none) /> }.into_any()
    } else {
        view! {
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, common.name)}</th>
                            <th scope="col">{text!(l, members.role)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let id = view.person.id.to_string();
    let change = view.may_update.then(|| {
        let sessions = (!view.sessions.is_empty()).then(|| end_sessions(l, id.clone()));
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
    let recovery = view.recovery.map(|recovery| {
        let forms = RecoveryForms {
            begin: BeginUserRecovery::url(),
            withdraw: WithdrawUserRecovery::url(),
            about: vec![("id", view.person.id.to_string())],
            begin_error: failure::<BeginUserRecovery>(),
            withdraw_error: failure::<WithdrawUserRecovery>(),
            by_operators: true,
        };
        recovery_panel(l, recovery, forms)
    });
    let (name, _) = names(&view.person);
    view! {
        <h1 dir="auto">{name} " " {state(l, view.person.disabled)}</h1>
        {view.person.disabled.then(|| view! { <Notice tone=Tone::Bad><p>{text!(l, platform.disabled_lead)}</p></Notice> })}
        <FormError error=error />
        <section class="panel">
            <dl class="facts">
                <dt>{text!(l, common.email)}</dt>
                <dd dir="auto">{view.person.email}</dd>
                <dt>{text!(l, platform.first_seen)}</dt>
                <dd>{moment(l, view.person.created_at, view.now)}</dd>
                <dt>{text!(l, account.sessions)}</dt>
                <dd>{view.sessions.len()}</dd>
            </dl>
        </section>
        {sessions(l, &view.person.id.to_string(), view.sessions, view.now, view.may_update)}
        <section class="part">
            <h2>{text!(l, common.workspaces)}</h2>
            {places}
        </section>
        {recovery}
        {change}
    }
}

fn place_row(l: Locale, place: UserWorkspace) -> impl IntoView {
    let name = if place.is_platform {
        view! { <strong>{place.name.clone()}</strong> }.into_any()
    } else {
        view! { <a href=paths::platform_workspace(&place.slug) dir="auto">{place.name.clone()}</a> }
            .into_any()
    };
    view! {
        <tr>
            <td>
                <span class="who">
                    <Avatar name=place.name square=true />
                    <span>{name} <span class="hint" dir="ltr">{place.slug.to_string()}</span></span>
                </span>
            </td>
            <td class="tight"><Badge text=role_name(l, place.role) /></td>
        </tr>
    }
}

fn end_sessions(l: Locale, id: String) -> impl IntoView {
    view! {
        <section class="panel">
            <PostForm to=EndUserSessions::url()>
                <input type="hidden" name="id" value=id />
                <p>{text!(l, platform.end_sessions_hint)}</p>
                <button class="button quiet">{text!(l, platform.end_sessions)}</button>
            </PostForm>
        </section>
    }
}

fn disable(l: Locale, id: String) -> impl IntoView {
    view! {
        <details class="panel danger-zone">
            <summary>{text!(l, platform.disable)}</summary>
            <PostForm to=DisableUser::url()>
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
            <PostForm to=EnableUser::url()>
                <input type="hidden" name="id" value=id />
                <p>{text!(l, platform.enable_hint)}</p>
                <button class="button">{text!(l, platform.enable)}</button>
            </PostForm>
        </section>
    }
}
