//! The matrix of roles and permissions, and one role.

use super::api::{CreateRole, DeleteRole, RenameRole, SaveRoles, load_role, load_roles};
use crate::{
    i18n,
    islands::DirtyForm,
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        form::{About, Disclosure, Field, FormError, PostForm},
        query::param,
        told::{concerns, failure},
        words::{permission_text, role_name},
    },
};
use iam_types::{
    ErrorCode, Permission, Permissions, Role, Slug,
    view::{RoleCard, RoleView, RolesView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/roles`
#[component]
pub fn RolesPage() -> impl IntoView {
    let slug = param("slug");
    let view = load_roles(slug);
    loaded(view, roles_view)
}

fn roles_view(view: RolesView) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.to_string();
    let (wrong_save, wrong_name) = (failure::<SaveRoles>(), failure::<CreateRole>());
    let versions: Vec<_> = view
        .roles
        .iter()
        .filter(|role| role.may_change)
        .map(|role| {
            view! { <input type="hidden" name="versions[]" value=format!("{} {}", role.id, role.version) /> }
        })
        .collect();
    let changeable = !versions.is_empty();
    let form_slug = slug.clone();
    let making = (view.grantable != Permissions::NONE).then(move || {
        view! {
            <section class="panel">
                <h2>{text!(l, roles.create_title)}</h2>
                <FormError error=wrong_name />
                <PostForm to=CreateRole::url()>
                    <input type="hidden" name="slug" value=slug />
                    <Field name="name" label=text!(l, common.name) hint=text!(l, roles.create_hint)
                        wrong=concerns(wrong_name, &[ErrorCode::InvalidName, ErrorCode::NameTaken]) />
                    <button class="button">{text!(l, roles.create)}</button>
                </PostForm>
            </section>
        }
    });
    view! {
        <AppLayout title=text!(l, roles.title) workspace=view.workspace.clone() width=Width::List>
            <h1>{text!(l, roles.title)}</h1>
            <p class="lead">{text!(l, roles.lead)}</p>
            <FormError error=wrong_save />
            <PostForm to=SaveRoles::url()>
                <input type="hidden" name="slug" value=form_slug />
                {versions}
                {matrix(l, &view)}
                {changeable.then(|| view! {
                    <div class="bulk">
                        <button class="button">{text!(l, common.save)}</button>
                        <DirtyForm label=text!(l, common.unsaved) />
                    </div>
                })}
            </PostForm>
            {making}
        </AppLayout>
    }
}

fn matrix(l: i18n::Locale, view: &RolesView) -> impl IntoView + use<> {
    let built_in = Role::ALL
        .iter()
        .map(|role| view! { <th scope="col">{role_name(l, *role)}</th> });
    let own = view.roles.iter().map(|role| {
        let href = paths::role(&view.workspace.slug, role.id);
        view! { <th scope="col"><a href=href dir="auto" title=role.name.clone()>{role.name.clone()}</a></th> }
    });
    let heads: Vec<_> = built_in
        .map(IntoAny::into_any)
        .chain(own.map(IntoAny::into_any))
        .collect();
    let in_platform = view.workspace.slug == Slug::platform();
    let rows: Vec<_> = Permission::ALL
        .iter()
        .filter(|permission| in_platform || !permission.is_of_platform())
        .map(|permission| row(l, *permission, view))
        .collect();
    view! {
        <div class="scroll" role="region" tabindex="0" aria-label=text!(l, roles.title)>
            <table class="matrix">
                <thead>
                    <tr>
                        <th scope="col">{text!(l, roles.permission)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(l: i18n::Locale, permission: Permission, view: &RolesView) -> impl IntoView + use<> {
    let built_in = Role::ALL.iter().map(|role| mark(l, role.allows(permission)));
    let own = view
        .roles
        .iter()
        .map(|role| cell(l, permission, role, view.grantable));
    let cells: Vec<_> = built_in.chain(own).collect();
    view! {
        <tr>
            <th scope="row">{permission_text(l, permission)} <code>{permission.as_str()}</code></th>
            {cells}
        </tr>
    }
}

fn cell(l: i18n::Locale, permission: Permission, role: &RoleCard, grantable: Permissions) -> AnyView {
    let held = role.permissions.contains(permission);
    if !role.may_change || !grantable.contains(permission) {
        return mark(l, held);
    }
    let name = text!(
        l,
        roles.cell,
        role = role.name.clone(),
        permission = permission.as_str()
    );
    let value = format!("{} {}", role.id, permission.as_str());
    view! { <td><input type="checkbox" name="grants[]" value=value checked=held aria-label=name /></td> }
        .into_any()
}

fn mark(l: i18n::Locale, held: bool) -> AnyView {
    let (sign, word) = if held {
        ("✓", text!(l, common.yes))
    } else {
        ("–", text!(l, common.no))
    };
    view! { <td class="mark"><span aria-hidden="true">{sign}</span><span class="sr-only">{word}</span></td> }
        .into_any()
}

/// `/w/{slug}/admin/roles/{id}`
#[component]
pub fn RolePage() -> impl IntoView {
    let (slug, id) = (param("slug"), param("id"));
    let view = load_role(slug, id);
    loaded(view, role_view)
}

fn role_view(view: RoleView) -> impl IntoView {
    let l = i18n::use_locale();
    let role = view.role;
    let (slug, id) = (view.workspace.slug.to_string(), role.id.to_string());
    let [first, second] = [(); 2].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let (wrong_name, wrong_end) = (failure::<RenameRole>(), failure::<DeleteRole>());
    let title = role.name.clone();
    let trail = vec![(paths::roles(&view.workspace.slug), text!(l, roles.title))];
    let permissions: Vec<_> = role
        .permissions
        .iter()
        .map(|permission| {
            view! { <li>{permission_text(l, permission)} " " <code class="hint">{permission.as_str()}</code></li> }
        })
        .collect();
    let name = role.name.clone();
    let changes = role.may_change.then(|| {
        view! {
            <section class="panel">
                <h2>{text!(l, roles.rename)}</h2>
                <FormError error=wrong_name />
                <PostForm to=RenameRole::url()>
                    {first}
                    <Field name="name" label=text!(l, common.name) value=name
                        wrong=concerns(wrong_name, &[ErrorCode::InvalidName, ErrorCode::InvalidAppRole, ErrorCode::NameTaken]) />
                    <button class="button">{text!(l, common.save)}</button>
                </PostForm>
            </section>
            <Disclosure title=text!(l, roles.delete) error=wrong_end>
                <PostForm to=DeleteRole::url()>
                    {second}
                    <p>{text!(l, roles.delete_hint, count = role.holders)}</p>
                    <button class="button danger">{text!(l, roles.delete)}</button>
                </PostForm>
            </Disclosure>
        }
    });
    view! {
        <AppLayout title=title.clone() workspace=view.workspace trail=trail>
            <h1 class="wrapped" dir="auto">{title}</h1>
            <p class="hint">{text!(l, roles.holders, count = role.holders)}</p>
            <ul class="chips">{permissions}</ul>
            {changes}
        </AppLayout>
    }
}
