//! The token endpoint (RFC 6749 4.1.3, 6; RFC 9700 4.14).

use super::{claims::TokenSubject, rotation::Rotation, userinfo::person_claims};
use crate::{
    Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    provider::Provider,
};
use iam_domain::{
    apps::{app::App, client_type::ClientType},
    audit::Told,
    provider::{
        grant::{ACCESS_TOKEN_LIFETIME, Grant, RevokeReason},
        scope::{Scope, Scopes},
    },
};
use iam_protocol::{
    oauth::{
        client_auth::ClientAuth,
        error::{OAuthError, OAuthErrorCode},
        pkce,
        token::{TokenRequest, TokenResponse},
    },
    oidc::claims::at_hash,
    params::Params,
};
use iam_store::{WorkspaceTx, audit::event::Events};
use iam_types::{GrantId, Slug};
use subtle::ConstantTimeEq;

const INVALID_GRANT: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidGrant,
    "the grant is invalid, expired, used or revoked",
);
const INVALID_CLIENT: OAuthError =
    OAuthError::new(OAuthErrorCode::InvalidClient, "client authentication failed");

/// A code as an app presents it (RFC 6749 4.1.3, RFC 7636 4.5).
struct Redemption {
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

/// What an answer hands out (RFC 6749 5.1).
struct Issuance<'a> {
    app: &'a App,
    grant: &'a Grant,
    scopes: &'a Scopes,
    nonce: Option<String>,
    refresh_token: Option<Secret>,
    /// Whether it repeats an answer that may have got lost.
    again: bool,
}

impl Provider<'_> {
    /// Answers a token request.
    ///
    /// # Errors
    /// [`IamError::OAuth`] with the codes of RFC 6749 5.2.
    pub async fn exchange(
        self,
        ctx: &Ctx,
        slug: &Slug,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<TokenResponse, IamError> {
        let params = Params::decode(body)
            .map_err(|_| OAuthError::new(OAuthErrorCode::InvalidRequest, "a parameter is repeated"))?;
        let claimed = ClientAuth::parse(authorization, &params)?;
        let mut tx = self
            .core
            .deps
            .store
            .in_workspace(self.core.workspace_id(slug).await?)
            .await?;
        let app = match self.core.authenticate(&mut tx, &claimed).await {
            Ok(app) => app,
            Err(error) => return Err(self.core.client_refused(tx, ctx, claimed.client_id, error).await),
        };
        let workspace = tx.workspace_id();
        let answer = match TokenRequest::parse(&params)? {
            TokenRequest::AuthorizationCode {
                code,
                redirect_uri,
                code_verifier,
            } => {
                let presented = Redemption {
                    code,
                    redirect_uri,
                    code_verifier,
                };
                self.core.redeem_code_grant(tx, ctx, slug, &app, &presented).await
            }
            TokenRequest::RefreshToken { refresh_token, scope } => {
                self.core
                    .refresh(tx, ctx, slug, &app, &refresh_token, scope.as_deref())
                    .await
            }
        };
        match answer {
            Err(error) => Err(self.core.grant_refused(workspace, ctx, app.id, error).await),
            answered => answered,
        }
    }
}

impl Core {
    async fn authenticate(&self, tx: &mut WorkspaceTx, claimed: &ClientAuth) -> Result<App, IamError> {
        let app = tx.app(claimed.client_id).await?.ok_or(INVALID_CLIENT)?;
        let ok = match (app.client_type, &claimed.secret) {
            (ClientType::Public, None) => true,
            (ClientType::Confidential, Some(secret)) => {
                let presented = self.hash_secret(SecretKind::ClientSecret, secret);
                match (presented, tx.app_secret(app.id).await?) {
                    (Some(presented), Some((stored, _))) => presented.ct_eq(&stored).into(),
                    _ => false,
                }
            }
            _ => false,
        };
        if ok { Ok(app) } else { Err(INVALID_CLIENT.into()) }
    }

    async fn redeem_code_grant(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        app: &App,
        presented: &Redemption,
    ) -> Result<TokenResponse, IamError> {
        let hash = self
            .hash_secret(SecretKind::Code, &presented.code)
            .ok_or(INVALID_GRANT)?;
        let code = tx
            .lock_code(&hash)
            .await?
            .filter(|code| code.app_id == app.id)
            .ok_or(INVALID_GRANT)?;
        let grant = tx.grant(code.grant_id).await?;
        let grant = grant.and_then(|grant| grant.at(&ctx.here()));
        if code.redeemed && grant.is_some() {
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
        let grant = grant.filter(|grant| grant.is_live(now) && !code.redeemed);
        let grant = grant.ok_or(INVALID_GRANT)?;
        tx.redeem_code(&hash, now).await?;
        let refresh_token = if grant.offline {
            Some(self.first_refresh_token().store(&mut tx, &grant, now).await?)
        } else {
            None
        };
        let issuance = Issuance {
            app,
            grant: &grant,
            scopes: &grant.scopes,
            nonce: code.nonce,
            refresh_token,
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
        presented: &str,
        scope: Option<&str>,
    ) -> Result<TokenResponse, IamError> {
        let hash = self
            .hash_secret(SecretKind::RefreshToken, presented)
            .ok_or(INVALID_GRANT)?;
        let token = tx.lock_refresh_token(&hash).await?.ok_or(INVALID_GRANT)?;
        let grant = tx
            .grant(token.grant_id)
            .await?
            .and_then(|grant| grant.at(&ctx.here()))
            .filter(|grant| grant.app_id == app.id)
            .ok_or(INVALID_GRANT)?;
        let rotation = self.rotation(&mut tx, presented, &token).await?;
        if matches!(rotation, Rotation::Reused) {
            return self
                .revoke_grant_family(tx, ctx, grant.id, RevokeReason::RefreshReused)
                .await;
        }
        let now = self.now();
        if token.expires_at <= now || !grant.is_live(now) {
            return Err(INVALID_GRANT.into());
        }
        let scopes = match scope {
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
            Rotation::First(successor) => {
                tx.use_refresh_token(&hash, now).await?;
                (successor.store(&mut tx, &grant, now).await?, false)
            }
            Rotation::Again(secret) => (secret, true),
            Rotation::Reused => return Err(INVALID_GRANT.into()),
        };
        let issuance = Issuance {
            app,
            grant: &grant,
            scopes: &scopes,
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
    ) -> Result<TokenResponse, IamError> {
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
    ) -> Result<TokenResponse, IamError> {
        let Issuance {
            app,
            grant,
            scopes,
            nonce,
            refresh_token,
            again,
        } = issuance;
        let now = self.now();
        let person = tx.user(grant.user_id).await?.ok_or(INVALID_GRANT)?;
        let person = person_claims(&mut tx, person, app.id, scopes).await?;
        let about = TokenSubject {
            iss: self.issuer_for(ctx, slug),
            app,
            user: grant.user_id,
            scopes,
            auth_time: grant.auth_time,
            amr: &grant.amr,
            person,
            now,
        };
        let (key, made) = self.signing_key(&mut tx, ctx, app.id_token_alg).await?;
        let access_token = key.sign("at+jwt", &about.access_token(self.new_uuid(), grant.id))?;
        let id_token = if scopes.contains(Scope::OpenId) {
            let hash = at_hash(&access_token, app.id_token_alg.as_str());
            Some(key.sign("JWT", &about.id_token(nonce, Some(hash)))?)
        } else {
            None
        };
        let told = Told::tokens_issued(app.id, grant.id, scopes, again);
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
