//! Pages about workspaces.

use super::api::{CreateWorkspace, UpdateWorkspace, load_home, load_settings, load_workspaces};
use crate::{
    i18n, paths, text,
    ui::{
        form::{Choice, Field, FormError, concerns, failure},
        layout::{Frame, Stage, role_name},
        load::loaded,
    },
};
use iam_types::{
    ErrorCode,
    view::{WorkspaceCard, WorkspaceSettingsView},
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
    let cards = Resource::new(|| (), |()| load_workspaces());
    let render = move |cards: Vec<WorkspaceCard>| {
        let empty = cards
            .is_empty()
            .then(|| view! { <p class="empty">{text!(l, workspace.empty)}</p> });
        let rows = cards.into_iter().map(|card| {
            view! {
                <li class="row">
                    <a class="row-link" href=paths::apps(&card.slug)>
                        <strong>{card.name}</strong>
                        <span class="hint">{card.slug.to_string()}</span>
                    </a>
                    <span class="badge">{role_name(l, card.role)}</span>
                </li>
            }
        });
        view! {
            <div class="heading">
                <h1>{text!(l, workspace.title)}</h1>
                <a class="button" href=paths::NEW_WORKSPACE>{text!(l, workspace.create)}</a>
            </div>
            {empty}
            <ul class="rows">{rows.collect_view()}</ul>
        }
    };
    view! { <Frame title=text!(l, workspace.title)>{loaded(cards, render)}</Frame> }
}

/// `/workspaces/new`
#[component]
pub fn NewWorkspacePage() -> impl IntoView {
    let l = i18n::use_locale();
    let viewer = Resource::new(|| (), |()| load_workspaces());
    let action = ServerAction::<CreateWorkspace>::new();
    let error = failure(action.value());
    let render = move |_: Vec<WorkspaceCard>| {
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
