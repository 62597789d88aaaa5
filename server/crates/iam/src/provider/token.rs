//! The token endpoint (RFC 6749 4.1.3, 6; RFC 9700 4.14).

use super::{
    ProviderError,
    claims::TokenSubject,
    client::{At, posted},
    rotation::Rotation,
    userinfo::user_claims,
};
use crate::{
    Ctx, IamError,
    core::{Core, keys::sign_with, secret::Secret},
    ctx::Acting,
    provider::Provider,
};
use chrono::{DateTime, Utc};
use iam_domain::{
    apps::app::{App, SigningAlg},
    audit::Told,
    core::secret_hash::SecretHash,
    provider::{
        grant::{ACCESS_TOKEN_LIFETIME, Grant, REFRESH_IDLE, RevokeReason},
        scope::{Scope, Scopes},
    },
};
use iam_protocol::{
    jose::SigningKey,
    oauth::{
        client_auth::ClientAuth,
        error::{OAuthError, OAuthErrorCode},
        pkce,
        token::{TokenRequest, TokenResponse},
    },
    oidc::claims::{AccessTokenClaims, IdTokenClaims, at_hash},
};
use iam_store::{
    audit::event::Event,
    provider::{
        presented::{Credential, Presented, PresentedHash},
        refresh_token::Use,
        token_grant::TokenGrant,
    },
};
use iam_types::{GrantId, Slug, WorkspaceId};
use std::sync::Arc;

const INVALID_GRANT: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidGrant,
    "the grant is invalid, expired, used or revoked",
);

/// How often something may change between being read and being used until nobody waits for it any longer.
const LOOKS: usize = 3;

/// What an answer hands out (RFC 6749 5.1).
struct Issuance<'a> {
    app: &'a App,
    about: TokenGrant,
    scopes: Scopes,
    nonce: Option<String>,
    refresh_token: Option<Secret>,
    /// Whether it repeats an answer that may have got lost.
    again: bool,
}

impl Provider<'_> {
    /// Answers a token request.
    ///
    /// # Errors
    /// [`ProviderError::OAuth`] with the codes of RFC 6749 5.2.
    pub async fn exchange(
        self,
        ctx: &Ctx,
        slug: &Slug,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<TokenResponse, ProviderError> {
        let params = posted(body)?;
        let claimed = ClientAuth::parse(authorization, &params)?;
        let request = TokenRequest::parse(&params);
        for _ in 0..LOOKS {
            if let Some(tokens) = self.core.exchange(ctx, slug, &claimed, &request).await? {
                return Ok(tokens);
            }
        }
        Err(IamError::Fault("a credential that is another at each look").into())
    }
}

impl Core {
    /// Answers as what was presented is at this moment; nothing when it has changed until it was used.
    async fn exchange(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        claimed: &ClientAuth,
        request: &Result<TokenRequest, OAuthError>,
    ) -> Result<Option<TokenResponse>, ProviderError> {
        let hash = match request {
            Ok(TokenRequest::AuthorizationCode { code, .. }) => self.code_hash(code),
            Ok(TokenRequest::RefreshToken { refresh_token, .. }) => self.refresh_token_hash(refresh_token),
            Err(_) => PresentedHash::Nothing,
        };
        let (at, presented) = self.client(ctx, slug, claimed, hash).await?;
        let app = presented.app.id;
        let answer = match request {
            Ok(TokenRequest::AuthorizationCode {
                redirect_uri,
                code_verifier,
                ..
            }) => self.redeem_code(at, presented, redirect_uri, code_verifier).await,
            Ok(TokenRequest::RefreshToken { refresh_token, scope }) => {
                self.refresh(at, presented, refresh_token, scope.as_deref()).await
            }
            Err(error) => return Err(error.clone().into()),
        };
        match answer {
            Err(error) => Err(self.grant_refused(at.workspace, ctx, app, error).await),
            answered => answered,
        }
    }

