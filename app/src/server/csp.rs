//! Content Security Policy: own scripts, nothing from anywhere else. No page leads to an app by its form, since
//! `form-action` also rules the redirects that follow, and where an app's own redirects lead nobody here can know.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_actix::ResponseOptions;

/// The `script-src` of a document without scripts.
pub const NO_SCRIPTS: &str = "'none'";

/// The policy of a document whose scripts are those that `scripts`, a list of sources, names.
pub fn policy(scripts: &str) -> String {
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Puts the policy on the page being rendered.
pub fn apply() {
    let scripts = use_nonce().map_or_else(
        || NO_SCRIPTS.to_owned(),
        |nonce| format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
    );
    let header = HeaderValue::from_str(&policy(&scripts));
    if let (Some(response), Ok(header)) = (use_context::<ResponseOptions>(), header) {
        response.insert_header(CONTENT_SECURITY_POLICY, header);
    }
}
