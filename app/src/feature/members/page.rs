//! The list of members, and one of them.

use super::api::{ChangeRole, RemoveMember, load_member, load_members};
use crate::{
    i18n, paths, text,
    ui::{
        form::{About, FormError, RoleSelect, failure},
        layout::{Frame, role_name},
        load::loaded,
    },
};
use iam_types::{
    Role,
    view::{EventRow, MemberCard, MemberView, MembersView},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

fn param(name: &'static str) -> String {
    use_params_map().read_untracked().get(name).unwrap_or_default()
}

/// `/w/{slug}/admin/members`
#[component]
pub fn MembersPage() -> impl IntoView {
    let slug = param("slug");
    let query = use_query_map();
    let asked = move || {
        query.with(|query| ["q", "role", "order", "after"].map(|name| query.get(name).unwrap_or_default()))
    };
    let view = Resource::new(
        move || (slug.clone(), asked()),
        |(slug, [search, role, order, after])| load_members(slug, search, role, order, after),
    );
    loaded(view, move |view: MembersView| members_view(view, untrack(asked)))
}

fn members_view(view: MembersView, [search, role, order, after]: [String; 4]) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let list = paths::members(&slug);
    let empty = view
        .members
        .rows
        .is_empty()
        .then(|| view! { <p class="empty">{text!(l, members.none_found)}</p> });
    let page = |after: &str| paths::members_page(&slug, [&search, &role, &order, after]);
    let next = view.members.next.as_deref().map(page);
    let first = (!after.is_empty()).then(|| page(""));
    let rows: Vec<_> = view
        .members
        .rows
        .into_iter()
        .map(|member| row(l, paths::member(&slug, member.id), member, view.now))
        .collect();
    let roles: Vec<_> = Role::ALL
        .iter()
        .map(|one| view! { <option value=one.as_str() selected=role == one.as_str()>{role_name(l, *one)}</option> })
        .collect();
    let orders = [
        ("email", text!(l, members.by_email)),
        ("joined", text!(l, members.by_joining)),
    ]
    .map(|(value, label)| view! { <option value=value selected=order == value>{label}</option> });
    view! {
        <Frame title=text!(l, members.title) workspace=view.workspace>
            <div class="heading">
                <h1>{text!(l, members.title)} " " <span class="count">{view.total}</span></h1>
                <a class="button" class:quiet=!view.may_invite href=paths::invitations(&slug)>
                    {if view.may_invite { text!(l, members.invite) } else { text!(l, members.invitations) }}
                </a>
            </div>
            <form class="search" role="search" method="get" action=list>
                <input type="search" name="q" value=search.clone() aria-label=text!(l, members.search) placeholder=text!(l, members.search) maxlength="80" />
                <select name="role" aria-label=text!(l, members.role)>
                    <option value="">{text!(l, members.any_role)}</option>
                    {roles}
                </select>
                <select name="order" aria-label=text!(l, members.order)>{orders.collect_view()}</select>
                <button class="button quiet">{text!(l, common.search)}</button>
            </form>
            {empty}
            <ul class="rows">{rows}</ul>
            <nav class="pager" aria-label=text!(l, common.pages)>
                {first.map(|href| view! { <a href=href>{text!(l, common.first_page)}</a> })}
                {next.map(|href| view! { <a href=href rel="next">{text!(l, common.next_page)}</a> })}
            </nav>
        </Frame>
    }
}

fn row(l: i18n::Locale, href: String, member: MemberCard, now: i64) -> impl IntoView {
    view! {
        <li class="row">
            <a class="row-link" href=href>
                <strong>{name(&member)}</strong>
                <span class="hint">{text!(l, members.joined, ago = i18n::ago(l, member.joined_at, now))}</span>
            </a>
            {member.own.then(|| view! { <span class="badge">{text!(l, members.you)}</span> })}
            <span class="badge">{role_name(l, member.role)}</span>
        </li>
    }
}

/// What people call a member: name and address where there is a name.
fn name(member: &MemberCard) -> String {
    if member.display_name.is_empty() {
        member.email.clone()
    } else {
        format!("{} ({})", member.display_name, member.email)
    }
}

/// `/w/{slug}/admin/members/{id}`
#[component]
pub fn MemberPage() -> impl IntoView {
    let (slug, id) = (param("slug"), param("id"));
    let change = ServerAction::<ChangeRole>::new();
    let remove = ServerAction::<RemoveMember>::new();
    let view = Resource::new(
        move || (slug.clone(), id.clone(), change.version().get()),
        |(slug, id, _)| load_member(slug, id),
    );
    loaded(view, move |view: MemberView| member_view(view, change, remove))
}

fn member_view(
    view: MemberView,
    change: ServerAction<ChangeRole>,
    remove: ServerAction<RemoveMember>,
) -> impl IntoView {
    let l = i18n::use_locale();
    let saved = use_query_map().read_untracked().get("saved").is_some();
    let title = name(&view.member);
    let (slug, id) = (view.workspace.slug.to_string(), view.member.id.to_string());
    let (wrong_role, wrong_removal) = (failure(change.value()), failure(remove.value()));
    let [first, second] = [(); 2].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let role_form = if view.givable.is_empty() {
        view! { <p>{role_name(l, view.member.role)}</p> }.into_any()
    } else {
        view! {
            <FormError error=wrong_role />
            <ActionForm action=change>
                {first}
                <RoleSelect roles=view.givable chosen=view.member.role />
                <button class="button">{text!(l, common.save)}</button>
            </ActionForm>
        }
        .into_any()
    };
    let permissions: Vec<_> = view
        .permissions
        .iter()
        .map(|permission| view! { <li><code>{permission.as_str()}</code></li> })
        .collect();
    let why = if permissions.is_empty() {
        text!(l, members.may_nothing)
    } else {
        text!(l, members.may_because, role = role_name(l, view.member.role))
    };
    let removal = view.may_remove.then(|| {
        view! {
            <details class="panel">
                <summary>{text!(l, members.remove)}</summary>
                <FormError error=wrong_removal />
                <ActionForm action=remove>
                    {second}
                    <p>{text!(l, members.remove_hint)}</p>
                    <button class="button danger">{text!(l, members.remove)}</button>
                </ActionForm>
            </details>
        }
    });
    view! {
        <Frame title=title.clone() workspace=view.workspace.clone()>
            <h1>{title}</h1>
            {saved.then(|| view! { <p class="notice" role="status">{text!(l, common.saved)}</p> })}
            <section class="panel">
                <h2>{text!(l, members.role)}</h2>
                {role_form}
                <p class="hint">{why}</p>
                <ul class="chips">{permissions}</ul>
            </section>
            {view.history.map(|events| history(l, events, view.now))}
            {removal}
        </Frame>
    }
}

fn history(l: i18n::Locale, events: Vec<EventRow>, now: i64) -> impl IntoView {
    let rows: Vec<_> = events
        .into_iter()
        .map(|event| {
            view! {
                <li class="row">
                    <code>{event.action}</code>
                    <span class="hint">{event.actor} " · " {i18n::ago(l, event.occurred_at, now)}</span>
                </li>
            }
        })
        .collect();
    view! {
        <h2>{text!(l, members.history)}</h2>
        <ul class="rows">{rows}</ul>
    }
}
