//! One member.

use super::{
    api::{BeginRecovery, ChangeRole, RemoveMember, WithdrawRecovery, load_member},
    app_sessions::app_sessions,
    check::findings,
    words::member_name,
};
use crate::{
    feature::access::{RoleChoices, api::SetMemberRoles},
    i18n::{self, Locale},
    islands::DirtyForm,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        avatar::Avatar,
        copy::Copyable,
        events::event_log,
        form::{About, Disclosure, FormError, PostForm, RoleSelect},
        parts::{Badge, moment},
        query::param,
        recovery::{RecoveryForms, recovery_panel},
        told::failure,
        words::{given_by, permission_text, reason_text, role_name},
    },
};
use iam_types::{
    GroupId, Role, Slug,
    view::{EventRow, GroupCard, MemberCard, MemberView, Right, RoleChoice},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/members/{id}`
#[component]
pub fn MemberPage() -> impl IntoView {
    let (slug, id) = (param("slug"), param("id"));
    loaded(load_member(slug, id), member_view)
}

fn member_view(view: MemberView) -> impl IntoView {
    let l = i18n::use_locale();
    let title = member_name(&view.member);
    let (slug, id) = (view.workspace.slug.to_string(), view.member.id.to_string());
    let about = [(); 3].map(|()| view! { <About slug=slug.clone() id=id.clone() /> }.into_any());
    let [for_role, for_roles, for_end] = about;
    let trail = vec![(paths::members(&view.workspace.slug), text!(l, members.title))];
    let removal = view.may_remove.then(|| removal(l, for_end));
    let more_roles = (!view.roles.is_empty()).then(|| more_roles(l, for_roles, view.roles, view.may_assign));
    let recovery = view.recovery.map(|recovery| {
        let forms = RecoveryForms {
            begin: BeginRecovery::url(),
            withdraw: WithdrawRecovery::url(),
            about: vec![("slug", slug.clone()), ("id", id.clone())],
            begin_error: failure::<BeginRecovery>(),
            withdraw_error: failure::<WithdrawRecovery>(),
            by_operators: false,
        };
        recovery_panel(l, recovery, forms)
    });
    view! {
        <AppLayout title=title workspace=view.workspace.clone() trail=trail>
            {profile(l, &view.member, view.last_active_at, view.now)}
            <section class="panel">
                <h2>{text!(l, access_check.open)}</h2>
                {findings(l, view.check, view.now)}
            </section>
            {built_in(l, for_role, view.givable, view.member.role)}
            {more_roles}
            {groups(l, &view.workspace.slug, view.groups, &view.group_sources)}
            {app_sessions(l, [&slug, &id], view.app_sessions, view.now, view.may_end)}
            {rights(l, view.rights)}
            {view.history.map(|events| history(l, events, view.now))}
            {recovery}
            {removal}
        </AppLayout>
    }
}

fn profile(l: Locale, member: &MemberCard, last_active_at: Option<i64>, now: i64) -> impl IntoView + use<> {
    let name = if member.display_name.is_empty() {
        member.email.clone()
    } else {
        member.display_name.clone()
    };
    let own = member.own.then(|| view! { <Badge text=text!(l, members.you) /> });
    let active = match last_active_at {
        Some(at) => moment(l, at, now).into_any(),
        None => text!(l, members.never).into_any(),
    };
    view! {
        <div class="titled">
            <Avatar name=name.clone() picture=member.picture.clone() />
            <div><h1 class="wrapped" dir="auto">{name} " " <Badge text=role_name(l, member.role) /> {own}</h1></div>
        </div>
        <section class="panel">
            <h2>{text!(l, members.profile)}</h2>
            <dl class="facts">
                <dt>{text!(l, common.email)}</dt>
                <dd><span dir="auto">{member.email.clone()}</span></dd>
                <dt>{text!(l, members.joined_at)}</dt>
                <dd>{moment(l, member.joined_at, now)}</dd>
                <dt>{text!(l, members.last_active)}</dt>
                <dd title=text!(l, members.last_active_hint)>{active}</dd>
            </dl>
            <Copyable label=text!(l, members.user_id) value=member.id.to_string() />
        </section>
    }
}

fn built_in(l: Locale, about: AnyView, givable: Vec<Role>, role: Role) -> impl IntoView {
    let form = if givable.is_empty() {
        view! { <p>{role_name(l, role)}</p> }.into_any()
    } else {
        view! {
            <PostForm to=ChangeRole::url()>
                {about}
                <RoleSelect roles=givable chosen=role />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        }
        .into_any()
    };
    let error = failure::<ChangeRole>();
    view! {
        <section class="panel">
            <h2>{text!(l, members.role)}</h2>
            <FormError error=error />
            {form}
        </section>
    }
}

fn more_roles(l: Locale, about: AnyView, roles: Vec<RoleChoice>, may_assign: bool) -> impl IntoView {
    let save = may_assign.then(|| {
        view! {
            <div class="actions">
                <button class="button">{text!(l, roles.assign)}</button>
                <DirtyForm label=text!(l, common.unsaved) />
            </div>
        }
    });
    let error = failure::<SetMemberRoles>();
    view! {
        <section class="panel">
            <h2>{text!(l, members.more_roles)}</h2>
            <FormError error=error />
            <PostForm to=SetMemberRoles::url()>
                {about}
                <RoleChoices roles=roles />
                {save}
            </PostForm>
        </section>
    }
}

fn groups(
    l: Locale,
    slug: &Slug,
    groups: Vec<GroupCard>,
    sources: &[(GroupId, String)],
) -> Option<impl IntoView + use<>> {
    let links: Vec<_> = groups
        .into_iter()
        .map(|group| {
            let from = given_by(l, sources, group.id).map(|from| view! { <span class="hint">{from}</span> });
            view! { <li><a href=paths::group(slug, group.id) dir="auto">{group.name}</a> {from}</li> }
        })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <section class="part">
                <h2>{text!(l, groups.title)}</h2>
                <ul class="chips">{links}</ul>
            </section>
        }
    })
}

/// All that a member may do, and why.
fn rights(l: Locale, rights: Vec<Right>) -> impl IntoView {
    if rights.is_empty() {
        return view! {
            <section class="part">
                <h2>{text!(l, members.rights)}</h2>
                <p class="hint">{text!(l, members.may_nothing)}</p>
            </section>
        }
        .into_any();
    }
    let rows: Vec<_> = rights
        .into_iter()
        .map(|right| {
            let because: Vec<_> = right
                .because
                .into_iter()
                .map(|reason| view! { <li><Badge text=reason_text(l, reason) /></li> })
                .collect();
            view! {
                <tr>
                    <td>{permission_text(l, right.permission)} " " <code class="hint">{right.permission.as_str()}</code></td>
                    <td><ul class="badges">{because}</ul></td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="part">
            <h2>{text!(l, members.rights)}</h2>
            <p class="hint">{text!(l, members.may)}</p>
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, members.permission)}</th>
                            <th scope="col">{text!(l, members.granted_by)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn history(l: Locale, events: Vec<EventRow>, now: i64) -> impl IntoView {
    let log = if events.is_empty() {
        view! { <p class="hint">{text!(l, members.no_history)}</p> }.into_any()
    } else {
        event_log(l, events, now).into_any()
    };
    view! {
        <section class="part">
            <h2>{text!(l, members.history)}</h2>
            {log}
        </section>
    }
}

fn removal(l: Locale, about: AnyView) -> impl IntoView {
    let error = failure::<RemoveMember>();
    view! {
        <Disclosure title=text!(l, members.remove) error=error>
            <PostForm to=RemoveMember::url()>
                {about}
                <p>{text!(l, members.remove_hint)}</p>
                <button class="button danger">{text!(l, members.remove)}</button>
            </PostForm>
        </Disclosure>
    }
}
