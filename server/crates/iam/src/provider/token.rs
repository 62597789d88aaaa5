//! The token endpoint (RFC 6749 4.1.3, 6; RFC 9700 4.14).

use super::{
    ProviderError,
    claims::TokenSubject,
    client::Held,
    rotation::{Rotation, Successor},
    userinfo::user_claims,
};
use crate::{
    Ctx, IamError,
    core::{Core, secret::Secret},
    ctx::Acting,
    provider::Provider,
};
use chrono::{DateTime, Utc};
use iam_domain::{
    apps::app::{App, SigningAlg},
    audit::Told,
    provider::{
        grant::{ACCESS_TOKEN_LIFETIME, Grant, REFRESH_IDLE, RevokeReason},
        scope::{Scope, Scopes},
    },
};
use iam_protocol::{
    jose::{JoseError, SigningKey},
    oauth::{
        client_auth::ClientAuth,
        error::{OAuthError, OAuthErrorCode},
        pkce,
        token::{TokenRequest, TokenResponse},
    },
    oidc::claims::{AccessTokenClaims, IdTokenClaims, at_hash},
    params::Params,
};
use iam_store::{WorkspaceTx, audit::event::Events, provider::token_grant::TokenGrant};
use iam_types::{GrantId, Slug};
use std::sync::Arc;

const INVALID_GRANT: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidGrant,
    "the grant is invalid, expired, used or revoked",
);
pub(super) const INVALID_CLIENT: OAuthError =
    OAuthError::new(OAuthErrorCode::InvalidClient, "client authentication failed");

/// A code as an app presents it (RFC 6749 4.1.3, RFC 7636 4.5).
struct Redemption {
    held: Option<Held>,
    redirect_uri: String,
    code_verifier: String,
}

/// A refresh token as an app presents it (RFC 6749 6).
struct Refresh {
    held: Option<Held>,
    refresh_token: String,
    scope: Option<String>,
}

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
        let params = Params::decode(body)
            .map_err(|_| OAuthError::new(OAuthErrorCode::InvalidRequest, "a parameter is repeated"))?;
        let claimed = ClientAuth::parse(authorization, &params)?;
        let request = TokenRequest::parse(&params);
        let mut tx = self.core.in_workspace_behind(slug).await?;
        let proved = self
            .core
            .authenticate(&mut tx, &claimed, request.as_ref().ok())
            .await;
        let (app, held) = match proved {
            Ok(proved) => proved,
            Err(error) => return Err(self.core.client_refused(tx, ctx, claimed.client_id, error).await),
        };
        let workspace = tx.workspace_id();
        let answer = match request? {
            TokenRequest::AuthorizationCode {
                redirect_uri,
                code_verifier,
                ..
            } => {
                let presented = Redemption {
                    held,
                    redirect_uri,
                    code_verifier,
                };
                self.core.redeem_code_grant(tx, ctx, slug, &app, presented).await
            }
            TokenRequest::RefreshToken { refresh_token, scope } => {
                let presented = Refresh {
                    held,
                    refresh_token,
                    scope,
                };
                self.core.refresh(tx, ctx, slug, &app, presented).await
            }
        };
        match answer {
            Err(error) => Err(self.core.grant_refused(workspace, ctx, app.id, error).await),
            answered => answered,
        }
    }
}

impl Core {
    async fn redeem_code_grant(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        app: &App,
        presented: Redemption,
    ) -> Result<TokenResponse, ProviderError> {
        let Some(Held::Code(hash, code)) = presented.held else {
            return Err(INVALID_GRANT.into());
        };
        if code.app_id != app.id {
            return Err(INVALID_GRANT.into());
        }
        let about = tx.token_grant(code.grant_id, app.id_token_alg).await?;
        let about = about.and_then(|about| about.at(&ctx.here()));
        if code.redeemed && about.is_some() {
            return self
                .revoke_grant_family(tx, ctx, code.grant_id, RevokeReason::CodeReplayed)
                .await;
        }
        let now = self.now();
        if code.expires_at <= now
            || code.redirect_uri != presented.redirect_uri
            || !app.admits_redirect(&presented.redirect_uri)
            || !pkce::verify(&presented.code_verifier, &code.code_challenge)
        {
            return Err(INVALID_GRANT.into());
        }
        let about = about
            .filter(|about| about.grant.is_live(now) && !code.redeemed)
            .ok_or(INVALID_GRANT)?;
        let first = about.grant.offline.then(|| self.first_refresh_token());
        let expires_at = refresh_end(&about.grant, now);
        tx.redeem_code(&hash, first.as_ref().map(Successor::row), now, expires_at)
            .await?;
        let issuance = Issuance {
            app,
            scopes: about.grant.scopes.clone(),
            about,
            nonce: code.nonce,
            refresh_token: first.map(Successor::into_secret),
            again: false,
        };
        self.issue_tokens(tx, ctx, slug, issuance).await
    }