    /// Redeems a code (RFC 6749 4.1.3, RFC 7636 4.6).
    async fn redeem_code(
        &self,
        at: At<'_>,
        presented: Presented,
        redirect_uri: &str,
        code_verifier: &str,
    ) -> Result<Option<TokenResponse>, ProviderError> {
        let app = &presented.app;
        let Some(Credential::Code(hash, code)) = presented.credential else {
            return Err(INVALID_GRANT.into());
        };
        if code.app_id != app.id {
            return Err(INVALID_GRANT.into());
        }
        let about = presented.about.and_then(|about| about.at(&at.ctx.here()));
        if code.redeemed && about.is_some() {
            return self
                .revoke_grant_family(at, code.grant_id, RevokeReason::CodeReplayed)
                .await;
        }
        let now = self.now();
        if code.expires_at <= now
            || code.redirect_uri != redirect_uri
            || !app.admits_redirect(redirect_uri)
            || !pkce::verify(code_verifier, &code.code_challenge)
        {
            return Err(INVALID_GRANT.into());
        }
        let about = about
            .filter(|about| about.grant.is_live(now) && !code.redeemed)
            .ok_or(INVALID_GRANT)?;
        let used = use_of(at.workspace, &about.grant, &hash, now);
        let (first, refresh_token) = about
            .grant
            .offline
            .then(|| self.first_refresh_token().into_parts())
            .unzip();
        let issuance = Issuance {
            app,
            scopes: about.grant.scopes.clone(),
            about,
            nonce: code.nonce,
            refresh_token,
            again: false,
        };
        let Some((tokens, event)) = self.tokens(at, issuance).await? else {
            return Ok(None);
        };
        let done = self.deps.store.redeem_code(used, first.as_ref(), event.into());
        Ok(done.await?.then_some(tokens))
    }

    /// Carries a family on (RFC 6749 6).
    async fn refresh(
        &self,
        at: At<'_>,
        presented: Presented,
        refresh_token: &str,
        scope: Option<&str>,
    ) -> Result<Option<TokenResponse>, ProviderError> {
        let app = &presented.app;
        let Some(Credential::RefreshToken(hash, token)) = presented.credential else {
            return Err(INVALID_GRANT.into());
        };
        let about = presented
            .about
            .and_then(|about| about.at(&at.ctx.here()))
            .filter(|about| about.grant.app_id == app.id)
            .ok_or(INVALID_GRANT)?;
        let (grant, now) = (&about.grant, self.now());
        let (next, secret) = match self.rotation(refresh_token, &token) {
            Rotation::First(next) => {
                let (next, secret) = next.into_parts();
                (Some(next), secret)
            }
            Rotation::Again(secret) => (None, secret),
            Rotation::Reused => {
                return self
                    .revoke_grant_family(at, grant.id, RevokeReason::RefreshReused)
                    .await;
            }
        };
        if token.expires_at <= now || !grant.is_live(now) {
            return Err(INVALID_GRANT.into());
        }
        let scopes = narrowed(grant, scope)?;
        let (used, unused) = (use_of(at.workspace, grant, &hash, now), *secret.hash());
        let issuance = Issuance {
            app,
            about,
            scopes,
            nonce: None,
            refresh_token: Some(secret),
            again: next.is_none(),
        };
        let Some((tokens, event)) = self.tokens(at, issuance).await? else {
            return Ok(None);
        };
        let (store, event) = (&self.deps.store, event.into());
        let done = match next {
            Some(next) => store.rotate_refresh_token(used, &next, event).await?,
            None => {
                store
                    .repeat_refresh(at.workspace, used.grant, &unused, event)
                    .await?
            }
        };
        Ok(done.then_some(tokens))
    }

