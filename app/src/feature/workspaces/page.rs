//! Pages about workspaces.

use super::api::{
    AcceptOwnership, CreateWorkspace, DeclineOwnership, RestoreWorkspace, load_home, load_new_workspace,
    load_workspaces,
};
use crate::{
    feature::members::{Answer, reachable_panel},
    i18n,
    islands::SlugField,
    layout::{CardLayout, personal, staged},
    paths, text,
    ui::{
        avatar::Avatar,
        form::{About, Field, FormError, PostForm, first_of},
        icon::{Glyph, Icon},
        parts::{Badge, Empty},
        told::{concerns, failure, typed},
        words::{role_name, suspension_text},
    },
};
use iam_types::{
    ErrorCode, Permission, Slug,
    view::{WaitingInvitation, WaitingOffer, WorkspaceCard, WorkspacesView},
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
    let nothing = view.workspaces.is_empty()
        && view.invitations.is_empty()
        && view.offers.is_empty()
        && view.reachable.is_empty();
    let may_create = view.may_create;
    let create = move || {
        may_create.then(|| {
            view! { <a class="button" href=paths::NEW_WORKSPACE><Icon glyph=Glyph::New /> {text!(l, workspace.create)}</a> }
        })
    };
    let empty = nothing.then(|| {
        view! { <Empty glyph=Glyph::Workspaces text=text!(l, workspace.empty)>{create()}</Empty> }
    });
    let waiting: Vec<_> = view
        .invitations
        .into_iter()
        .map(|invitation| invitation_panel(l, invitation))
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
            {(!nothing).then(create)}
        </div>
        {waiting}
        {offers}
        {empty}
        <FormError error=wrong />
        <ul class="rows">{rows}</ul>
        {reachable}
    }
}

fn invitation_panel(l: i18n::Locale, waiting: WaitingInvitation) -> impl IntoView {
    let lead = text!(
        l,
        invitations.join_lead,
        inviter = waiting.invited_by.clone(),
        role = role_name(l, waiting.role)
    );
    view! {
        <section class="panel">
            <div class="titled">
                <Avatar name=waiting.workspace.clone() square=true />
                <div>
                    <h2>{text!(l, invitations.join, workspace = waiting.workspace.clone())}</h2>
                    <p class="hint">{lead}</p>
                </div>
            </div>
            <Answer waiting=waiting />
        </section>
    }
}

fn offer_panel(l: i18n::Locale, offer: WaitingOffer) -> impl IntoView {
    let (slug, id) = (offer.slug.to_string(), offer.from.to_string());
    let [first, second] = [(); 2].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let error = first_of([failure::<AcceptOwnership>(), failure::<DeclineOwnership>()]);
    view! {
        <section class="panel">
            <div class="titled">
                <Avatar name=offer.workspace.clone() square=true />
                <div>
                    <h2>{text!(l, workspace.offer_title, workspace = offer.workspace)}</h2>
                    <p class="hint">{text!(l, workspace.offer_lead, email = offer.from_email)}</p>
                </div>
            </div>
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
    let ends = card
        .delete_after
        .map(|moment| text!(l, workspace.ends, when = i18n::in_days(l, moment, now)));
    let suspended = card.suspended.map(|reason| suspension_text(l, reason));
    let enters = ends.is_none() && suspended.is_none();
    let can_restore = ends.is_some() && card.role.allows(Permission::WorkspaceDelete);
    let state = ends.or(suspended);
    let face = view! {
        <Avatar name=card.name.clone() square=true />
        <span class="row-name">
            <strong>{card.name.clone()}</strong>
            <span class="hint">{card.slug.to_string()}</span>
            {state.map(|state| view! { <span class="hint">{state}</span> })}
        </span>
    };
    let face = if enters {
        let href = if card.slug == Slug::platform() {
            paths::PLATFORM.to_owned()
        } else {
            paths::overview(&card.slug)
        };
        view! { <a class="row-link row-face" href=href>{face}</a> }.into_any()
    } else {
        view! { <div class="row-main row-face">{face}</div> }.into_any()
    };
    let menu = enters.then(|| row_menu(l, &card.slug, &card.name));
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
            {face}
            {restore}
            <Badge text=role_name(l, card.role) />
            {menu}
        </li>
    }
}

fn row_menu(l: i18n::Locale, slug: &Slug, name: &str) -> impl IntoView + use<> {
    let label = text!(l, workspace.menu, workspace = name.to_owned());
    let leave = text!(l, members.leave_title, slug = slug.to_string());
    view! {
        <details class="row-menu" name="row-menu">
            <summary aria-label=label><Icon glyph=Glyph::More /></summary>
            <ul class="menu-list">
                <li><a href=paths::leave(slug) aria-label=leave><Icon glyph=Glyph::SignOut /> {text!(l, members.leave)}</a></li>
            </ul>
        </details>
    }
}

/// `/workspaces/new`
#[component]
pub fn NewWorkspacePage() -> impl IntoView {
    let l = i18n::use_locale();
    let viewer = load_new_workspace();
    let error = failure::<CreateWorkspace>();
    let render = move |base: String| {
        let wrong = concerns(
            error,
            &[
                ErrorCode::InvalidSlug,
                ErrorCode::SlugReserved,
                ErrorCode::SlugTaken,
            ],
        );
        view! {
            <h1>{text!(l, workspace.new_title)}</h1>
            <p class="lead">{text!(l, workspace.new_lead)}</p>
            <FormError error=error />
            <PostForm to=CreateWorkspace::url()>
                <Field name="name" label=text!(l, common.name) hint=text!(l, workspace.name_hint) autocomplete="organization"
                    wrong=concerns(error, &[ErrorCode::InvalidName]) />
                <Address base=base wrong=wrong />
                <div class="actions">
                    <button class="button">{text!(l, workspace.create)}</button>
                    <a class="button quiet" href=paths::WORKSPACES>{text!(l, common.cancel)}</a>
                </div>
            </PostForm>
        }
    };
    personal(text!(l, workspace.new_title), viewer, render)
}

/// The address, which follows the name where scripts run and comes from it where it stays empty.
#[component]
fn Address(
    /// What stands before it.
    base: String,
    /// Whether the last failure is about it.
    wrong: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    let value = typed("slug").unwrap_or_default();
    view! { <SlugField label=text!(l, workspace.slug) hint=text!(l, workspace.slug_hint) value=value base=base wrong=wrong /> }
}