    async fn refresh(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        app: &App,
        presented: Refresh,
    ) -> Result<TokenResponse, ProviderError> {
        let Some(Held::RefreshToken(hash, token)) = presented.held else {
            return Err(INVALID_GRANT.into());
        };
        let about = tx
            .token_grant(token.grant_id, app.id_token_alg)
            .await?
            .and_then(|about| about.at(&ctx.here()))
            .filter(|about| about.grant.app_id == app.id)
            .ok_or(INVALID_GRANT)?;
        let grant = &about.grant;
        let rotation = self.rotation(&mut tx, &presented.refresh_token, &token).await?;
        if matches!(rotation, Rotation::Reused) {
            return self
                .revoke_grant_family(tx, ctx, grant.id, RevokeReason::RefreshReused)
                .await;
        }
        let now = self.now();
        if token.expires_at <= now || !grant.is_live(now) {
            return Err(INVALID_GRANT.into());
        }
        let scopes = match &presented.scope {
            Some(text) => Scopes::parse(text),
            None => grant.scopes.clone(),
        };
        if scopes.is_empty() || !grant.scopes.covers(&scopes) {
            return Err(OAuthError::new(
                OAuthErrorCode::InvalidScope,
                "the scope is wider than what was granted",
            )
            .into());
        }
        let (refresh_token, again) = match rotation {
            Rotation::First(next) => {
                tx.rotate_refresh_token(&hash, next.row(), now, refresh_end(grant, now))
                    .await?;
                (next.into_secret(), false)
            }
            Rotation::Again(secret) => (secret, true),
            Rotation::Reused => return Err(INVALID_GRANT.into()),
        };
        let issuance = Issuance {
            app,
            about,
            scopes,
            nonce: None,
            refresh_token: Some(refresh_token),
            again,
        };
        self.issue_tokens(tx, ctx, slug, issuance).await
    }

    /// A second use means that a thief or the app holds a copy: nobody keeps any token of the family.
    async fn revoke_grant_family(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        id: GrantId,
        reason: RevokeReason,
    ) -> Result<TokenResponse, ProviderError> {
        if tx.revoke_grant(id, reason, self.now()).await? {
            let told = Told::grant_revoked(id, reason);
            return self.refuse(tx, Acting::App(None, ctx), told, INVALID_GRANT).await;
        }
        Err(INVALID_GRANT.into())
    }

    async fn issue_tokens(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        issuance: Issuance<'_>,
    ) -> Result<TokenResponse, ProviderError> {
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
        let now = self.now();
        let about = TokenSubject {
            iss: self.issuer_for(ctx, slug),
            app,
            user: grant.user_id,
            scopes: &scopes,
            auth_time: grant.auth_time,
            amr: &grant.amr,
            person: user_claims(user, roles, &scopes),
            now,
        };
        let access = about.access_token(self.new_uuid(), grant.id);
        let id_token = scopes
            .contains(Scope::OpenId)
            .then(|| about.id_token(nonce, None));
        let (key, made) = self.signing_key(&mut tx, ctx, app.id_token_alg, key).await?;
        let (access_token, id_token) = sign(key, app.id_token_alg, access, id_token).await?;
        let told = Told::tokens_issued(app.id, grant.id, &scopes, again);
        let event = self
            .event(&mut tx, Acting::App(Some(grant.user_id), ctx), told)
            .await?;
        tx.commit(Events::from(event).after(made)).await?;
        Ok(TokenResponse {
            access_token,
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_LIFETIME.num_seconds(),
            scope: scopes.to_string(),
            id_token,
            refresh_token: refresh_token.map(|secret| secret.expose().to_owned()),
        })
    }
}

/// Until when the next refresh token of a family works.
fn refresh_end(grant: &Grant, now: DateTime<Utc>) -> DateTime<Utc> {
    (now + REFRESH_IDLE).min(grant.expires_at)
}

/// Signs an access token and the ID token that goes with it: with a key that is slow not on a thread that others wait for.
async fn sign(
    key: Arc<SigningKey>,
    alg: SigningAlg,
    access: AccessTokenClaims,
    id_token: Option<IdTokenClaims>,
) -> Result<(String, Option<String>), IamError> {
    let is_slow = key.is_slow();
    let both = move || {
        let access_token = key.sign("at+jwt", &access)?;
        let id_token = id_token.map(|mut claims| {
            claims.at_hash = Some(at_hash(&access_token, alg.as_str()));
            key.sign("JWT", &claims)
        });
        Ok::<_, JoseError>((access_token, id_token.transpose()?))
    };
    if !is_slow {
        return Ok(both()?);
    }
    let signed = tokio::task::spawn_blocking(both).await;
    Ok(signed.map_err(|_| IamError::Fault("signing"))??)
}
