//! What a form came to, between the function that did the work and the page that tells of it. The browser carries it
//! there: see `http/outcome.rs` of the server.

use actix_web::HttpMessage;
use iam_types::view::{Done, Told};
use leptos::prelude::use_context;
use leptos_actix::Request;

/// What stays in a form that failed, by the form's address. A field that may hold a secret is never here,
/// nor one of a form that a page has several times. The matrix of roles is not either: when it fails, somebody else may
/// have changed what it shows.
const TYPED: &[(&str, &[&str])] = &[
    ("/fn/add_address", &["address"]),
    ("/fn/add_to_group", &["addresses"]),
    ("/fn/begin_recovery", &["reason", "passkeys"]),
    ("/fn/begin_user_recovery", &["reason", "passkeys"]),
    ("/fn/claim_domain", &["domain"]),
    ("/fn/create_app_role", &["name"]),
    (
        "/fn/create_connection",
        &[
            "issuer",
            "name",
            "client_id",
            "team_id",
            "key_id",
            "scopes",
            "provisioning",
            "trusts_addresses",
            "tenants",
            "domains",
            "everywhere",
            "name_claim",
            "address_claim",
        ],
    ),
    ("/fn/create_group", &["name"]),
    ("/fn/create_role", &["name"]),
    ("/fn/create_workspace", &["name", "slug"]),
    ("/fn/delete_account", &["confirmation"]),
    ("/fn/delete_connection", &["confirmation"]),
    ("/fn/end_workspace", &["confirmation"]),
    ("/fn/end_app_sessions", &["reason"]),
    ("/fn/end_user_session", &["reason"]),
    ("/fn/invite", &["addresses", "role"]),
    ("/fn/map_connection_groups", &["claim", "values[]", "groups[]"]),
    ("/fn/offer_ownership", &["address"]),
    ("/fn/open_support", &["reason", "hours"]),
    (
        "/fn/register_app",
        &["name", "client_type", "redirect_uris", "id_token_alg"],
    ),
    ("/fn/redeem_password", &["email"]),
    ("/fn/rename_group", &["name"]),
    ("/fn/rename_passkey", &["passkey", "name"]),
    ("/fn/rename_role", &["name"]),
    ("/fn/request_magic_link", &["email"]),
    ("/fn/set_group_roles", &["roles[]"]),
    ("/fn/set_member_roles", &["roles[]"]),
    ("/fn/set_models", &["models[]", "added"]),
    ("/fn/set_platform_models", &["models[]", "added"]),
    ("/fn/suspend_workspace", &["reason"]),
    ("/fn/update_app", &["name", "redirect_uris", "id_token_alg"]),
    ("/fn/update_branding", &["accent", "login_text", "support"]),
    (
        "/fn/update_sign_in_policy",
        &[
            "sign_in_max_age",
            "sign_in_max_idle",
            "two_factors",
            "second_factor_days",
            "same[]",
            "methods[]",
        ],
    ),
    (
        "/fn/update_platform_sign_in",
        &[
            "sign_in_max_age",
            "sign_in_max_idle",
            "two_factors",
            "second_factor_days",
            "same[]",
            "methods[]",
        ],
    ),
    (
        "/fn/update_connection",
        &[
            "name",
            "client_id",
            "scopes",
            "provisioning",
            "trusts_addresses",
            "tenants",
            "domains",
            "everywhere",
            "name_claim",
            "address_claim",
        ],
    ),
    (
        "/fn/update_platform",
        &[
            "creation",
            "default_admission",
            "members_ceiling",
            "apps_ceiling",
            "sessions_ceiling",
            "trust_days",
        ],
    ),
    ("/fn/update_workspace", &["name", "admission"]),
];

/// The fields that stay in the form at `form` when it failed.
pub fn stays_typed(form: &str) -> &'static [&'static str] {
    TYPED
        .iter()
        .find(|(known, _)| *known == form)
        .map_or(&[], |(_, fields)| fields)
}

/// Sends the browser to `page` and tells it there what was done.
pub fn tell(page: &str, told: impl Into<Told>) {
    leptos_actix::redirect(page);
    if let Some(request) = use_context::<Request>() {
        request.extensions_mut().insert(told.into());
    }
}

/// Sends the browser to `page`, where a form is that fails next, wherever the browser says that it was.
pub fn fails_at(page: &str) {
    tell(page, Told::default());
}

/// As [`tell`]: it is saved.
pub fn saved(page: &str) {
    tell(page, Done::Saved);
}

/// Marks that a part of the page being rendered tells why its form failed.
struct Claimed;

/// Says that a part of the page tells of the failure.
pub fn claim() {
    if let Some(request) = use_context::<Request>() {
        request.extensions_mut().insert(Claimed);
    }
}

/// Whether a part of the page did.
pub fn is_claimed() -> bool {
    use_context::<Request>().is_some_and(|request| request.extensions().contains::<Claimed>())
}

/// What the page being rendered tells.
pub fn told() -> Option<Told> {
    use_context::<Request>()?.extensions().get::<Told>().cloned()
}
