//! What happens to clients that are refused, and to requests that come too often.

use super::ProviderError;
use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit},
    ctx::Acting,
};
use iam_domain::audit::{ClientRefusal, Told};
use iam_protocol::oauth::error::{OAuthError, OAuthErrorCode};
use iam_types::{AppId, Slug, WorkspaceId};

const INVALID_CLIENT: OAuthError =
    OAuthError::new(OAuthErrorCode::InvalidClient, "client authentication failed");

impl Core {
    /// Takes one stored request from what a signed-in person, or a network, may have of an app. Never from what the app
    /// may have: a stranger would shut it for everybody.
    pub(super) async fn limit_authorization(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        app: AppId,
    ) -> Result<(), IamError> {
        if let Ok(actor) = ctx.actor_in(slug) {
            return self
                .limit(Limit::AuthorizePerson, &actor.user.id.to_string())
                .await;
        }
        let network = ctx.network();
        self.limit(Limit::AuthorizeAppNetwork, &format!("{app}/{network}"))
            .await?;
        self.limit(Limit::AuthorizeNetwork, &network).await
    }

    /// Writes down that a client failed to prove which app it is, and says what it is told: that, or to wait. Only failures
    /// count, and only where they come from, so the app itself is always let in.
    pub(super) async fn client_refused(
        &self,
        workspace: WorkspaceId,
        ctx: &Ctx,
        claimed: AppId,
    ) -> ProviderError {
        let written = async {
            let mut tx = self.deps.store.in_workspace(workspace).await?;
            let app = tx.app_even_disabled(claimed).await?.map(|app| app.id);
            let refusal = app.map_or(ClientRefusal::Unknown, ClientRefusal::Authentication);
            let app = app.map(|app| app.to_string()).unwrap_or_default();
            self.commit(tx, Acting::Unknown(ctx), Told::client_refused(refusal))
                .await?;
            self.limit(Limit::ClientRefused, &format!("{app}/{}", ctx.network()))
                .await
        };
        written
            .await
            .err()
            .map_or(INVALID_CLIENT.into(), ProviderError::Iam)
    }

    /// Writes down that an app presented a code or token that is worth nothing, and says what it is told: that, or to wait.
    /// One that is worth something never counts.
    pub(super) async fn grant_refused(
        &self,
        workspace: WorkspaceId,
        ctx: &Ctx,
        app: AppId,
        error: ProviderError,
    ) -> ProviderError {
        let refused =
            matches!(&error, ProviderError::OAuth(error) if error.error == OAuthErrorCode::InvalidGrant);
        if !refused {
            return error;
        }
        let written = async {
            let tx = self.deps.store.in_workspace(workspace).await?;
            self.commit(tx, Acting::App(None, ctx), Told::grant_refused(app))
                .await?;
            self.limit(Limit::GrantRefused, &format!("{app}/{}", ctx.network()))
                .await
        };
        written.await.err().map_or(error, ProviderError::Iam)
    }
}
