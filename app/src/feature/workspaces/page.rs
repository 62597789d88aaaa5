//! Pages about workspaces.

use super::api::{
    AcceptOwnership, CreateWorkspace, DeclineOwnership, RestoreWorkspace, load_home, load_workspaces,
};
use crate::{
    feature::members::{Answer, reachable_panel},
    i18n,
    layout::{CardLayout, personal, staged},
    paths, text,
    ui::{
        form::{About, Field, FormError, PostForm, first_of},
        told::{concerns, failure},
        words::{role_name, suspension_text},
    },
};
use iam_types::{
    ErrorCode, Permission, Slug,
    view::{WaitingOffer, WorkspaceCard, WorkspacesView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/`
#[component]
pub fn Home() -> impl IntoView {
    let l = i18n::use_locale();
    let home = load_home();
    let render = move |()| {
        view! {
            <CardLayout title=text!(l, common.workspaces)><p><a href=paths::WORKSPACES>{text!(l, common.workspaces)}</a></p></CardLayout>
        }
    };
    staged(home, render)
}

/// `/workspaces`
#[component]
pub fn WorkspacesPage() -> impl IntoView {
    let l = i18n::use_locale();
    let cards = load_workspaces();
    let render = move |view: WorkspacesView| workspaces(l, view);
    personal(text!(l, workspace.title), cards, render)
}

fn workspaces(l: i18n::Locale, view: WorkspacesView) -> impl IntoView {
    let nothing = view.workspaces.is_empty() && view.invitations.is_empty() && view.reachable.is_empty();
    let empty = nothing.then(|| view! { <p class="empty">{text!(l, workspace.empty)}</p> });
    let create = view
        .may_create
        .then(|| view! { <a class="button" href=paths::NEW_WORKSPACE>{text!(l, workspace.create)}</a> });
    let waiting: Vec<_> = view
        .invitations
        .into_iter()
        .map(|waiting| {
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
                    <Answer waiting=waiting />
                </section>
            }
        })
        .collect();
    let offers: Vec<_> = view
        .offers
        .into_iter()
        .map(|offer| offer_panel(l, offer))
        .collect();
    let wrong = failure::<RestoreWorkspace>();
    let reachable = reachable_panel(l, view.reachable);
    let rows: Vec<_> = view
        .workspaces
        .into_iter()
        .map(|card| row(l, card, view.now))
        .collect();
    view! {
        <div class="heading">
            <h1>{text!(l, workspace.title)}</h1>
            {create}
        </div>
        {waiting}
        {offers}
        {empty}
        <FormError error=wrong />
        <ul class="rows">{rows}</ul>
        {reachable}
    }
}

fn offer_panel(l: i18n::Locale, offer: WaitingOffer) -> impl IntoView {
    let (slug, id) = (offer.slug.to_string(), offer.from.to_string());
    let [first, second] = [(); 2].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let error = first_of([failure::<AcceptOwnership>(), failure::<DeclineOwnership>()]);
    view! {
        <section class="panel">
            <h2>{text!(l, workspace.offer_title, workspace = offer.workspace)}</h2>
            <p>{text!(l, workspace.offer_lead, email = offer.from_email)}</p>
            <FormError error=error />
            <div class="actions">
                <PostForm to=AcceptOwnership::url()>
                    {first}
                    <button class="button">{text!(l, workspace.offer_accept)}</button>
                </PostForm>
                <PostForm to=DeclineOwnership::url()>
                    {second}
                    <button class="button quiet">{text!(l, workspace.offer_decline)}</button>
                </PostForm>
            </div>
        </section>
    }
}

fn row(l: i18n::Locale, card: WorkspaceCard, now: i64) -> impl IntoView {
    let leave = text!(l, members.leave_title, slug = card.slug.to_string());
    let ends = card
        .delete_after
        .map(|moment| text!(l, workspace.ends, when = i18n::in_days(l, moment, now)));
    let suspended = card.suspended.map(|reason| suspension_text(l, reason));
    let enters = ends.is_none() && suspended.is_none();
    let can_restore = ends.is_some() && card.role.allows(Permission::WorkspaceDelete);
    let name = view! {
        <strong>{card.name}</strong>
        <span class="hint">{card.slug.to_string()}</span>
        {ends.or(suspended).map(|state| view! { <span class="hint">{state}</span> })}
    };
    let name = if enters {
        let href = if card.slug == Slug::platform() {
            paths::PLATFORM.to_owned()
        } else {
            paths::overview(&card.slug)
        };
        view! { <a class="row-link" href=href>{name}</a> }.into_any()
    } else {
        view! { <div class="row-link">{name}</div> }.into_any()
    };
    let left = paths::leave(&card.slug);
    let restore = can_restore.then(|| {
        view! {
            <PostForm to=RestoreWorkspace::url()>
                <input type="hidden" name="slug" value=card.slug.to_string() />
                <button class="button quiet">{text!(l, workspace.restore)}</button>
            </PostForm>
        }
    });
    view! {
        <li class="row">
            {name}
            {restore}
            <span class="badge">{role_name(l, card.role)}</span>
            {enters.then(|| view! { <a class="hint" href=left aria-label=leave>{text!(l, members.leave)}</a> })}
        </li>
    }
}

/// `/workspaces/new`
#[component]
pub fn NewWorkspacePage() -> impl IntoView {
    let l = i18n::use_locale();
    let viewer = load_workspaces();
    let error = failure::<CreateWorkspace>();
    let render = move |_: WorkspacesView| {
        view! {
            <h1>{text!(l, workspace.new_title)}</h1>
            <p>{text!(l, workspace.new_lead)}</p>
            <FormError error=error />
            <PostForm to=CreateWorkspace::url()>
                <Field name="name" label=text!(l, common.name) hint=text!(l, workspace.name_hint) autocomplete="organization"
                    wrong=concerns(error, &[ErrorCode::InvalidName]) />
                <Field name="slug" label=text!(l, workspace.slug) hint=text!(l, workspace.slug_hint)
                    wrong=concerns(error, &[ErrorCode::InvalidSlug, ErrorCode::SlugReserved, ErrorCode::SlugTaken]) />
                <div class="actions">
                    <button class="button">{text!(l, workspace.create)}</button>
                    <a class="button quiet" href=paths::WORKSPACES>{text!(l, common.cancel)}</a>
                </div>
            </PostForm>
        }
    };
    personal(text!(l, workspace.new_title), viewer, render)
}
