//! Providers that speak OpenID Connect. The crate `openidconnect` checks tokens; where they may come from and how old they may be is
//! decided here.

use super::{
    Heard, Ties,
    ask::{ask_more, discover, redeem},
    entra, mapping,
};
use crate::core::Core;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::{
    account::email::Email,
    audit::ConnectionRefusal,
    connections::{
        attempt::Said,
        connection::{Connection, Preset},
    },
};
use openidconnect::{
    AdditionalProviderMetadata, AuthType, AuthenticationFlow, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LoginHint, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType,
        CoreIdTokenClaims, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreJwsSigningAlgorithm as Alg, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
        CoreTokenResponse,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::{error::Error, sync::Arc};
use url::Url;

/// For how long a provider's documents count without being read again.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// How long they are not read again, whatever key a token names.
const FLOOR: TimeDelta = TimeDelta::minutes(1);
/// By how much clocks may differ.
const SKEW: TimeDelta = TimeDelta::minutes(5);
/// How a provider may sign. None by which whoever has our secret, or nobody at all, has signed.
const ALGS: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// What a discovery document says beside what the crate reads (RFC 9207 3).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Advertised {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Advertised {}

pub(super) type Metadata = ProviderMetadata<
    Advertised,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What a provider publishes, as it was read: where to ask what, and its keys. Nothing in it is a workspace's.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(super) metadata: Arc<Metadata>,
    pub(super) read_at: DateTime<Utc>,
}

impl Core {
    /// What the provider behind a connection publishes.
    pub(super) async fn provider(&self, connection: &Connection) -> Result<Provider, ConnectionRefusal> {
        match self.providers.known(connection) {
            Some(known) if self.now() - known.read_at < FRESH => Ok(known),
            _ => self.read_provider(connection).await,
        }
    }

    async fn read_provider(&self, connection: &Connection) -> Result<Provider, ConnectionRefusal> {
        let issuer = &connection.issuer;
        let url = IssuerUrl::new(issuer.to_string()).map_err(|_| ConnectionRefusal::Discovery)?;
        let read_at = self.now();
        let metadata = if connection.preset == Preset::EntraAny {
            entra::discover(self.http(), issuer).await?
        } else {
            discover(self.http(), url).await?
        };
        let secure = issuer.as_str().starts_with("https:");
        let leads_on = |url: &Url| url.scheme() == "https" || (!secure && url.scheme() == "http");
        if !leads_on(metadata.authorization_endpoint().url()) {
            return Err(ConnectionRefusal::Discovery);
        }
        let provider = Provider {
            metadata: Arc::new(metadata),
            read_at,
        };
        self.providers.keep(connection, provider.clone());
        Ok(provider)
    }

    /// Who came back with `code`, as far as the provider is to be believed.
    pub(super) async fn redeem_oidc(
        &self,
        provider: &Provider,
        (connection, secret): (&Connection, &str),
        (code, began_at): (&str, DateTime<Utc>),
        ties: &Ties<'_>,
    ) -> Result<Heard, ConnectionRefusal> {
        let client = client(provider, connection, secret, ties)?;
        let answer = redeem(self.http(), client, (code, &ties.verifier)).await?;
        let (now, all) = (self.now(), payload(&answer));
        let checked = |provider: &Provider| {
            let provider = entra::as_tenant(provider, connection, &all).map_err(Unbelieved::For)?;
            let client = self::client(&provider, connection, secret, ties).map_err(Unbelieved::For)?;
            Ok((self.checked(&client, &answer, ties, began_at)?, client))
        };
        let (claims, client) = match checked(provider) {
            Err(Unbelieved::UnknownKey) if now - provider.read_at >= FLOOR => {
                checked(&self.read_provider(connection).await?)?
            }
            checked => checked?,
        };
        let said = said(&claims, &all);
        let whole = said.email.is_some() && mapping::is_whole(connection, &all);
        if whole || client.user_info_url().is_none() {
            let said = entra::believed(connection, &all, said, true)?;
            return Ok(mapping::heard(connection, said, (all, Map::new())));
        }
        let token = answer.access_token().clone();
        let info = ask_more(self.http(), client, (token, claims.subject().clone())).await?;
        let in_token = said.email.is_some();
        let address = match in_token {
            true => (said.email, said.email_verified),
            false => (info.email().map(|email| email.to_string()), info.email_verified()),
        };
        let said = Said {
            email: address.0,
            email_verified: address.1,
            hosted: said.hosted,
            name: said.name.or_else(|| Some(info.name()?.get(None)?.to_string())),
            subject: said.subject,
        };
        let more = json!({ "email": said.email, "email_verified": said.email_verified, "name": said.name });
        let said = entra::believed(connection, &all, said, in_token)?;
        let asked = match serde_json::to_value(&info) {
            Ok(Value::Object(asked)) => asked,
            _ => Map::new(),
        };
        let mut heard = mapping::heard(connection, said, (all, asked));
        heard.claims.insert("userinfo".to_owned(), more);
        Ok(heard)
    }

