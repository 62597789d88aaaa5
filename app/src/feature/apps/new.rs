//! Registering an app.

use super::api::{RegisterApp, load_apps};
use crate::{
    i18n,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        form::{Choice, Field, FormError, PostForm},
        query::param,
        told::{concerns, failure, typed},
    },
};
use iam_types::{ErrorCode, view::AppsView};
use leptos::{prelude::*, server_fn::ServerFn};

/// How tokens may be signed; new apps begin with the first.
const ALGORITHMS: [&str; 3] = ["ES256", "RS256", "EdDSA"];
const RECOMMENDED: &str = ALGORITHMS[0];

/// `/w/{slug}/admin/apps/new`
#[component]
pub fn NewAppPage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = param("slug");
    let view = load_apps(slug, String::new(), String::new());
    let error = failure::<RegisterApp>();
    loaded(view, move |view: AppsView| {
        let slug = view.workspace.slug.clone();
        let trail = vec![(paths::apps(&slug), text!(l, apps.title))];
        view! {
            <AppLayout title=text!(l, apps.new_title) workspace=view.workspace trail=trail>
                <h1>{text!(l, apps.new_title)}</h1>
                <FormError error=error />
                <PostForm to=RegisterApp::url()>
                    <input type="hidden" name="slug" value=slug.to_string() />
                    <Field name="name" label=text!(l, common.name) hint=text!(l, apps.name_hint) wrong=concerns(error, &[ErrorCode::InvalidName]) />
                    <fieldset>
                        <legend>{text!(l, apps.kind)}</legend>
                        <Choice name="client_type" value="confidential" label=text!(l, apps.confidential) chosen=true />
                        <Choice name="client_type" value="public" label=text!(l, apps.public_app) chosen=false />
                    </fieldset>
                    <Redirects value=String::new() wrong=concerns(error, &[ErrorCode::InvalidRedirectUri]) />
                    <Algorithm chosen=RECOMMENDED.to_owned() />
                    <div class="actions">
                        <button class="button">{text!(l, apps.register)}</button>
                        <a class="button quiet" href=paths::apps(&slug)>{text!(l, common.cancel)}</a>
                    </div>
                </PostForm>
            </AppLayout>
        }
    })
}

/// Where the app may be sent back to, with examples.
#[component]
pub fn Redirects(
    /// The current ones, one a line.
    value: String,
    /// Whether the last failure is about them.
    wrong: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <div class="with-more">
            <Field name="redirect_uris" label=text!(l, apps.redirects) hint=text!(l, apps.redirects_hint) lines=3 value=value wrong=wrong />
            <details class="more">
                <summary>{text!(l, apps.redirects_help)}</summary>
                <dl class="facts">
                    <dt>{text!(l, apps.redirects_web)}</dt>
                    <dd><code>"https://app.example.com/callback"</code></dd>
                    <dt>{text!(l, apps.redirects_local)}</dt>
                    <dd><code>"http://localhost:3000/callback"</code> " " {text!(l, apps.redirects_local_hint)}</dd>
                    <dt>{text!(l, apps.redirects_desktop)}</dt>
                    <dd><code>"http://127.0.0.1/callback"</code> " " {text!(l, apps.redirects_desktop_hint)}</dd>
                    <dt>{text!(l, apps.redirects_mobile)}</dt>
                    <dd><code>"com.example.app:/callback"</code> " " {text!(l, apps.redirects_mobile_hint)}</dd>
                </dl>
            </details>
        </div>
    }
}

/// Chooses how tokens are signed.
#[component]
pub fn Algorithm(
    /// The current one.
    chosen: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    let chosen = typed("id_token_alg").unwrap_or(chosen);
    let options = ALGORITHMS.map(|alg| {
        let label = if alg == RECOMMENDED {
            text!(l, apps.alg_recommended, alg = alg)
        } else {
            alg.to_owned()
        };
        view! { <option value=alg selected=alg == chosen>{label}</option> }
    });
    view! {
        <div class="field">
            <label for="id_token_alg">{text!(l, apps.alg)}</label>
            <p class="hint" id="id_token_alg-hint">{text!(l, apps.alg_hint)}</p>
            <select id="id_token_alg" name="id_token_alg" aria-describedby="id_token_alg-hint">{options.collect_view()}</select>
        </div>
    }
}
