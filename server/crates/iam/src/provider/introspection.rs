//! The introspection endpoint (RFC 7662), with signed answers for whoever wants them (RFC 9701).

use super::{ProviderError, client::At, handed_back::Known};
use crate::{
    Ctx, IamError,
    core::{Core, keys::sign_with},
    provider::Provider,
};
use iam_domain::apps::{app::App, client_type::ClientType};
use iam_protocol::oauth::{
    error::{OAuthError, OAuthErrorCode},
    introspection::{ActiveToken, Introspection, SIGNED, SignedIntrospection},
};
use iam_types::Slug;

/// Whoever has no secret cannot be told from anybody (RFC 7662 2.1).
const NO_STRANGERS: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidClient,
    "introspection takes a client with a secret",
);

/// What is answered.
#[derive(Debug, Clone)]
pub enum Introspected {
    /// In plain.
    Plain(Box<Introspection>),
    /// As a token that we signed.
    Signed(String),
}

impl Provider<'_> {
    /// Says what a token means to the app that was given it, whose own APIs it opens. To all others, and once it is used, expired or
    /// ended, it means nothing.
    ///
    /// # Errors
    /// [`ProviderError::OAuth`] with `invalid_client` or `invalid_request`; [`IamError::RateLimited`].
    pub async fn introspect(
        self,
        ctx: &Ctx,
        slug: &Slug,
        authorization: Option<&str>,
        body: &[u8],
        signed: bool,
    ) -> Result<Introspected, ProviderError> {
        let core = self.core;
        let back = core.handed_back(ctx, slug, authorization, body).await?;
        if back.presented.app.client_type == ClientType::Public {
            return Err(NO_STRANGERS.into());
        }
        let (at, app) = (back.at, back.presented.app.clone());
        let known = core.known(back).await?;
        let says = known.and_then(|known| core.active(at, known));
        let answer = says.map(Introspection::from).unwrap_or_default();
        if signed {
            return Ok(Introspected::Signed(core.signed(at, &app, answer).await?));
        }
        Ok(Introspected::Plain(Box::new(answer)))
    }
}

impl Core {
    /// What a token says that still means something.
    fn active(&self, at: At<'_>, known: Known) -> Option<ActiveToken> {
        let now = self.now();
        if !known.grant().is_live(now) {
            return None;
        }
        match known {
            Known::Access(claims, _) => Some((*claims).into()),
            Known::Refresh(token, grant) => {
                let exp = token.expires_at.min(grant.expires_at);
                (token.used_at.is_none() && now < exp).then(|| ActiveToken {
                    iss: self.issuer_for(at.ctx, at.slug),
                    sub: grant.user_id.to_string(),
                    client_id: grant.app_id.to_string(),
                    scope: grant.scopes.to_string(),
                    exp: exp.timestamp(),
                    iat: None,
                    token_type: None,
                    aud: None,
                    jti: None,
                    auth_time: Some(grant.auth_time.timestamp()),
                    acr: None,
                    roles: None,
                })
            }
        }
    }

    /// The answer as a token for that app.
    async fn signed(&self, at: At<'_>, app: &App, answer: Introspection) -> Result<String, IamError> {
        let claims = SignedIntrospection {
            iss: self.issuer_for(at.ctx, at.slug),
            aud: app.id.to_string(),
            iat: self.now().timestamp(),
            token_introspection: answer,
        };
        let key = self
            .signing_key(at.ctx, at.slug, at.workspace, app.id_token_alg, None)
            .await?
            .ok_or(IamError::Fault("no signing key"))?;
        sign_with(key, move |key| key.sign(SIGNED, &claims)).await
    }
}