    /// A second use means that a thief or the app holds a copy: nobody keeps any token of the family.
    async fn revoke_grant_family<T>(
        &self,
        at: At<'_>,
        id: GrantId,
        reason: RevokeReason,
    ) -> Result<T, ProviderError> {
        let mut tx = self.deps.store.in_workspace(at.workspace).await?;
        if tx.revoke_grant(id, reason, self.now()).await? {
            let told = Told::grant_revoked(id, reason);
            return self
                .refuse(tx, Acting::App(None, at.ctx), told, INVALID_GRANT)
                .await;
        }
        Err(INVALID_GRANT.into())
    }

    /// The tokens of an answer, and what the log is told of them; nothing when the key to sign them with is gone.
    async fn tokens(
        &self,
        at: At<'_>,
        issuance: Issuance<'_>,
    ) -> Result<Option<(TokenResponse, Event)>, ProviderError> {
        let Issuance {
            app,
            about:
                TokenGrant {
                    grant,
                    user,
                    roles,
                    key,
                },
            scopes,
            nonce,
            refresh_token,
            again,
        } = issuance;
        let about = TokenSubject {
            iss: self.issuer_for(at.ctx, at.slug),
            app,
            user: grant.user_id,
            scopes: &scopes,
            auth_time: grant.auth_time,
            amr: &grant.amr,
            person: user_claims(user, roles, &scopes, self.origin()),
            now: self.now(),
        };
        let access = about.access_token(self.new_uuid(), grant.id);
        let id_token = scopes
            .contains(Scope::OpenId)
            .then(|| about.id_token(nonce, None));
        let key = self
            .signing_key(at.ctx, at.slug, at.workspace, app.id_token_alg, key)
            .await?;
        let Some(key) = key else {
            return Ok(None);
        };
        let told = Told::tokens_issued(app.id, grant.id, &scopes, again);
        let acting = Acting::App(Some(grant.user_id), at.ctx);
        let event = self.event_of_change(at.workspace, acting, told).await?;
        let (access_token, id_token) = sign(key, app.id_token_alg, access, id_token).await?;
        let tokens = TokenResponse {
            access_token,
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_LIFETIME.num_seconds(),
            scope: scopes.to_string(),
            id_token,
            refresh_token: refresh_token.map(|secret| secret.expose().to_owned()),
        };
        Ok(Some((tokens, event)))
    }
}

/// The scopes of an answer: those that the app asks for now, among those of its family (RFC 6749 6).
fn narrowed(grant: &Grant, scope: Option<&str>) -> Result<Scopes, OAuthError> {
    let scopes = scope.map_or_else(|| grant.scopes.clone(), Scopes::parse);
    if scopes.is_empty() || !grant.scopes.covers(&scopes) {
        return Err(OAuthError::new(
            OAuthErrorCode::InvalidScope,
            "the scope is wider than what was granted",
        ));
    }
    Ok(scopes)
}

fn use_of<'a>(workspace: WorkspaceId, grant: &Grant, hash: &'a SecretHash, now: DateTime<Utc>) -> Use<'a> {
    Use {
        workspace,
        grant: grant.id,
        hash,
        at: now,
        next_ends: refresh_end(grant, now),
    }
}

/// Until when the next refresh token of a family works.
fn refresh_end(grant: &Grant, now: DateTime<Utc>) -> DateTime<Utc> {
    (now + REFRESH_IDLE).min(grant.expires_at)
}

/// Signs an access token and the ID token that goes with it.
async fn sign(
    key: Arc<SigningKey>,
    alg: SigningAlg,
    access: AccessTokenClaims,
    id_token: Option<IdTokenClaims>,
) -> Result<(String, Option<String>), IamError> {
    sign_with(key, move |key| {
        let access_token = key.sign("at+jwt", &access)?;
        let id_token = id_token.map(|mut claims| {
            claims.at_hash = Some(at_hash(&access_token, alg.as_str()));
            key.sign("JWT", &claims)
        });
        Ok((access_token, id_token.transpose()?))
    })
    .await
}
