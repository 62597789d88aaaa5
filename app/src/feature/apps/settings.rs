//! What can be changed about an app: its roles, its settings, and what people feel at once.

use super::{
    api::{RotateAppSecret, SetAppState, UpdateApp},
    new::{Algorithm, Redirects},
};
use crate::{
    feature::access::api::CreateAppRole,
    i18n, paths, text,
    ui::{
        form::{About, Disclosure, Field, FormError, PostForm},
        told::{concerns, failure},
    },
};
use iam_types::{ErrorCode, view::AppView};
use leptos::{prelude::*, server_fn::ServerFn};

/// What members can be to the app.
#[component]
pub fn AppRoles(
    /// The app.
    view: AppView,
) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<CreateAppRole>();
    let slug = view.workspace.slug.clone();
    let rows: Vec<_> = view
        .roles
        .into_iter()
        .map(|role| {
            view! {
                <li class="row">
                    <a class="row-link" href=paths::role(&slug, role.id)><code>{role.name}</code></a>
                    <span class="hint">{text!(l, roles.holders, count = role.holders)}</span>
                </li>
            }
        })
        .collect();
    let making = view.may_update.then(|| {
        view! {
            <FormError error=error />
            <PostForm to=CreateAppRole::url()>
                <About slug=slug.to_string() id=view.app.id.to_string() />
                <Field name="name" id="role-name" label=text!(l, roles.app_name) hint=text!(l, roles.app_name_hint)
                    wrong=concerns(error, &[ErrorCode::InvalidAppRole, ErrorCode::NameTaken]) />
                <button class="button quiet">{text!(l, roles.create)}</button>
            </PostForm>
        }
    });
    view! {
        <section class="panel" id="roles">
            <div>
                <h2>{text!(l, roles.app_title)}</h2>
                <p class="hint">{text!(l, roles.app_lead)}</p>
            </div>
            <ul class="rows">{rows}</ul>
            {making}
        </section>
    }
}

/// Name, redirect URIs and algorithm.
#[component]
pub fn EditApp(
    /// The app.
    view: AppView,
) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<UpdateApp>();
    view! {
        <section class="panel" id="settings">
            <h2>{text!(l, apps.settings)}</h2>
            <FormError error=error />
            <PostForm to=UpdateApp::url()>
                <About slug=view.workspace.slug.to_string() id=view.app.id.to_string() />
                <Field name="name" label=text!(l, common.name) value=view.app.name wrong=concerns(error, &[ErrorCode::InvalidName]) />
                <Redirects value=view.redirect_uris.join("\n") wrong=concerns(error, &[ErrorCode::InvalidRedirectUri]) />
                <Algorithm chosen=view.id_token_alg />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        </section>
    }
}

/// A new secret, and the end of all sign-ins: both after a second look.
#[component]
pub fn DangerZone(
    /// The app.
    view: AppView,
) -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, id) = (view.workspace.slug.to_string(), view.app.id.to_string());
    let [first, second] = [(); 2].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let errors = (failure::<RotateAppSecret>(), failure::<SetAppState>());
    let rotate = view.secret_hint.is_some().then(|| {
        view! {
            <Disclosure title=text!(l, apps.rotate) error=errors.0>
                <PostForm to=RotateAppSecret::url()>
                    {first}
                    <p>{text!(l, apps.rotate_hint)}</p>
                    <button class="button danger">{text!(l, apps.rotate)}</button>
                </PostForm>
            </Disclosure>
        }
    });
    let disable = (!view.app.disabled).then(|| {
        view! {
            <Disclosure title=text!(l, apps.disable) error=errors.1>
                <PostForm to=SetAppState::url()>
                    {second}
                    <input type="hidden" name="state" value="disabled" />
                    <p>{text!(l, apps.disable_hint)}</p>
                    <button class="button danger">{text!(l, apps.disable)}</button>
                </PostForm>
            </Disclosure>
        }
    });
    view! { {rotate} {disable} }
}

/// Lets people sign in again.
#[component]
pub fn Enable(
    /// The app.
    view: AppView,
) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<SetAppState>();
    view! {
        <FormError error=error />
        <PostForm to=SetAppState::url()>
            <About slug=view.workspace.slug.to_string() id=view.app.id.to_string() />
            <input type="hidden" name="state" value="enabled" />
            <button class="button quiet">{text!(l, apps.enable)}</button>
        </PostForm>
    }
}
