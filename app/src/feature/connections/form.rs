//! What is typed about a connection, and the page that makes one.

use super::{
    api::{CreateConnection, load_new_connection},
    list::preset_name,
    place,
};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        copy::Copyable,
        form::{Checkbox, Choice, Field, FormError, PostForm},
        query::asked,
        told::{concerns, failure},
    },
};
use iam_types::{
    ErrorCode, Slug,
    view::{ConnectionSettingsView, NewConnectionView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The kinds of providers that there are.
const PRESETS: [&str; 7] = [
    "google",
    "entra",
    "entra_any",
    "github",
    "github_server",
    "gitlab",
    "oidc",
];

/// `/w/{slug}/admin/connections/new`, `/platform/connections/new`, `?preset={kind}` once one was chosen
#[component]
pub fn NewConnectionPage() -> impl IntoView {
    let preset = PRESETS.into_iter().find(|known| *known == asked("preset"));
    let page = load_new_connection(place(), preset.unwrap_or_default().to_owned());
    loaded(page, move |view| new_connection(view, preset))
}

fn new_connection(view: NewConnectionView, preset: Option<&'static str>) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let trail = vec![(paths::connections(&slug), text!(l, connections.title))];
    let content = match preset {
        _ if !view.recent => sign_in_first(l, &slug).into_any(),
        None => choice(l, &slug).into_any(),
        Some(preset) => form(l, &slug, preset, view.redirect_uris).into_any(),
    };
    view! {
        <AppLayout title=text!(l, connections.add) workspace=view.workspace trail=trail>
            <h1>{text!(l, connections.add)}</h1>
            {content}
        </AppLayout>
    }
}

/// Says that this takes a sign-in that is recent, and leads to one.
pub fn sign_in_first(l: Locale, slug: &Slug) -> impl IntoView + use<> {
    let href = paths::login_to_connect(slug);
    view! {
        <p>{text!(l, connections.again)}</p>
        <p class="actions"><a class="button" href=href>{text!(l, login.title)}</a></p>
    }
}

fn choice(l: Locale, slug: &Slug) -> impl IntoView + use<> {
    let rows = PRESETS.map(|preset| {
        let href = paths::new_connection_to(slug, preset);
        view! { <li class="row"><a class="row-link" href=href>{preset_name(l, preset)}</a></li> }
    });
    view! {
        <p class="lead">{text!(l, connections.choose)}</p>
        <ul class="rows panel">{rows.collect_view()}</ul>
    }
}

fn form(l: Locale, slug: &Slug, preset: &'static str, redirect_uris: Vec<String>) -> impl IntoView + use<> {
    let error = failure::<CreateConnection>();
    let name = match preset {
        "oidc" | "github_server" => String::new(),
        known => preset_name(l, known),
    };
    let platform = slug.is_platform();
    let settings = ConnectionSettingsView {
        client_id: String::new(),
        scopes: String::new(),
        provisioning: if platform { "linked" } else { "members" }.to_owned(),
        trusts_addresses: false,
        tenants: String::new(),
        domains: String::new(),
        everywhere: false,
        name_claim: "name".to_owned(),
        address_claim: "email".to_owned(),
    };
    let list = paths::connections(slug);
    let slug = slug.to_string();
    view! {
        <FormError error=error />
        {redirects(l, redirect_uris)}
        <PostForm to=CreateConnection::url()>
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="preset" value=preset />
            {issuer(l, preset, error)}
            <Fields preset=preset name=name settings=settings error=error platform=platform new=true />
            <div class="actions">
                <button class="button">{text!(l, connections.add)}</button>
                <a class="button quiet" href=list>{text!(l, common.cancel)}</a>
            </div>
        </PostForm>
    }
}

/// Who the provider says it is, where that does not go without saying.
fn issuer(l: Locale, preset: &str, error: Option<ErrorCode>) -> impl IntoView + use<> {
    let wrong = concerns(error, &[ErrorCode::InvalidIssuer, ErrorCode::ServerConnected]);
    let (label, hint, optional) = match preset {
        "entra" => (
            text!(l, connections.tenant),
            text!(l, connections.tenant_hint),
            false,
        ),
        "gitlab" => (
            text!(l, connections.issuer),
            text!(l, connections.gitlab_hint),
            true,
        ),
        "github_server" => (
            text!(l, connections.server),
            text!(l, connections.server_hint),
            false,
        ),
        _ => (
            text!(l, connections.issuer),
            text!(l, connections.issuer_hint),
            false,
        ),
    };
    (!matches!(preset, "google" | "github" | "entra_any" | "apple")).then(|| {
        view! { <Field name="issuer" label=label hint=hint inputmode="url" optional=optional wrong=wrong /> }
    })
}

/// What is to be registered at the provider.
pub fn redirects(l: Locale, uris: Vec<String>) -> impl IntoView {
    let rows: Vec<_> = uris
        .into_iter()
        .map(|uri| view! { <Copyable label=text!(l, connections.redirect_uri) value=uri /> })
        .collect();
    view! {
        <section class="panel">
            <p class="hint">{text!(l, connections.redirect_hint)}</p>
            {rows}
        </section>
    }
}

/// The fields that can be changed later.
#[component]
pub fn Fields(
    /// The kind of provider.
    #[prop(into)]
    preset: String,
    /// What its button says.
    name: String,
    /// The rest.
    settings: ConnectionSettingsView,
    /// Why the form failed, if it did.
    error: Option<ErrorCode>,
    /// Whether it is one of the platform.
    platform: bool,
    /// Whether there is no secret yet.
    #[prop(optional)]
    new: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    let who = newcomers(l, platform, &settings.provisioning);
    let (domains_hint, trusts_hint) = if platform {
        (
            text!(l, connections.kept_domains_hint),
            text!(l, connections.trusts_kept_hint),
        )
    } else {
        (
            text!(l, connections.domains_hint),
            text!(l, connections.trusts_hint),
        )
    };
    // GitHub says of each address whether it verified it, and Entra is not believed without a claim of its own.
    let github = preset.starts_with("github");
    let entra = preset.starts_with("entra");
    let claims = (!github && preset != "apple").then(|| claims(l, &settings, error));
    let tenants = (preset == "entra_any").then(|| {
        let wrong = concerns(error, &[ErrorCode::InvalidIssuer]);
        let (label, hint) = (
            text!(l, connections.tenants),
            text!(l, connections.tenants_hint),
        );
        view! { <Field name="tenants" label=label hint=hint value=settings.tenants optional=true wrong=wrong /> }
    });
    let secret = secret(l, &preset, new, error);
    let scopes_hint = if preset == "apple" {
        text!(l, connections.apple_scopes_hint)
    } else if github {
        text!(l, connections.github_scopes_hint)
    } else {
        text!(l, connections.scopes_hint)
    };
    view! {
        <Field name="name" label=text!(l, common.name) hint=text!(l, connections.name_hint) value=name
            wrong=concerns(error, &[ErrorCode::InvalidName, ErrorCode::NameTaken]) />
        <Field name="client_id" label=text!(l, connections.client_id) value=settings.client_id
            wrong=concerns(error, &[ErrorCode::InvalidInput]) />
        {secret}
        <Field name="scopes" label=text!(l, connections.scopes) hint=scopes_hint value=settings.scopes optional=true />
        <fieldset>
            <legend>{text!(l, connections.who)}</legend>
            {who}
        </fieldset>
        {tenants}
        <Field name="domains" label=text!(l, connections.domains) hint=domains_hint value=settings.domains optional=true
            wrong=concerns(error, &[ErrorCode::InvalidDomain, ErrorCode::DomainUnproved]) />
        {(!platform).then(|| view! {
            <fieldset>
                <Checkbox name="everywhere" value="yes" label=text!(l, connections.everywhere) ticked=settings.everywhere />
            </fieldset>
        })}
        {(!github && !entra).then(|| view! {
            <fieldset>
                <Checkbox name="trusts_addresses" value="yes" label=text!(l, connections.trusts) ticked=settings.trusts_addresses />
                <p class="hint">{trusts_hint}</p>
            </fieldset>
        })}
        {claims}
    }
}

/// Which claims say what of somebody.
fn claims(l: Locale, settings: &ConnectionSettingsView, error: Option<ErrorCode>) -> impl IntoView + use<> {
    let wrong = concerns(error, &[ErrorCode::InvalidClaim]);
    let (name, address) = (settings.name_claim.clone(), settings.address_claim.clone());
    view! {
        <Field name="name_claim" label=text!(l, connections.name_claim) hint=text!(l, connections.name_claim_hint) value=name
            optional=true wrong=wrong />
        <Field name="address_claim" label=text!(l, connections.address_claim) hint=text!(l, connections.address_claim_hint) value=address
            optional=true wrong=wrong />
    }
}

/// Who may come in for the first time.
fn newcomers(l: Locale, platform: bool, chosen: &str) -> impl IntoView + use<> {
    let choices = if platform {
        [
            ("linked", text!(l, connections.who_linked)),
            ("everybody", text!(l, connections.who_everybody)),
        ]
    } else {
        [
            ("members", text!(l, connections.who_members)),
            ("joining", text!(l, connections.who_joining)),
        ]
    };
    choices
        .map(|(value, label)| view! { <Choice name="provisioning" value=value label=label chosen=chosen == value /> })
        .collect_view()
}

/// What proves to the provider that it is us: a secret, or a key of which a secret is made each time.
fn secret(l: Locale, preset: &str, new: bool, error: Option<ErrorCode>) -> AnyView {
    let hint = if new {
        text!(l, connections.secret_new)
    } else {
        text!(l, connections.secret_keep)
    };
    let wrong = concerns(error, &[ErrorCode::InvalidInput]);
    if preset != "apple" {
        return view! {
            <div class="field">
                <label for="client_secret">{text!(l, connections.client_secret)}</label>
                <p class="hint" id="client_secret-hint">{hint}</p>
                <input id="client_secret" name="client_secret" type="password" required=new autocomplete="off" aria-describedby="client_secret-hint" />
            </div>
        }
        .into_any();
    }
    view! {
        <Field name="team_id" label=text!(l, connections.team_id) optional=!new wrong=wrong />
        <Field name="key_id" label=text!(l, connections.key_id) optional=!new wrong=wrong />
        <Field name="client_secret" label=text!(l, connections.private_key) hint=hint lines=6 optional=!new wrong=wrong />
    }
    .into_any()
}
