//! Provider metadata (OpenID Connect Discovery 3, RFC 8414). What is listed works; what does not work is not listed.

use serde::Serialize;

/// How clients say who they are, those without a secret included.
const EVERY_CLIENT: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

/// The discovery document of one issuer.
#[derive(Debug, Clone, Serialize)]
pub struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    jwks_uri: String,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 2],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: [&'static str; 3],
    revocation_endpoint_auth_methods_supported: [&'static str; 3],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    introspection_signing_alg_values_supported: Vec<&'static str>,
    code_challenge_methods_supported: [&'static str; 1],
    prompt_values_supported: [&'static str; 4],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    acr_values_supported: Vec<&'static str>,
    claims_supported: [&'static str; 16],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ui_locales_supported: Vec<&'static str>,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    authorization_response_iss_parameter_supported: bool,
}

impl Discovery {
    /// The document for `issuer`, with the scopes and algorithms the core offers.
    pub fn new(issuer: &str, scopes: Vec<&'static str>, algs: Vec<&'static str>) -> Self {
        let endpoint = |name| format!("{issuer}/oauth/{name}");
        Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoint("authorize"),
            token_endpoint: endpoint("token"),
            userinfo_endpoint: endpoint("userinfo"),
            revocation_endpoint: endpoint("revoke"),
            introspection_endpoint: endpoint("introspect"),
            jwks_uri: endpoint("jwks"),
            scopes_supported: scopes,
            response_types_supported: ["code"],
            response_modes_supported: ["query"],
            grant_types_supported: ["authorization_code", "refresh_token"],
            subject_types_supported: ["public"],
            introspection_signing_alg_values_supported: algs.clone(),
            id_token_signing_alg_values_supported: algs,
            token_endpoint_auth_methods_supported: EVERY_CLIENT,
            revocation_endpoint_auth_methods_supported: EVERY_CLIENT,
            introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
            code_challenge_methods_supported: ["S256"],
            prompt_values_supported: ["none", "login", "consent", "select_account"],
            acr_values_supported: Vec::new(),
            claims_supported: [
                "iss",
                "sub",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "acr",
                "nonce",
                "amr",
                "at_hash",
                "name",
                "preferred_username",
                "picture",
                "email",
                "email_verified",
                "roles",
            ],
            ui_locales_supported: Vec::new(),
            claims_parameter_supported: false,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
        }
    }

    /// The same with how sure of a person apps can ask to be.
    #[must_use]
    pub fn with_acr_values(mut self, values: Vec<&'static str>) -> Self {
        self.acr_values_supported = values;
        self
    }

    /// The same with the languages of the pages.
    #[must_use]
    pub fn with_ui_locales(mut self, tags: Vec<&'static str>) -> Self {
        self.ui_locales_supported = tags;
        self
    }
}
