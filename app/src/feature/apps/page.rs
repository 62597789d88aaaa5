//! One app: what to enter into it, how to write it, what it may do.

use super::{
    api::{AppDetail, load_app},
    list::{kind, state},
    quickstarts::Quickstart,
    settings::{AppRoles, DangerZone, EditApp, Enable},
};
use crate::{
    i18n,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        avatar::Avatar,
        copy::{Copyable, CopyableCode},
        parts::{Notice, Tone},
        query::param,
    },
};
use iam_types::view::AppView;
use leptos::prelude::*;

/// `/w/{slug}/admin/apps/{id}`
#[component]
pub fn AppPage() -> impl IntoView {
    let (slug, id) = (param("slug"), param("id"));
    loaded(load_app(slug, id), detail)
}

fn detail(
    AppDetail {
        view,
        secret,
        quickstarts,
    }: AppDetail,
) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let trail = vec![(paths::apps(&slug), text!(l, apps.title))];
    let disabled = view.app.disabled;
    let enable = view.may_update.then(|| view! { <Enable view=view.clone() /> });
    let shut = disabled.then(|| {
        view! { <Notice tone=Tone::Warn><p>{text!(l, apps.disabled_lead)}</p> {enable}</Notice> }
    });
    view! {
        <AppLayout title=view.app.name.clone() workspace=view.workspace.clone() trail=trail>
            <div class="heading">
                <div class="titled">
                    <Avatar name=view.app.name.clone() square=true />
                    <div>
                        <h1>{view.app.name.clone()}</h1>
                        <p class="hint">{kind(l, &view.app.client_type)} " " {state(l, disabled)}</p>
                    </div>
                </div>
                <a class="button quiet" href=paths::test_sign_in(&slug, view.app.id)>{text!(l, apps.test)}</a>
            </div>
            {shut}
            <Integration view=view.clone() secret=secret />
            <Quickstarts programs=quickstarts />
            <AppRoles view=view.clone() />
            {view.may_update.then(|| view! {
                <EditApp view=view.clone() />
                <DangerZone view=view.clone() />
            })}
        </AppLayout>
    }
}

/// What is entered into the app's configuration.
#[component]
fn Integration(
    /// The app.
    view: AppView,
    /// Its secret, just after it was made.
    secret: Option<String>,
) -> impl IntoView {
    let l = i18n::use_locale();
    let label = text!(l, apps.client_secret);
    let kept = match (&secret, view.secret_hint) {
        (Some(_), _) => None,
        (None, Some(hint)) => Some(text!(l, apps.secret_hint, hint = hint)),
        (None, None) => Some(text!(l, apps.none)),
    };
    let kept = kept.map(|kept| {
        let label = label.clone();
        view! { <div class="copyable"><span class="label">{label}</span><span>{kept}</span></div> }
    });
    let fresh = secret.map(|secret| {
        view! {
            <Notice tone=Tone::Warn news=true>
                <p>{text!(l, apps.secret_once)}</p>
                <Copyable label=label value=secret />
            </Notice>
        }
    });
    view! {
        <section class="panel" id="integration">
            <div>
                <h2>{text!(l, apps.integration)}</h2>
                <p class="hint">{text!(l, apps.integration_lead)}</p>
            </div>
            {fresh}
            <Copyable label=text!(l, apps.client_id) value=view.app.id.to_string() />
            {kept}
            <Copyable label=text!(l, apps.issuer) value=view.issuer.clone() />
            <Copyable label=text!(l, apps.discovery) value=paths::discovery(&view.issuer) />
            <Copyable label=text!(l, apps.audience) value=view.audience />
        </section>
    }
}

/// Complete programs, one open at a time.
#[component]
fn Quickstarts(
    /// The programs.
    programs: Vec<Quickstart>,
) -> impl IntoView {
    let l = i18n::use_locale();
    let programs: Vec<_> = (0..)
        .zip(programs)
        .map(|(place, program)| {
            let id = format!("quickstart-{}", program.id);
            view! {
                <details name="quickstart" open=place == 0>
                    <summary><bdi>{program.name}</bdi></summary>
                    <CopyableCode id=id label=program.name code=program.code />
                </details>
            }
        })
        .collect();
    view! {
        <section class="panel" id="quickstart">
            <div>
                <h2>{text!(l, apps.quickstart)}</h2>
                <p class="hint">{text!(l, apps.quickstart_lead)}</p>
            </div>
            <div class="tabs">{programs}</div>
        </section>
    }
}
