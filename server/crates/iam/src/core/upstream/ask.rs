//! What a provider is asked over the one client, each question boxed: the crate's own futures say too little of themselves.

use super::oidc::{Client, Metadata};
use crate::port::outbound::{Outbound, OutboundError};
use iam_domain::audit::ConnectionRefusal;
use openidconnect::{
    AccessToken, AdditionalClaims, AsyncHttpClient, AuthorizationCode, DiscoveryError, HttpRequest,
    HttpResponse, IssuerUrl, JsonWebKeySetUrl, PkceCodeVerifier, RequestTokenError, SubjectIdentifier,
    UserInfoClaims, UserInfoError,
    core::{CoreGenderClaim, CoreJsonWebKeySet, CoreTokenResponse},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{error::Error, pin::Pin, sync::Arc};

pub(super) type Asking<T> = Pin<Box<dyn Future<Output = Result<T, ConnectionRefusal>> + Send>>;

/// All that an answer about a person says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct More(pub(super) Map<String, Value>);

impl AdditionalClaims for More {}

/// The one client for addresses that people name, as the crate asks for it.
pub(super) struct Http(pub(super) Arc<dyn Outbound>);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.0.send(request)
    }
}

pub(super) fn discover(http: Http, issuer: IssuerUrl) -> Asking<Metadata> {
    Box::pin(async move {
        let found = Metadata::discover_async(issuer.clone(), &http).await;
        found.map_err(|error| {
            tracing::info!(
                issuer = issuer.as_str(),
                error = &error as &dyn Error,
                "discovery failed"
            );
            match error {
                DiscoveryError::Request(error) => transport(error),
                _ => ConnectionRefusal::Discovery,
            }
        })
    })
}

/// Reads keys that a document names which is no usual one.
pub(super) fn keys(http: Http, url: JsonWebKeySetUrl) -> Asking<CoreJsonWebKeySet> {
    Box::pin(async move {
        let found = CoreJsonWebKeySet::fetch_async(&url, &http).await;
        found.map_err(|error| match error {
            DiscoveryError::Request(error) => transport(error),
            _ => ConnectionRefusal::Discovery,
        })
    })
}

pub(super) fn redeem(
    http: Http,
    client: Client,
    (code, verifier): (&str, &str),
) -> Asking<CoreTokenResponse> {
    let code = AuthorizationCode::new(code.to_owned());
    let verifier = PkceCodeVerifier::new(verifier.to_owned());
    Box::pin(async move {
        let asked = client
            .exchange_code(code)
            .map_err(|_| ConnectionRefusal::Discovery)?;
        let answer = asked.set_pkce_verifier(verifier).request_async(&http).await;
        answer.map_err(|error| {
            tracing::info!(error = &error as &dyn Error, "a code was not taken");
            match error {
                RequestTokenError::Request(error) => transport(error),
                _ => ConnectionRefusal::Code,
            }
        })
    })
}

/// Asks for what the token does not say (OpenID Connect Core 1.0, 5.3), of the same person.
pub(super) fn ask_more(
    http: Http,
    client: Client,
    (token, subject): (AccessToken, SubjectIdentifier),
) -> Asking<UserInfoClaims<More, CoreGenderClaim>> {
    Box::pin(async move {
        let asked = client
            .user_info(token, Some(subject))
            .map_err(|_| ConnectionRefusal::Discovery)?;
        asked.request_async(&http).await.map_err(|error| match error {
            UserInfoError::Request(error) => transport(error),
            _ => ConnectionRefusal::Token,
        })
    })
}

pub(super) fn transport(error: OutboundError) -> ConnectionRefusal {
    match error {
        OutboundError::Barred => ConnectionRefusal::Barred,
        OutboundError::Unreachable => ConnectionRefusal::Unreachable,
        OutboundError::Slow => ConnectionRefusal::Slow,
        OutboundError::TooLarge => ConnectionRefusal::TooLarge,
        OutboundError::Redirected => ConnectionRefusal::Redirected,
    }
}
