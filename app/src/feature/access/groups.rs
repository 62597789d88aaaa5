//! Groups of members.

use super::{
    RoleChoices,
    api::{
        AddToGroup, CreateGroup, DeleteGroup, RemoveFromGroup, RenameGroup, SetGroupRoles, load_group,
        load_groups,
    },
};
use crate::{
    feature::members::member_name,
    i18n,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        form::{About, Disclosure, Field, FormError, PostForm, refused_lines},
        pager::Pager,
        query::{asked, param},
        told::{concerns, done, failure, refused},
    },
};
use iam_types::{
    ErrorCode,
    view::{Done, GroupView, GroupsView, MemberCard, RoleChoice},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/groups`
#[component]
pub fn GroupsPage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = param("slug");
    let error = failure::<CreateGroup>();
    let view = load_groups(slug);
    let render = move |view: GroupsView| {
        let slug = view.workspace.slug.clone();
        let empty = view
            .groups
            .is_empty()
            .then(|| view! { <p class="empty">{text!(l, groups.empty)}</p> });
        let rows: Vec<_> = view.groups.into_iter().map(|group| view! {
            <li class="row">
                <a class="row-link" href=paths::group(&slug, group.id)><strong>{group.name}</strong></a>
                <span class="hint">{text!(l, groups.members, count = group.members)}</span>
            </li>
        }).collect();
        let making = view.may_create.then(|| view! {
            <section class="panel">
                <FormError error=error />
                <PostForm to=CreateGroup::url()>
                    <input type="hidden" name="slug" value=slug.to_string() />
                    <Field name="name" label=text!(l, common.name) wrong=concerns(error, &[ErrorCode::InvalidName, ErrorCode::NameTaken]) />
                    <button class="button">{text!(l, groups.create)}</button>
                </PostForm>
            </section>
        });
        view! {
            <AppLayout title=text!(l, groups.title) workspace=view.workspace>
                <h1>{text!(l, groups.title)}</h1>
                <p>{text!(l, groups.lead)}</p>
                {empty}
                <ul class="rows">{rows}</ul>
                {making}
            </AppLayout>
        }
    };
    loaded(view, render)
}

/// `/w/{slug}/admin/groups/{id}`
#[component]
pub fn GroupPage() -> impl IntoView {
    let (slug, id) = (param("slug"), param("id"));
    loaded(load_group(slug, id, asked("after")), group_view)
}

fn group_view(view: GroupView) -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, id) = (view.workspace.slug.to_string(), view.group.id.to_string());
    let page = paths::group(&view.workspace.slug, view.group.id);
    let first = (!asked("after").is_empty()).then(|| page.clone());
    let next = view.members.next.map(|after| paths::group_page(&page, &after));
    let wrong = failure::<RemoveFromGroup>();
    let empty = view
        .members
        .rows
        .is_empty()
        .then(|| view! { <p class="empty">{text!(l, groups.nobody)}</p> });
    let may_update = view.may_update;
    let rows: Vec<_> = view
        .members
        .rows
        .into_iter()
        .map(|member| row(l, [slug.clone(), id.clone()], member, may_update))
        .collect();
    let changes = may_update.then(|| {
        let about = [(); 4].map(|()| view! { <About slug=slug.clone() id=id.clone() /> }.into_any());
        changes(l, about, view.group.name.clone(), view.roles)
    });
    view! {
        <AppLayout title=view.group.name.clone() workspace=view.workspace>
            <h1>{view.group.name} " " <span class="count">{view.group.members}</span></h1>
            {done(Done::Added).filter(|count| *count > 0).map(|count| view! { <p class="notice" role="status">{text!(l, groups.added, count = count)}</p> })}
            <FormError error=wrong />
            {empty}
            <ul class="rows">{rows}</ul>
            <Pager first=first next=next />
            {changes}
        </AppLayout>
    }
}

fn row(l: i18n::Locale, [slug, id]: [String; 2], member: MemberCard, may_remove: bool) -> impl IntoView {
    let name = member_name(&member);
    let label = text!(l, groups.remove_whom, email = member.email.clone());
    let button = may_remove.then(|| {
        view! {
            <PostForm to=RemoveFromGroup::url()>
                <About slug=slug id=id />
                <input type="hidden" name="member" value=member.id.to_string() />
                <button class="button quiet" aria-label=label>{text!(l, groups.remove)}</button>
            </PostForm>
        }
    });
    view! {
        <li class="row">
            <strong>{name}</strong>
            {button}
        </li>
    }
}

fn changes(
    l: i18n::Locale,
    [for_add, for_roles, for_name, for_end]: [AnyView; 4],
    name: String,
    roles: Vec<RoleChoice>,
) -> impl IntoView {
    let (wrong_add, wrong_roles) = (failure::<AddToGroup>(), failure::<SetGroupRoles>());
    let (wrong_name, wrong_end) = (failure::<RenameGroup>(), failure::<DeleteGroup>());
    let invalid = concerns(wrong_add, &[ErrorCode::InvalidEmail, ErrorCode::NoSuchMember]);
    let wrong = invalid || !refused::<AddToGroup>().is_empty();
    let roles = (!roles.is_empty()).then(|| {
        view! {
            <section class="panel">
                <h2>{text!(l, groups.roles)}</h2>
                <FormError error=wrong_roles />
                <PostForm to=SetGroupRoles::url()>
                    {for_roles}
                    <RoleChoices roles=roles />
                    <button class="button">{text!(l, common.save)}</button>
                </PostForm>
            </section>
        }
    });
    view! {
        <section class="panel">
            <h2>{text!(l, groups.add)}</h2>
            <FormError error=wrong_add />
            {refused_lines::<AddToGroup>(l)}
            <PostForm to=AddToGroup::url()>
                {for_add}
                <Field name="addresses" label=text!(l, invitations.addresses) hint=text!(l, invitations.addresses_hint) lines=3 wrong=wrong />
                <button class="button">{text!(l, groups.add)}</button>
            </PostForm>
        </section>
        {roles}
        <section class="panel">
            <FormError error=wrong_name />
            <PostForm to=RenameGroup::url()>
                {for_name}
                <Field name="name" label=text!(l, common.name) value=name wrong=concerns(wrong_name, &[ErrorCode::InvalidName, ErrorCode::NameTaken]) />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        </section>
        <Disclosure title=text!(l, groups.delete) error=wrong_end>
            <PostForm to=DeleteGroup::url()>
                {for_end}
                <p>{text!(l, groups.delete_hint)}</p>
                <button class="button danger">{text!(l, groups.delete)}</button>
            </PostForm>
        </Disclosure>
    }
}
