//! Pages about workspaces.

use super::api::{CreateWorkspace, UpdateWorkspace, load_home, load_settings, load_workspaces};
use crate::{
    feature::members::Answer,
    i18n, paths, text,
    ui::{
        form::{Choice, Field, FormError, concerns, failure},
        layout::{Frame, Stage, role_name},
        load::loaded,
    },
};
use iam_types::{
    ErrorCode, Permission, Slug,
    view::{WorkspaceCard, WorkspaceSettingsView, WorkspacesView},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/`
#[component]
pub fn Home() -> impl IntoView {
    let l = i18n::use_locale();
    let home = Resource::new(|| (), |()| load_home());
    let render = move |()| view! { <p><a href=paths::WORKSPACES>{text!(l, common.workspaces)}</a></p> };
    view! { <Stage title=text!(l, common.workspaces)>{loaded(home, render)}</Stage> }
}

/// `/workspaces`
#[component]
pub fn WorkspacesPage() -> impl IntoView {
    let l = i18n::use_locale();
    let (accept, decline) = (ServerAction::new(), ServerAction::new());
    let cards = Resource::new(
        move || (accept.version().get(), decline.version().get()),
        |_| load_workspaces(),
    );
    let render = move |view: WorkspacesView| {
        let empty = (view.workspaces.is_empty() && view.invitations.is_empty())
            .then(|| view! { <p class="empty">{text!(l, workspace.empty)}</p> });
        let waiting = view.invitations.into_iter().map(|waiting| {
            let lead = text!(
                l,
                invitations.join_lead,
                inviter = waiting.invited_by.clone(),
                role = role_name(l, waiting.role)
            );
            view! {
                <section class="panel">
                    <h2>{text!(l, invitations.join, workspace = waiting.workspace.clone())}</h2>
                    <p>{lead}</p>
                    <Answer waiting=waiting accept=accept decline=decline />
                </section>
            }
        });
        view! {
            <div class="heading">
                <h1>{text!(l, workspace.title)}</h1>
                <a class="button" href=paths::NEW_WORKSPACE>{text!(l, workspace.create)}</a>
            </div>
            {waiting.collect_view()}
            {empty}
            <ul class="rows">{view.workspaces.into_iter().map(|card| row(l, card)).collect_view()}</ul>
        }
    };
    view! { <Frame title=text!(l, workspace.title)>{loaded(cards, render)}</Frame> }
}

fn row(l: i18n::Locale, card: WorkspaceCard) -> impl IntoView {
    let leave = text!(l, members.leave_title, slug = card.slug.to_string());
    let name = view! {
        <strong>{card.name}</strong>
        <span class="hint">{card.slug.to_string()}</span>
    };
    let suspended = card.suspended.map(
        |reason| view! { <span class="hint">{text!(l, platform.suspended_because, reason = reason)}</span> },
    );
    let enters = card.role.allows(Permission::AppRead) && suspended.is_none();
    let name = view! { {name} {suspended} };
    let name = if enters {
        let href = if card.slug == Slug::platform() {
            paths::PLATFORM.to_owned()
        } else {
            paths::apps(&card.slug)
        };
        view! { <a class="row-link" href=href>{name}</a> }.into_any()
    } else {
        view! { <div class="row-link">{name}</div> }.into_any()
    };
    view! {
        <li class="row">
            {name}
            <span class="badge">{role_name(l, card.role)}</span>
            <a class="hint" href=paths::leave(&card.slug) aria-label=leave>{text!(l, members.leave)}</a>
        </li>
    }
}

/// `/workspaces/new`
#[component]
pub fn NewWorkspacePage() -> impl IntoView {
    let l = i18n::use_locale();
    let viewer = Resource::new(|| (), |()| load_workspaces());
    let action = ServerAction::<CreateWorkspace>::new();
    let error = failure(action.value());
    let render = move |_: WorkspacesView| {
        view! {
            <h1>{text!(l, workspace.new_title)}</h1>
            <p>{text!(l, workspace.new_lead)}</p>
            <FormError error=error />
            <ActionForm action=action>
                <Field name="name" label=text!(l, common.name) hint=text!(l, workspace.name_hint) autocomplete="organization"
                    wrong=concerns(error, &[ErrorCode::InvalidName]) />
                <Field name="slug" label=text!(l, workspace.slug) hint=text!(l, workspace.slug_hint)
                    wrong=concerns(error, &[ErrorCode::InvalidSlug, ErrorCode::SlugReserved, ErrorCode::SlugTaken]) />
                <div class="actions">
                    <button class="button" disabled=move || action.pending().get()>{text!(l, workspace.create)}</button>
                    <a class="button quiet" href=paths::WORKSPACES>{text!(l, common.cancel)}</a>
                </div>
            </ActionForm>
        }
    };
    view! { <Frame title=text!(l, workspace.new_title)>{loaded(viewer, render)}</Frame> }
}

/// `/w/{slug}/admin/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    let saved = use_query_map();
    let action = ServerAction::<UpdateWorkspace>::new();
    let error = failure(action.value());
    let view = Resource::new(
        move || (slug.clone(), action.version().get()),
        |(slug, _)| load_settings(slug),
    );
    let render = move |view: WorkspaceSettingsView| {
        let title = text!(l, workspace.settings_title);
        let slug = view.workspace.slug.to_string();
        view! {
            <Frame title=title.clone() workspace=view.workspace.clone()>
                <h1>{title}</h1>
                {saved.read_untracked().get("saved").map(|_| view! { <p class="notice" role="status">{text!(l, common.saved)}</p> })}
                <FormError error=error />
                <ActionForm action=action>
                    <input type="hidden" name="slug" value=slug />
                    <fieldset disabled=!view.may_update>
                        <Field name="name" label=text!(l, common.name) value=view.workspace.name wrong=concerns(error, &[ErrorCode::InvalidName]) />
                        <fieldset>
                            <legend>{text!(l, workspace.admission)}</legend>
                            <Choice name="admission" value="members" label=text!(l, workspace.admission_members) chosen=view.admission == "members" />
                            <Choice name="admission" value="open" label=text!(l, workspace.admission_open) chosen=view.admission == "open" />
                        </fieldset>
                        <button class="button" disabled=move || action.pending().get()>{text!(l, common.save)}</button>
                    </fieldset>
                </ActionForm>
            </Frame>
        }
    };
    loaded(view, render)
}