    fn checked(
        &self,
        client: &Client,
        answer: &CoreTokenResponse,
        ties: &Ties<'_>,
        began_at: DateTime<Utc>,
    ) -> Result<CoreIdTokenClaims, Unbelieved> {
        let now = self.now();
        let token = answer
            .id_token()
            .ok_or(Unbelieved::For(ConnectionRefusal::Token))?;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGS)
            .set_time_fn(move || now)
            .set_issue_time_verifier_fn(move |issued| {
                if issued + SKEW >= began_at && issued <= now + SKEW {
                    Ok(())
                } else {
                    Err("issued at another time".to_owned())
                }
            });
        let nonce = Nonce::new(ties.nonce.clone());
        let claims = token.claims(&verifier, &nonce).map_err(|error| {
            tracing::info!(error = &error as &dyn Error, "a token was not believed");
            unbelieved(&error)
        })?;
        // The crate leaves this to others (OpenID Connect Core 1.0, 3.1.3.7).
        if claims
            .authorized_party()
            .is_some_and(|party| party != client.client_id())
        {
            return Err(Unbelieved::For(ConnectionRefusal::OtherAudience));
        }
        Ok(claims.clone())
    }
}

impl Provider {
    /// Where a browser asks the provider who its person is.
    pub(super) fn authorize_url(
        &self,
        connection: &Connection,
        (state, hint): (&str, Option<&Email>),
        ties: &Ties<'_>,
    ) -> Result<String, ConnectionRefusal> {
        let client = client(self, connection, "", ties)?;
        let verifier = PkceCodeVerifier::new(ties.verifier.clone());
        let scopes = connection
            .settings
            .scopes
            .iter()
            .filter(|scope| *scope != "openid");
        let (state, nonce) = (state.to_owned(), ties.nonce.clone());
        let request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state.clone()),
                move || Nonce::new(nonce.clone()),
            )
            .add_scopes(scopes.map(|scope| Scope::new(scope.clone())))
            .add_extra_param("response_mode", connection.preset.response_mode())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let request = match hint {
            Some(hint) => request.set_login_hint(LoginHint::new(hint.to_string())),
            None => request,
        };
        // Which of its tenants or organizations that is, for providers that would ask.
        let of_domain = match connection.preset {
            Preset::Google => Some("hd"),
            Preset::Entra | Preset::EntraAny => Some("domain_hint"),
            _ => None,
        };
        let domain = hint.map(Email::domain).filter(|domain| {
            let domains = &connection.settings.domains;
            domains.iter().any(|own| own == domain)
        });
        let request = match of_domain.zip(domain) {
            Some((name, domain)) => request.add_extra_param(name, domain.to_owned()),
            None => request,
        };
        let (url, _, _) = request.url();
        Ok(url.into())
    }

    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let found = &self.metadata;
        let mut facts = vec![
            ("issuer", found.issuer().to_string()),
            (
                "authorization_endpoint",
                found.authorization_endpoint().to_string(),
            ),
        ];
        facts.extend(
            found
                .token_endpoint()
                .map(|url| ("token_endpoint", url.to_string())),
        );
        facts.extend(
            found
                .userinfo_endpoint()
                .map(|url| ("userinfo_endpoint", url.to_string())),
        );
        facts.push(("jwks_uri", found.jwks_uri().to_string()));
        facts.push(("keys", found.jwks().keys().len().to_string()));
        facts
    }

    /// Whether an answer that names `iss` comes from this provider (RFC 9207 2.4).
    pub(super) fn sent(&self, iss: Option<&str>) -> bool {
        match iss {
            Some(iss) => {
                let issuer = self.metadata.issuer().as_str();
                iss == issuer || entra::is_tenant_of(issuer, iss)
            }
            None => {
                let advertised = self.metadata.additional_metadata();
                !advertised.authorization_response_iss_parameter_supported
            }
        }
    }
}

