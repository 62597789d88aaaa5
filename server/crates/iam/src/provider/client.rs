//! Which app asks at the token endpoint, and what it presents (RFC 6749 2.3, 3.2.1).

use crate::{
    IamError,
    core::{Core, secret::SecretKind},
    workspaces::enter::require_open,
};
use iam_domain::apps::client_type::ClientType;
use iam_protocol::oauth::{client_auth::ClientAuth, token::TokenRequest};
use iam_store::provider::presented::{Presented, PresentedHash};
use iam_types::{ErrorCode, Slug, WorkspaceId};
use subtle::ConstantTimeEq;

impl Core {
    /// The workspace behind `slug`, and there the app that `claimed` names with what `request` presents of ours.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`]; as [`require_open`].
    pub(super) async fn presented(
        &self,
        slug: &Slug,
        claimed: &ClientAuth,
        request: Option<&TokenRequest>,
    ) -> Result<(WorkspaceId, Option<Presented>), IamError> {
        let hash = match request {
            Some(TokenRequest::AuthorizationCode { code, .. }) => {
                self.hash_secret(SecretKind::Code, code).map(PresentedHash::Code)
            }
            Some(TokenRequest::RefreshToken { refresh_token, .. }) => self
                .hash_secret(SecretKind::RefreshToken, refresh_token)
                .map(PresentedHash::RefreshToken),
            None => None,
        };
        let hash = hash.unwrap_or(PresentedHash::Nothing);
        let read = self.deps.store.presented(slug, claimed.client_id, hash).await?;
        let (entry, presented) = read.ok_or(ErrorCode::NotFound)?;
        require_open(entry.state)?;
        Ok((entry.id, presented))
    }

    /// Whether whoever asks proved to be that app.
    pub(super) fn is_proved(&self, presented: &Presented, claimed: &ClientAuth) -> bool {
        match (presented.app.client_type, &claimed.secret) {
            (ClientType::Public, None) => true,
            (ClientType::Confidential, Some(secret)) => self
                .hash_secret(SecretKind::ClientSecret, secret)
                .zip(presented.secret)
                .is_some_and(|(claimed, stored)| claimed.ct_eq(&stored).into()),
            _ => false,
        }
    }
}
