//! The menus of the sidebar: which workspace this is, and who the viewer is.

use super::{CustomDomain, SignOut, card::Languages};
use crate::{
    i18n, paths,
    server::context::ctx,
    text,
    ui::{
        avatar::Avatar,
        icon::{Glyph, Icon},
        words::role_name,
    },
};
use iam_types::view::WorkspaceCard;
use leptos::prelude::*;

/// Which workspace this is, and the way to others.
#[component]
pub fn WorkspaceMenu(
    /// The workspace.
    workspace: Option<WorkspaceCard>,
    /// Whether the page is for operators.
    platform: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    let (name, about) = match workspace {
        Some(card) if !platform => (card.name, Some(role_name(l, card.role))),
        _ => (text!(l, common.product), None),
    };
    let face = view! {
        <Avatar name=name.clone() square=true />
        <span class="menu-name">
            <strong dir="auto">{name}</strong>
            {about.map(|role| view! { <span>{role}</span> })}
        </span>
    };
    // A workspace's own host knows no other.
    if use_context::<CustomDomain>().is_some_and(|own| own.0) {
        return view! { <div class="menu-head">{face}</div> }.into_any();
    }
    view! {
        <details class="menu" name="menu">
            <summary>{face} <Icon glyph=Glyph::Choose /></summary>
            <ul class="menu-list">
                <li><a href=paths::WORKSPACES><Icon glyph=Glyph::Workspaces /> {text!(l, shell.all_workspaces)}</a></li>
            </ul>
        </details>
    }
    .into_any()
}

/// Who the viewer is, their language, and the way out.
#[component]
pub fn UserMenu() -> impl IntoView {
    let l = i18n::use_locale();
    let actor = ctx().ok()?.actor?;
    let (name, email) = (actor.user.display_name, actor.user.email);
    let picture = actor.user.picture.map(paths::picture);
    let custom_domain = use_context::<CustomDomain>().is_some_and(|own| own.0);
    let account = (!custom_domain).then(|| {
        view! { <li><a href=paths::ACCOUNT><Icon glyph=Glyph::Account /> {text!(l, common.account)}</a></li> }
    });
    let (first, second) = if name.is_empty() {
        (email, None)
    } else {
        (name, Some(email))
    };
    Some(view! {
        <details class="menu person" name="menu">
            <summary>
                <Avatar name=first.clone() picture=picture />
                <span class="menu-name">
                    <strong dir="auto">{first}</strong>
                    {second.map(|email| view! { <span dir="auto">{email}</span> })}
                </span>
                <Icon glyph=Glyph::Choose />
            </summary>
            <ul class="menu-list">
                {account}
                <li><SignOut /></li>
                <li><Languages /></li>
            </ul>
        </details>
    })
}