fn client(
    provider: &Provider,
    connection: &Connection,
    secret: &str,
    ties: &Ties<'_>,
) -> Result<Client, ConnectionRefusal> {
    let metadata = &provider.metadata;
    let redirect = RedirectUrl::new(ties.redirect_uri.to_owned());
    let methods = metadata.token_endpoint_auth_methods_supported();
    // Basic unless the provider says that it knows no such thing (OpenID Connect Discovery 1.0, 3).
    let takes_basic =
        methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let client = CoreClient::from_provider_metadata(
        Metadata::clone(metadata),
        ClientId::new(connection.settings.client_id.clone()),
        Some(ClientSecret::new(secret.to_owned())),
    );
    Ok(client
        .set_redirect_uri(redirect.map_err(|_| ConnectionRefusal::Discovery)?)
        .set_auth_type(if takes_basic {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        }))
}

/// All that a token says, checked or not.
fn payload(answer: &CoreTokenResponse) -> Map<String, Value> {
    let token = answer.id_token().map(ToString::to_string).unwrap_or_default();
    let payload = token.split('.').nth(1).unwrap_or_default();
    let payload = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    serde_json::from_slice(&payload).unwrap_or_default()
}

/// What a token says that was checked, `all` of which the crate does not read.
fn said(claims: &CoreIdTokenClaims, all: &Map<String, Value>) -> Said {
    Said {
        subject: claims.subject().to_string(),
        email: claims.email().map(|email| email.to_string()),
        email_verified: claims.email_verified(),
        hosted: all.get("hd").and_then(Value::as_str).map(str::to_owned),
        name: claims
            .name()
            .and_then(|name| name.get(None))
            .map(|name| name.to_string()),
    }
}

/// Why a token is not believed.
enum Unbelieved {
    /// It names a key that is not known, perhaps not yet.
    UnknownKey,
    /// For good.
    For(ConnectionRefusal),
}

impl From<Unbelieved> for ConnectionRefusal {
    fn from(unbelieved: Unbelieved) -> Self {
        match unbelieved {
            Unbelieved::UnknownKey => Self::Signature,
            Unbelieved::For(refusal) => refusal,
        }
    }
}

fn unbelieved(error: &ClaimsVerificationError) -> Unbelieved {
    use ClaimsVerificationError as Wrong;
    Unbelieved::For(match error {
        Wrong::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            return Unbelieved::UnknownKey;
        }
        Wrong::SignatureVerification(_) => ConnectionRefusal::Signature,
        Wrong::Expired(_) => ConnectionRefusal::Expired,
        Wrong::InvalidAudience(_) => ConnectionRefusal::OtherAudience,
        Wrong::InvalidIssuer(_) => ConnectionRefusal::OtherIssuer,
        Wrong::InvalidNonce(_) => ConnectionRefusal::OtherNonce,
        _ => ConnectionRefusal::Token,
    })
}
