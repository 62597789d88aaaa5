//! Content Security Policy: own scripts with this response's nonce, nothing from anywhere else.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_actix::ResponseOptions;

/// The policy; `form_target` is a further place where a form may end up.
pub fn policy(nonce: Option<&str>, form_target: &str) -> String {
    let scripts = nonce.map_or_else(
        || "'none'".to_owned(),
        |nonce| format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
    );
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'self' {form_target}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Puts the policy on the page being rendered. Called by the shell, and again by a page whose form leads to an app.
pub fn apply(form_target: &str) {
    let nonce = use_nonce();
    let header = HeaderValue::from_str(&policy(nonce.as_deref(), form_target));
    if let (Some(response), Ok(header)) = (use_context::<ResponseOptions>(), header) {
        response.insert_header(CONTENT_SECURITY_POLICY, header);
    }
}
