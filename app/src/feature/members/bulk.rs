//! Changing several members at once: what was picked in the list, and what is to become of it.

use super::{
    api::{ChangeMembers, load_bulk, load_matching},
    words::Face,
};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        form::{FormError, PostForm},
        icon::Glyph,
        parts::{Badge, Empty, Notice, Tone},
        query::{asked, param},
        told::failure,
        words::role_name,
    },
};
use iam_types::{
    Role,
    view::{BulkView, GroupCard},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// `/w/{slug}/admin/members/change?id={id}&id={id}`, or `?all=1&q={search}&role={role}`
#[component]
pub fn BulkPage() -> impl IntoView {
    let slug = param("slug");
    let picked = use_query_map().read_untracked().get_all("id").unwrap_or_default();
    let (all, search, role) = (asked("all"), asked("q"), asked("role"));
    let load = async move {
        match all.as_str() {
            "" => load_bulk(slug, picked).await,
            _ => load_matching(slug, search, role).await,
        }
    };
    loaded(load, bulk)
}

fn bulk(view: BulkView) -> impl IntoView {
    let l = i18n::use_locale();
    let title = text!(l, members.change_title, count = view.members.len());
    let slug = view.workspace.slug.clone();
    let error = failure::<ChangeMembers>();
    let rows: Vec<_> = view
        .members
        .iter()
        .map(|member| {
            view! {
                <tr>
                    <td><Face member=member.clone() /></td>
                    <td class="tight"><Badge text=role_name(l, member.role) /></td>
                </tr>
            }
        })
        .collect();
    let ids: Vec<_> = view.members.iter().map(|member| member.id.to_string()).collect();
    let hidden = {
        let slug = slug.to_string();
        move |change: &'static str| hidden(&slug, &ids, change)
    };
    let none = view.members.is_empty();
    let beyond = (view.asked > view.members.len() as i64).then(|| {
        view! { <Notice tone=Tone::Warn><p>{text!(l, members.only_first, count = view.members.len())}</p></Notice> }
    });
    let beyond_reach = view.beyond_reach.then(|| {
        view! { <Notice tone=Tone::Warn><p>{text!(l, members.beyond_reach)}</p></Notice> }
    });
    let table = if none {
        view! { <Empty glyph=Glyph::Members text=text!(l, members.nobody_picked) /> }.into_any()
    } else {
        view! {
            <div class="table-box tall">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, members.member)}</th>
                            <th scope="col">{text!(l, members.role)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let trail = vec![(paths::members(&slug), text!(l, members.title))];
    let role = (!none && !view.givable.is_empty()).then(|| role_form(l, view.givable, hidden("role")));
    let group = (!none && !view.groups.is_empty()).then(|| group_form(l, view.groups, hidden("group")));
    let remove = (!none && view.may_remove).then(|| {
        view! {
            <details class="panel danger-zone">
                <summary>{text!(l, members.remove)}</summary>
                <PostForm to=ChangeMembers::url()>
                    {hidden("remove")}
                    <input type="hidden" name="value" value="" />
                    <p>{text!(l, members.remove_hint)}</p>
                    <button class="button danger">{text!(l, members.remove)}</button>
                </PostForm>
            </details>
        }
    });
    view! {
        <AppLayout title=title.clone() workspace=view.workspace trail=trail>
            <h1>{title}</h1>
            <FormError error=error />
            {beyond}
            {beyond_reach}
            {table}
            {role}
            {group}
            {remove}
            <p><a class="button quiet" href=paths::members(&slug)>{text!(l, common.cancel)}</a></p>
        </AppLayout>
    }
}

fn hidden(slug: &str, ids: &[String], change: &'static str) -> AnyView {
    let ids: Vec<_> = ids
        .iter()
        .map(|id| view! { <input type="hidden" name="ids[]" value=id.clone() /> })
        .collect();
    view! {
        <input type="hidden" name="slug" value=slug.to_owned() />
        <input type="hidden" name="change" value=change />
        {ids}
    }
    .into_any()
}

fn role_form(l: Locale, roles: Vec<Role>, hidden: AnyView) -> impl IntoView {
    let options: Vec<_> = roles
        .into_iter()
        .map(|role| view! { <option value=role.as_str() selected=role == Role::Member>{role_name(l, role)}</option> })
        .collect();
    view! {
        <section class="panel">
            <PostForm to=ChangeMembers::url()>
                {hidden}
                <div class="field">
                    <label for="new-role">{text!(l, members.role)}</label>
                    <select id="new-role" name="value">{options}</select>
                </div>
                <button class="button">{text!(l, members.give_role)}</button>
            </PostForm>
        </section>
    }
}

fn group_form(l: Locale, groups: Vec<GroupCard>, hidden: AnyView) -> impl IntoView {
    let options: Vec<_> = groups
        .into_iter()
        .map(|group| view! { <option value=group.id.to_string()>{group.name}</option> })
        .collect();
    view! {
        <section class="panel">
            <PostForm to=ChangeMembers::url()>
                {hidden}
                <div class="field">
                    <label for="new-group">{text!(l, members.group)}</label>
                    <select id="new-group" name="value">{options}</select>
                </div>
                <button class="button">{text!(l, groups.add)}</button>
            </PostForm>
        </section>
    }
}
