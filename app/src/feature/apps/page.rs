//! Pages about apps.

use super::api::{AppDetail, RegisterApp, RotateAppSecret, SetAppState, UpdateApp, load_app, load_apps};
use crate::{
    feature::access::api::CreateAppRole,
    i18n,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        copy::Copyable,
        form::{About, Choice, Field, FormError, PostForm, Search},
        pager::Pager,
        query::{asked, param},
        told::{concerns, failure, typed},
    },
};
use iam_types::{
    ErrorCode,
    view::{AppView, AppsView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/apps`
#[component]
pub fn AppsPage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = param("slug");
    let (search, before) = (asked("q"), asked("before"));
    let view = load_apps(slug, search.clone(), before.clone());
    let render = move |view: AppsView| {
        let slug = view.workspace.slug.clone();
        let list = paths::apps(&slug);
        let empty = view.apps.rows.is_empty().then(|| match search.as_str() {
            "" => view! { <p class="empty">{text!(l, apps.empty)}</p> }.into_any(),
            _ => {
                view! { <p class="empty">{text!(l, apps.none_found, search = search.clone())}</p> }.into_any()
            }
        });
        let first_page = search.is_empty() && before.is_empty();
        let searchable = !first_page || view.apps.next.is_some();
        let older = view.apps.next.map(|next| paths::apps_page(&slug, &search, &next));
        let register = view
            .may_create
            .then(|| view! { <a class="button" href=paths::new_app(&slug)>{text!(l, apps.register)}</a> });
        let now = view.now;
        let rows: Vec<_> = view.apps.rows.into_iter().map(|app| {
            let href = paths::app(&slug, app.id);
            view! {
                <li class="row">
                    <a class="row-link" href=href>
                        <strong>{app.name}</strong>
                        <span class="hint">{text!(l, apps.registered, ago = i18n::ago(l, app.created_at, now))}</span>
                    </a>
                    {app.disabled.then(|| view! { <span class="badge">{text!(l, apps.disabled)}</span> })}
                    <span class="badge">{app.client_type}</span>
                </li>
            }
        }).collect();
        view! {
            <AppLayout title=text!(l, apps.title) workspace=view.workspace>
                <div class="heading">
                    <h1>{text!(l, apps.title)}</h1>
                    {register}
                </div>
                {searchable.then(|| view! { <Search action=list.clone() label=text!(l, apps.search) value=search /> })}
                {empty}
                <ul class="rows">{rows}</ul>
                <Pager first=(!before.is_empty()).then_some(list) next=older />
            </AppLayout>
        }
    };
    loaded(view, render)
}

/// `/w/{slug}/admin/apps/new`
#[component]
pub fn NewAppPage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = param("slug");
    let view = load_apps(slug, String::new(), String::new());
    let error = failure::<RegisterApp>();
    let render = move |view: AppsView| {
        let slug = view.workspace.slug.clone();
        view! {
            <AppLayout title=text!(l, apps.new_title) workspace=view.workspace>
                <h1>{text!(l, apps.new_title)}</h1>
                <FormError error=error />
                <PostForm to=RegisterApp::url()>
                    <input type="hidden" name="slug" value=slug.to_string() />
                    <Field name="name" label=text!(l, common.name) wrong=concerns(error, &[ErrorCode::InvalidName]) />
                    <fieldset>
                        <legend>{text!(l, apps.kind)}</legend>
                        <Choice name="client_type" value="confidential" label=text!(l, apps.confidential) chosen=true />
                        <Choice name="client_type" value="public" label=text!(l, apps.public_app) chosen=false />
                    </fieldset>
                    <Field name="redirect_uris" label=text!(l, apps.redirects) hint=text!(l, apps.redirects_hint) lines=3
                        wrong=concerns(error, &[ErrorCode::InvalidRedirectUri]) />
                    <Algorithm chosen="RS256".to_owned() />
                    <div class="actions">
                        <button class="button">{text!(l, apps.register)}</button>
                        <a class="button quiet" href=paths::apps(&slug)>{text!(l, common.cancel)}</a>
                    </div>
                </PostForm>
            </AppLayout>
        }
    };
    loaded(view, render)
}

#[component]
fn Algorithm(
    /// The current one.
    chosen: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    let chosen = typed("id_token_alg").unwrap_or(chosen);
    let options = ["RS256", "ES256", "EdDSA"]
        .map(|alg| view! { <option value=alg selected=alg == chosen>{alg}</option> });
    view! {
        <div class="field">
            <label for="id_token_alg">{text!(l, apps.alg)}</label>
            <select id="id_token_alg" name="id_token_alg">{options.collect_view()}</select>
        </div>
    }
}

/// `/w/{slug}/admin/apps/{id}`
#[component]
pub fn AppPage() -> impl IntoView {
    let (slug, id) = (param("slug"), param("id"));
    loaded(load_app(slug, id), detail_view)
}

fn detail_view(detail: AppDetail) -> impl IntoView {
    let l = i18n::use_locale();
    let AppDetail { view, secret } = detail;
    view! {
        <AppLayout title=view.app.name.clone() workspace=view.workspace.clone()>
            <h1>{view.app.name.clone()}</h1>
            {view.app.disabled.then(|| view! { <p class="notice bad">{text!(l, apps.disabled_lead)}</p> })}
            <section class="panel">
                <h2>{text!(l, apps.integration)}</h2>
                <Copyable label=text!(l, apps.issuer) value=view.issuer.clone() />
                <Copyable label=text!(l, apps.client_id) value=view.app.id.to_string() />
                {secret_view(&view, secret)}
                <Copyable label=text!(l, apps.audience) value=view.audience.clone() />
                <h3>{text!(l, apps.snippet)}</h3>
                <pre tabindex="0"><code>{snippet(&view)}</code></pre>
            </section>
            <Roles view=view.clone() />
            {view.may_update.then(|| view! {
                <EditApp view=view.clone() />
                <Switch view=view.clone() />
            })}
        </AppLayout>
    }
}

fn secret_view(view: &AppView, secret: Option<String>) -> AnyView {
    let l = i18n::use_locale();
    let label = text!(l, apps.client_secret);
    let Some(hint) = view.secret_hint.clone() else {
        return view! { <div class="copyable"><span class="label">{label}</span><span>{text!(l, apps.none)}</span></div> }.into_any();
    };
    let shown = match secret {
        Some(secret) => view! {
            <div class="notice" role="status">
                <p>{text!(l, apps.secret_once)}</p>
                <Copyable label=label value=secret />
            </div>
        }
        .into_any(),
        None => {
            view! { <div class="copyable"><span class="label">{label}</span><code>{text!(l, apps.secret_hint, hint = hint)}</code></div> }.into_any()
        }
    };
    let error = failure::<RotateAppSecret>();
    let (slug, id) = (view.workspace.slug.to_string(), view.app.id.to_string());
    let button = view.may_update.then(|| {
        view! {
            <FormError error=error />
            <PostForm to=RotateAppSecret::url()>
                <About slug=slug id=id />
                <p class="hint">{text!(l, apps.rotate_hint)}</p>
                <button class="button quiet">{text!(l, apps.rotate)}</button>
            </PostForm>
        }
    });
    view! { {shown} {button} }.into_any()
}

/// What members can be to the app.
#[component]
fn Roles(
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
        <section class="panel">
            <h2>{text!(l, roles.app_title)}</h2>
            <p>{text!(l, roles.app_lead)}</p>
            <ul class="rows">{rows}</ul>
            {making}
        </section>
    }
}

#[component]
fn EditApp(
    /// The app.
    view: AppView,
) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<UpdateApp>();
    view! {
        <section class="panel">
            <h2>{text!(l, apps.settings)}</h2>
            <FormError error=error />
            <PostForm to=UpdateApp::url()>
                <About slug=view.workspace.slug.to_string() id=view.app.id.to_string() />
                <Field name="name" label=text!(l, common.name) value=view.app.name wrong=concerns(error, &[ErrorCode::InvalidName]) />
                <Field name="redirect_uris" label=text!(l, apps.redirects) hint=text!(l, apps.redirects_hint) lines=3
                    value=view.redirect_uris.join("\n") wrong=concerns(error, &[ErrorCode::InvalidRedirectUri]) />
                <Algorithm chosen=view.id_token_alg />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        </section>
    }
}

/// Shuts the app off, after a second look, or lets it back in.
#[component]
fn Switch(
    /// The app.
    view: AppView,
) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<SetAppState>();
    let disabled = view.app.disabled;
    let (state, label) = if disabled {
        ("enabled", text!(l, apps.enable))
    } else {
        ("disabled", text!(l, apps.disable))
    };
    let summary = label.clone();
    let form = view! {
        <FormError error=error />
        <PostForm to=SetAppState::url()>
            <About slug=view.workspace.slug.to_string() id=view.app.id.to_string() />
            <input type="hidden" name="state" value=state />
            {(!disabled).then(|| view! { <p>{text!(l, apps.disable_hint)}</p> })}
            <button class="button" class:danger=!disabled>{label}</button>
        </PostForm>
    };
    if disabled {
        return view! { <section class="panel">{form}</section> }.into_any();
    }
    view! {
        <details class="panel">
            <summary>{summary}</summary>
            {form}
        </details>
    }
    .into_any()
}

fn snippet(view: &AppView) -> String {
    let redirect = view.redirect_uris.first().cloned().unwrap_or_default();
    let secret = if view.secret_hint.is_some() {
        "process.env.CLIENT_SECRET"
    } else {
        "undefined"
    };
    format!(
        "import * as client from 'openid-client'\n\n\
         const config = await client.discovery(\n  new URL('{}'),\n  '{}',\n  {secret},\n)\n\
         const verifier = client.randomPKCECodeVerifier()\n\
         const url = client.buildAuthorizationUrl(config, {{\n  redirect_uri: '{redirect}',\n  scope: 'openid email offline_access',\n  \
         code_challenge: await client.calculatePKCECodeChallenge(verifier),\n  code_challenge_method: 'S256',\n  state: client.randomState(),\n}})\n",
        view.issuer, view.app.id
    )
}
