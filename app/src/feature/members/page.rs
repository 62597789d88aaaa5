//! The list of members, and one of them.

use super::api::{ChangeRole, EndAppSession, RemoveMember, load_member, load_members};
use crate::{
    feature::access::{RoleChoices, api::SetMemberRoles},
    i18n,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        form::{About, Disclosure, FormError, PostForm, RoleSelect, first_of},
        pager::Pager,
        query::{asked, param},
        told::{done, failure},
        words::{permission_text, reason_text, role_name},
    },
};
use iam_types::{
    Role,
    view::{AppSession, Done, EventRow, MemberCard, MemberView, MembersView, Right},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/members`
#[component]
pub fn MembersPage() -> impl IntoView {
    let slug = param("slug");
    let asked = ["q", "role", "order", "after"].map(asked);
    let [search, role, order, after] = asked.clone();
    let view = load_members(slug, search, role, order, after);
    loaded(view, move |view| members_view(view, asked))
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
        .map(|member| {
            row(
                l,
                paths::member(&slug, member.id),
                member,
                view.now,
                view.may_change,
            )
        })
        .collect();
    let change = view.may_change.then(|| {
        view! { <button class="button quiet">{text!(l, members.change_picked)}</button> }
    });
    let changed = done(Done::Changed).map(|count| {
        view! { <p class="notice" role="status">{text!(l, members.changed, count = count)}</p> }
    });
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
        <AppLayout title=text!(l, members.title) workspace=view.workspace>
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
            {changed}
            {empty}
            <form method="get" action=paths::selection(&slug)>
                <ul class="rows">{rows}</ul>
                {change}
            </form>
            <Pager first=first next=next />
        </AppLayout>
    }
}

fn row(l: i18n::Locale, href: String, member: MemberCard, now: i64, may_pick: bool) -> impl IntoView {
    let pick = may_pick.then(|| {
        let label = text!(l, members.pick, email = member.email.clone());
        view! { <input class="pick" type="checkbox" name="id" value=member.id.to_string() aria-label=label /> }
    });
    view! {
        <li class="row">
            {pick}
            <a class="row-link" href=href>
                <strong>{member_name(&member)}</strong>
                <span class="hint">{text!(l, members.joined, ago = i18n::ago(l, member.joined_at, now))}</span>
            </a>
            {member.own.then(|| view! { <span class="badge">{text!(l, members.you)}</span> })}
            <span class="badge">{role_name(l, member.role)}</span>
        </li>
    }
}

/// What people call a member: name and address where there is a name.
pub fn member_name(member: &MemberCard) -> String {
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
    let view = load_member(slug, id);
    loaded(view, member_view)
}

fn member_view(view: MemberView) -> impl IntoView {
    let l = i18n::use_locale();
    let title = member_name(&view.member);
    let (slug, id) = (view.workspace.slug.to_string(), view.member.id.to_string());
    let [first, second, third] = [(); 3].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let wrong_role = first_of([failure::<ChangeRole>(), failure::<SetMemberRoles>()]);
    let wrong_removal = failure::<RemoveMember>();
    let role_form = if view.givable.is_empty() {
        view! { <p>{role_name(l, view.member.role)}</p> }.into_any()
    } else {
        view! {
            <PostForm to=ChangeRole::url()>
                {first}
                <RoleSelect roles=view.givable chosen=view.member.role />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        }
        .into_any()
    };
    let (may_assign, any_role) = (view.may_assign, !view.roles.is_empty());
    let more_roles = any_role.then(|| {
        view! {
            <PostForm to=SetMemberRoles::url()>
                {third}
                <RoleChoices roles=view.roles />
                {may_assign.then(|| view! { <button class="button">{text!(l, roles.assign)}</button> })}
            </PostForm>
        }
    });
    let groups: Vec<_> = view
        .groups
        .into_iter()
        .map(|group| view! { <li><a href=paths::group(&view.workspace.slug, group.id)>{group.name}</a></li> })
        .collect();
    let groups = (!groups.is_empty()).then(|| {
        view! {
            <h3>{text!(l, groups.title)}</h3>
            <ul class="chips">{groups}</ul>
        }
    });
    let removal = view.may_remove.then(|| {
        view! {
            <Disclosure title=text!(l, members.remove) error=wrong_removal>
                <PostForm to=RemoveMember::url()>
                    {second}
                    <p>{text!(l, members.remove_hint)}</p>
                    <button class="button danger">{text!(l, members.remove)}</button>
                </PostForm>
            </Disclosure>
        }
    });
    view! {
        <AppLayout title=title.clone() workspace=view.workspace.clone()>
            <h1>{title}</h1>
            <section class="panel">
                <h2>{text!(l, members.role)}</h2>
                <FormError error=wrong_role />
                {role_form}
                {more_roles}
                {groups}
            </section>
            {app_sessions(l, &slug, &id, view.app_sessions, view.now, view.may_end)}
            {rights(l, view.rights)}
            {view.history.map(|events| history(l, events, view.now))}
            {removal}
        </AppLayout>
    }
}

/// What apps still may do in a member's name.
fn app_sessions(
    l: i18n::Locale,
    slug: &str,
    id: &str,
    sessions: Vec<AppSession>,
    now: i64,
    may_end: bool,
) -> impl IntoView + use<> {
    let none = sessions
        .is_empty()
        .then(|| view! { <p class="hint">{text!(l, members.no_app_session)}</p> });
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let form = may_end.then(|| {
                let about = view! { <About slug=slug id=id /> };
                let label = text!(l, members.end_which, app = session.app.clone());
                view! {
                    <PostForm to=EndAppSession::url()>
                        {about}
                        <input type="hidden" name="grant" value=session.id.to_string() />
                        <button class="button quiet" aria-label=label>{text!(l, members.end)}</button>
                    </PostForm>
                }
            });
            view! {
                <li class="row">
                    <div>
                        <strong>{session.app}</strong>
                        {session.offline.then(|| view! { <span class="badge">{text!(l, members.offline)}</span> })}
                        <p class="hint">{text!(l, members.since, ago = i18n::ago(l, session.since, now))}</p>
                    </div>
                    {form}
                </li>
            }
        })
        .collect();
    view! {
        <h2>{text!(l, members.app_sessions)}</h2>
        {none}
        <ul class="rows">{rows}</ul>
    }
}

/// All that a member may do, and why.
fn rights(l: i18n::Locale, rights: Vec<Right>) -> impl IntoView {
    let lead = if rights.is_empty() {
        text!(l, members.may_nothing)
    } else {
        text!(l, members.may)
    };
    let rows: Vec<_> = rights
        .into_iter()
        .map(|right| {
            let because: Vec<_> = right
                .because
                .into_iter()
                .map(|reason| view! { <span class="badge">{reason_text(l, reason)}</span> })
                .collect();
            view! {
                <li class="row">
                    <div>
                        {permission_text(l, right.permission)}
                        <p class="hint"><code>{right.permission.as_str()}</code></p>
                    </div>
                    <span>{because}</span>
                </li>
            }
        })
        .collect();
    view! {
        <h2>{text!(l, members.rights)}</h2>
        <p class="hint">{lead}</p>
        <ul class="rows">{rows}</ul>
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
