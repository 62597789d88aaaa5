//! Who an access token speaks of (OpenID Connect Core 5.3).

use crate::{Ctx, IamError, core::keys::read_key_set, provider::Provider};
use iam_domain::provider::scope::{Scope, Scopes};
use iam_protocol::{
    oauth::error::{OAuthError, OAuthErrorCode},
    oidc::claims::{UserClaims, UserInfo},
};
use iam_store::{WorkspaceTx, account::user::User};
use iam_types::{AppId, GrantId, Slug};

const INVALID_TOKEN: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidToken,
    "the access token is invalid, expired or revoked",
);

impl Provider<'_> {
    /// Answers a userinfo request. A revoked family, a disabled person or app ends the token at once, and so does the end
    /// of the session unless the grant is for offline access.
    ///
    /// # Errors
    /// [`IamError::OAuth`] with `invalid_token`.
    pub async fn userinfo(self, ctx: &Ctx, slug: &Slug, access_token: &str) -> Result<UserInfo, IamError> {
        let mut tx = self
            .core
            .deps
            .store
            .in_workspace(self.core.workspace_id(slug).await?)
            .await?;
        let now = self.core.now();
        let claims = read_key_set(&mut tx)
            .await?
            .access_token(access_token, &self.core.issuer_for(ctx, slug), now.timestamp())
            .map_err(|_| INVALID_TOKEN)?;
        let id: GrantId = claims.gid.parse().map_err(|_| INVALID_TOKEN)?;
        let grant = tx
            .grant(id)
            .await?
            .and_then(|grant| grant.at(&ctx.here()))
            .filter(|grant| grant.is_live(now) && grant.app_id.to_string() == claims.client_id)
            .ok_or(INVALID_TOKEN)?;
        let scopes = Scopes::parse(&claims.scope);
        if !scopes.contains(Scope::OpenId) {
            return Err(OAuthError::new(
                OAuthErrorCode::InsufficientScope,
                "the token lacks the scope openid",
            )
            .into());
        }
        let person = tx.user(grant.user_id).await?.ok_or(INVALID_TOKEN)?;
        Ok(UserInfo {
            sub: grant.user_id.to_string(),
            person: person_claims(&mut tx, person, grant.app_id, &scopes).await?,
        })
    }
}

/// The claims about `person` that `scopes` let an app see (OpenID Connect Core 5.4). `preferred_username` is nothing that
/// a person can choose, since apps take it for the name of an account: the proved address where the app may know it, else
/// the subject.
pub(super) async fn person_claims(
    tx: &mut WorkspaceTx,
    person: User,
    app: AppId,
    scopes: &Scopes,
) -> Result<UserClaims, IamError> {
    let roles = if scopes.contains(Scope::Roles) {
        Some(tx.app_roles_of(person.id, app).await?)
    } else {
        None
    };
    let email = scopes.contains(Scope::Email).then_some(person.email);
    let username = || email.clone().unwrap_or_else(|| person.id.to_string());
    Ok(UserClaims {
        preferred_username: scopes.contains(Scope::Profile).then(username),
        name: (scopes.contains(Scope::Profile) && !person.display_name.is_empty())
            .then_some(person.display_name),
        email_verified: email.as_ref().map(|_| true),
        email,
        roles,
    })
}
