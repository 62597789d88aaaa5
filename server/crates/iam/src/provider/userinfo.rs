//! Who an access token speaks of (OpenID Connect Core 5.3).

use super::ProviderError;
use crate::{Ctx, provider::Provider, workspaces::enter::require_open};
use iam_domain::provider::scope::{Scope, Scopes};
use iam_protocol::{
    oauth::error::{OAuthError, OAuthErrorCode},
    oidc::claims::{UserClaims, UserInfo},
};
use iam_store::{account::user::User, provider::token_grant::TokenGrant};
use iam_types::{ErrorCode, GrantId, Slug, paths};

const INVALID_TOKEN: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidToken,
    "the access token is invalid, expired or revoked",
);

impl Provider<'_> {
    /// Answers a userinfo request. A revoked family, a disabled person or app ends the token at once, and so does the end
    /// of the session unless the grant is for offline access.
    ///
    /// # Errors
    /// [`ProviderError::OAuth`] with `invalid_token`.
    pub async fn userinfo(
        self,
        ctx: &Ctx,
        slug: &Slug,
        access_token: &str,
    ) -> Result<UserInfo, ProviderError> {
        let issuer = self.core.issuer_of(slug, access_token).await?;
        let now = self.core.now();
        let claims = issuer
            .keys
            .access_token(access_token, &self.core.issuer_for(ctx, slug), now.timestamp())
            .map_err(|_| INVALID_TOKEN)?;
        let id: GrantId = claims.gid.parse().map_err(|_| INVALID_TOKEN)?;
        let read = self.core.deps.store.token_grant_behind(slug, id).await?;
        let (entry, about) = read.ok_or(ErrorCode::NotFound)?;
        require_open(entry.state)?;
        let TokenGrant {
            grant, user, roles, ..
        } = about
            .and_then(|about| about.at(&ctx.here()))
            .filter(|about| about.grant.is_live(now) && about.grant.app_id.to_string() == claims.client_id)
            .filter(|_| entry.id == issuer.workspace)
            .ok_or(INVALID_TOKEN)?;
        let scopes = Scopes::parse(&claims.scope);
        if !scopes.contains(Scope::OpenId) {
            return Err(OAuthError::new(
                OAuthErrorCode::InsufficientScope,
                "the token lacks the scope openid",
            )
            .into());
        }
        Ok(UserInfo {
            sub: grant.user_id.to_string(),
            person: user_claims(user, roles, &scopes, self.core.origin()),
        })
    }
}

/// The claims about `person` that `scopes` let an app see (OpenID Connect Core 5.4). `preferred_username` is nothing that
/// a person can choose, since apps take it for the name of an account: the proved address where the app may know it, else
/// the subject. Their picture is at our `origin`.
pub(super) fn user_claims(
    person: User,
    roles: Option<Vec<String>>,
    scopes: &Scopes,
    origin: &str,
) -> UserClaims {
    let picture = person.picture.filter(|_| scopes.contains(Scope::Profile));
    let roles = roles.filter(|_| scopes.contains(Scope::Roles));
    let email = scopes.contains(Scope::Email).then_some(person.email);
    let username = || email.clone().unwrap_or_else(|| person.id.to_string());
    UserClaims {
        preferred_username: scopes.contains(Scope::Profile).then(username),
        name: (scopes.contains(Scope::Profile) && !person.display_name.is_empty())
            .then_some(person.display_name),
        picture: picture.map(|id| format!("{origin}{}", paths::picture(id))),
        email_verified: email.as_ref().map(|_| true),
        email,
        roles,
    }
}
