//! Groups of members.

use super::{
    RoleChoices,
    api::{
        AddToGroup, CreateGroup, DeleteGroup, RemoveFromGroup, RenameGroup, SetGroupRoles, load_group,
        load_groups,
    },
};
use crate::{
    feature::members::Face,
    i18n::{self, Locale},
    islands::DirtyForm,
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        avatar::Avatar,
        form::{About, Disclosure, Field, FormError, PostForm, refused_lines},
        icon::Glyph,
        pager::Pager,
        parts::{Badge, Empty, Notice, Tone},
        query::{asked, param},
        told::{concerns, done, failure, refused},
        words::{given_by, role_name},
    },
};
use iam_types::{
    ErrorCode, Slug,
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
    loaded(view, move |view: GroupsView| groups_view(l, view, error))
}

fn groups_view(l: Locale, view: GroupsView, error: Option<ErrorCode>) -> impl IntoView {
    let slug = view.workspace.slug.clone();
    let rows: Vec<_> = view
        .groups
        .into_iter()
        .map(|group| {
            view! {
                <tr>
                    <td>
                        <span class="who">
                            <Avatar name=group.name.clone() square=true />
                            <span><a href=paths::group(&slug, group.id) dir="auto">{group.name}</a></span>
                        </span>
                    </td>
                    <td class="tight">{text!(l, groups.members, count = group.members)}</td>
                </tr>
            }
        })
        .collect();
    let list = if rows.is_empty() {
        view! { <Empty glyph=Glyph::Groups text=text!(l, groups.empty) /> }.into_any()
    } else {
        view! {
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, common.name)}</th>
                            <th scope="col">{text!(l, groups.members_head)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let making = view.may_create.then(|| {
        view! {
            <section class="panel">
                <h2>{text!(l, groups.new_group)}</h2>
                <FormError error=error />
                <PostForm to=CreateGroup::url()>
                    <input type="hidden" name="slug" value=slug.to_string() />
                    <Field name="name" label=text!(l, common.name) wrong=concerns(error, &[ErrorCode::InvalidName, ErrorCode::NameTaken]) />
                    <button class="button">{text!(l, groups.create)}</button>
                </PostForm>
            </section>
        }
    });
    view! {
        <AppLayout title=text!(l, groups.title) workspace=view.workspace width=Width::List>
            <h1>{text!(l, groups.title)}</h1>
            <p class="lead">{text!(l, groups.lead)}</p>
            {list}
            {making}
        </AppLayout>
    }
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
    let may_update = view.may_update;
    let rows: Vec<_> = view
        .members
        .rows
        .into_iter()
        .map(|member| {
            let from = given_by(l, &view.sources, member.id);
            row(l, (&view.workspace.slug, &id), member, from, may_update)
        })
        .collect();
    let list = members_table(l, rows);
    let trail = vec![(paths::groups(&view.workspace.slug), text!(l, groups.title))];
    let added = done(Done::Added).filter(|count| *count > 0).map(|count| {
        view! { <Notice tone=Tone::Good news=true><p>{text!(l, groups.added, count = count)}</p></Notice> }
    });
    let changes = may_update.then(|| {
        let about = [(); 4].map(|()| view! { <About slug=slug.clone() id=id.clone() /> }.into_any());
        changes(l, about, view.group.name.clone(), view.roles)
    });
    view! {
        <AppLayout title=view.group.name.clone() workspace=view.workspace width=Width::List trail=trail>
            <h1 class="wrapped" dir="auto">{view.group.name} " " <span class="count">{view.group.members}</span></h1>
            {added}
            <FormError error=wrong />
            {list}
            <Pager first=first next=next />
            {changes}
        </AppLayout>
    }
}

fn members_table<V: IntoView + 'static>(l: Locale, rows: Vec<V>) -> AnyView {
    if rows.is_empty() {
        return view! { <Empty glyph=Glyph::Members text=text!(l, groups.nobody) /> }.into_any();
    }
    view! {
        <div class="table-box">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(l, members.member)}</th>
                        <th scope="col" class="wide-only">{text!(l, members.role)}</th>
                        <th scope="col"><span class="unseen">{text!(l, members.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(
    l: Locale,
    (slug, id): (&Slug, &str),
    member: MemberCard,
    from: Option<String>,
    may_remove: bool,
) -> impl IntoView + use<> {
    let from = from.map(|from| view! { <span class="hint">{from}</span> });
    let button = may_remove.then(|| {
        let label = text!(l, groups.remove_whom, email = member.email.clone());
        let about = view! { <About slug=slug.to_string() id=id /> };
        view! {
            <PostForm to=RemoveFromGroup::url()>
                {about}
                <input type="hidden" name="member" value=member.id.to_string() />
                <button class="button quiet" aria-label=label>{text!(l, groups.remove)}</button>
            </PostForm>
        }
    });
    let (href, role) = (paths::member(slug, member.id), member.role);
    view! {
        <tr>
            <td><Face member=member href=href /> {from}</td>
            <td class="wide-only"><Badge text=role_name(l, role) /></td>
            <td class="tight end">{button}</td>
        </tr>
    }
}

fn changes(
    l: Locale,
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
                    <div class="actions">
                        <button class="button">{text!(l, common.save)}</button>
                        <DirtyForm label=text!(l, common.unsaved) />
                    </div>
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
            <h2>{text!(l, groups.rename)}</h2>
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
