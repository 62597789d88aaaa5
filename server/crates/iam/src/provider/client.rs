//! Which app asks at the token endpoint, and what it presents (RFC 6749 2.3, 3.2.1).

use super::ProviderError;
use crate::{
    Ctx,
    core::{Core, secret::SecretKind},
    workspaces::enter::require_open,
};
use iam_domain::apps::client_type::ClientType;
use iam_protocol::{
    oauth::{
        client_auth::ClientAuth,
        error::{OAuthError, OAuthErrorCode},
    },
    params::Params,
};
use iam_store::provider::presented::{Presented, PresentedHash};
use iam_types::{ErrorCode, Slug, WorkspaceId};
use subtle::ConstantTimeEq;

/// An endpoint of a workspace that an app asks, and for whom.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) slug: &'a Slug,
    pub(super) workspace: WorkspaceId,
}

/// The fields of a form that an app posts (RFC 6749 3.2).
///
/// # Errors
/// `invalid_request` when one is repeated.
pub(super) fn posted(body: &[u8]) -> Result<Params, OAuthError> {
    Params::decode(body)
        .map_err(|_| OAuthError::new(OAuthErrorCode::InvalidRequest, "a parameter is repeated"))
}

impl Core {
    /// The workspace behind `slug`, and there the app that proved to be the one that `claimed` names, with what it presents of ours.
    ///
    /// # Errors
    /// `invalid_client`; [`RateLimited`](crate::IamError::RateLimited) after too many of these; [`ErrorCode::NotFound`]; as [`require_open`].
    pub(super) async fn client<'a>(
        &self,
        ctx: &'a Ctx,
        slug: &'a Slug,
        claimed: &ClientAuth,
        hash: PresentedHash,
    ) -> Result<(At<'a>, Presented), ProviderError> {
        let read = self.deps.store.presented(slug, claimed.client_id, hash).await?;
        let (entry, presented) = read.ok_or(ErrorCode::NotFound)?;
        require_open(entry.state)?;
        let workspace = entry.id;
        match presented.filter(|presented| self.is_proved(presented, claimed)) {
            Some(presented) => Ok((At { ctx, slug, workspace }, presented)),
            None => Err(self.client_refused(workspace, ctx, claimed.client_id).await),
        }
    }

    /// What to look for when an app presents this code.
    pub(super) fn code_hash(&self, code: &str) -> PresentedHash {
        self.hash_secret(SecretKind::Code, code)
            .map_or(PresentedHash::Nothing, PresentedHash::Code)
    }

    /// What to look for when an app presents this refresh token.
    pub(super) fn refresh_token_hash(&self, token: &str) -> PresentedHash {
        self.hash_secret(SecretKind::RefreshToken, token)
            .map_or(PresentedHash::Nothing, PresentedHash::RefreshToken)
    }

    /// Whether whoever asks proved to be that app.
    fn is_proved(&self, presented: &Presented, claimed: &ClientAuth) -> bool {
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
