//! Which app asks at the token endpoint, and what it presents (RFC 6749 2.3, 3.2.1).

use super::{ProviderError, token::INVALID_CLIENT};
use crate::core::{Core, secret::SecretKind};
use iam_domain::{
    apps::{app::App, client_type::ClientType},
    core::secret_hash::SecretHash,
};
use iam_protocol::oauth::{client_auth::ClientAuth, token::TokenRequest};
use iam_store::{
    WorkspaceTx,
    provider::{grant::LockedCode, presented::Presented, refresh_token::LockedRefreshToken},
};
use subtle::ConstantTimeEq;

/// What an app presented and we know, held for the rest of the transaction.
pub(super) enum Held {
    /// A code, and its hash.
    Code(SecretHash, LockedCode),
    /// A refresh token, and its hash.
    RefreshToken(SecretHash, LockedRefreshToken),
}

impl Core {
    /// The app that `claimed` is proved to be, and what `request` presents of ours, all read at once.
    ///
    /// # Errors
    /// [`ProviderError::OAuth`] with `invalid_client`.
    pub(super) async fn authenticate(
        &self,
        tx: &mut WorkspaceTx,
        claimed: &ClientAuth,
        request: Option<&TokenRequest>,
    ) -> Result<(App, Option<Held>), ProviderError> {
        let id = claimed.client_id;
        let hash = request.and_then(|request| match request {
            TokenRequest::AuthorizationCode { code, .. } => self.hash_secret(SecretKind::Code, code),
            TokenRequest::RefreshToken { refresh_token, .. } => {
                self.hash_secret(SecretKind::RefreshToken, refresh_token)
            }
        });
        let presented = match (request, hash) {
            (Some(TokenRequest::AuthorizationCode { .. }), Some(hash)) => {
                let presented = tx.presented_code(id, &hash).await?;
                presented.map(|presented| presented.map(|code| Held::Code(hash, code)))
            }
            (Some(TokenRequest::RefreshToken { .. }), Some(hash)) => {
                let presented = tx.presented_refresh_token(id, &hash).await?;
                presented.map(|presented| presented.map(|token| Held::RefreshToken(hash, token)))
            }
            _ => match tx.app(id).await? {
                Some(app) => Some(Presented {
                    secret: tx.app_secret(id).await?.map(|(hash, _)| hash),
                    app,
                    held: None,
                }),
                None => None,
            },
        };
        let Presented { app, secret, held } = presented.ok_or(INVALID_CLIENT)?;
        if self.is_proved(&app, claimed, secret) {
            Ok((app, held))
        } else {
            Err(INVALID_CLIENT.into())
        }
    }

    fn is_proved(&self, app: &App, claimed: &ClientAuth, stored: Option<SecretHash>) -> bool {
        match (app.client_type, &claimed.secret) {
            (ClientType::Public, None) => true,
            (ClientType::Confidential, Some(secret)) => self
                .hash_secret(SecretKind::ClientSecret, secret)
                .zip(stored)
                .is_some_and(|(presented, stored)| presented.ct_eq(&stored).into()),
            _ => false,
        }
    }
}
