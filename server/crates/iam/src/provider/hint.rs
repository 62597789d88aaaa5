//! Whom an app means: `id_token_hint` (OpenID Connect Core 3.1.2.1).

use super::ProviderError;
use crate::{
    Ctx,
    core::{Core, keys::read_key_set},
};
use iam_domain::apps::app::App;
use iam_protocol::oauth::error::{OAuthError, OAuthErrorCode};
use iam_types::{Slug, UserId, WorkspaceId};

const NO_HINT: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidRequest,
    "id_token_hint is no ID token that this issuer gave this app",
);

/// What the app gets when somebody else signed in than it meant.
pub(super) const ANOTHER_PERSON: OAuthError = OAuthError::new(
    OAuthErrorCode::LoginRequired,
    "another person signed in than id_token_hint names",
);

impl Core {
    /// The person whom `hint` names. An app that moved to its workspace's own host still holds ID tokens of the issuer
    /// before, which has the same keys.
    ///
    /// # Errors
    /// [`ProviderError::OAuth`] with `invalid_request` for anything but an ID token of this app, be it expired.
    pub(super) async fn hinted(
        &self,
        workspace: WorkspaceId,
        ctx: &Ctx,
        slug: &Slug,
        app: &App,
        hint: Option<&str>,
    ) -> Result<Option<UserId>, ProviderError> {
        let Some(hint) = hint else {
            return Ok(None);
        };
        let issuers = [self.issuer_for(ctx, slug), self.issuer(slug)];
        let mut tx = self.deps.store.in_workspace(workspace).await?;
        let hint = read_key_set(&mut tx)
            .await?
            .id_token_hint(hint, &issuers.each_ref().map(String::as_str), &app.id.to_string())
            .map_err(|_| NO_HINT)?;
        Ok(Some(hint.sub.parse().map_err(|_| NO_HINT)?))
    }
}
