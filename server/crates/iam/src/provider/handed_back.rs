//! Tokens that an app hands back to us, to ask what they mean or to end them, and what they stand for.

use super::{
    ProviderError,
    client::{At, posted},
};
use crate::{Ctx, core::Core};
use iam_domain::provider::grant::Grant;
use iam_protocol::{
    oauth::{
        client_auth::ClientAuth,
        error::{OAuthError, OAuthErrorCode},
    },
    oidc::claims::AccessTokenClaims,
};
use iam_store::provider::{
    presented::{Credential, Presented},
    refresh_token::RefreshToken,
};
use iam_types::{GrantId, Slug};

const NO_TOKEN: OAuthError = OAuthError::new(OAuthErrorCode::InvalidRequest, "token is missing");

/// A token with the app that handed it back, which proved who it is.
pub(super) struct HandedBack<'a> {
    pub(super) at: At<'a>,
    pub(super) presented: Presented,
    token: String,
}

/// What an app's own token stands for. It need not mean anything any more.
pub(super) enum Known {
    /// An access token in its time, and its family.
    Access(Box<AccessTokenClaims>, Grant),
    /// A refresh token, and its family.
    Refresh(RefreshToken, Grant),
}

impl Known {
    /// The family.
    pub(super) fn grant(&self) -> &Grant {
        match self {
            Self::Access(_, grant) | Self::Refresh(_, grant) => grant,
        }
    }
}

impl Core {
    /// Reads what an app posts to say which token it means (RFC 7009 2.1, RFC 7662 2.1). What kind it is can be told from the token, so
    /// `token_type_hint` is not asked.
    ///
    /// # Errors
    /// `invalid_request`; as [`client`](Self::client).
    pub(super) async fn handed_back<'a>(
        &self,
        ctx: &'a Ctx,
        slug: &'a Slug,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<HandedBack<'a>, ProviderError> {
        let params = posted(body)?;
        let claimed = ClientAuth::parse(authorization, &params)?;
        let token = params.get("token").unwrap_or_default().to_owned();
        let hash = self.refresh_token_hash(&token);
        let (at, presented) = self.client(ctx, slug, &claimed, hash).await?;
        if token.is_empty() {
            return Err(NO_TOKEN.into());
        }
        Ok(HandedBack { at, presented, token })
    }

    /// What a token stands for that its own app handed back, at the host where that app got it.
    pub(super) async fn known(&self, back: HandedBack<'_>) -> Result<Option<Known>, ProviderError> {
        let HandedBack { at, presented, token } = back;
        let (app, here) = (presented.app.id, at.ctx.here());
        if let Some(Credential::RefreshToken(_, token)) = presented.credential {
            let grant = presented.about.and_then(|about| about.at(&here));
            let own = grant.map(|about| about.grant).filter(|grant| grant.app_id == app);
            return Ok(own.map(|grant| Known::Refresh(token, grant)));
        }
        let Some(claims) = self.own_access_token(at, &token).await? else {
            return Ok(None);
        };
        let Ok(id) = claims.gid.parse::<GrantId>() else {
            return Ok(None);
        };
        let read = self.deps.store.token_grant_behind(at.slug, id).await?;
        let own = read
            .and_then(|(_, about)| about?.at(&here))
            .map(|about| about.grant)
            .filter(|grant| grant.app_id == app && claims.client_id == app.to_string());
        Ok(own.map(|grant| Known::Access(Box::new(claims), grant)))
    }

    /// The claims of an access token that this issuer made, in its time.
    async fn own_access_token(
        &self,
        at: At<'_>,
        token: &str,
    ) -> Result<Option<AccessTokenClaims>, ProviderError> {
        let issuer = self.issuer_of(at.slug, token).await?;
        let (here, now) = (self.issuer_for(at.ctx, at.slug), self.now().timestamp());
        let ours = issuer.workspace == at.workspace;
        Ok(issuer.keys.access_token(token, &here, now).ok().filter(|_| ours))
    }
}
