//! The revocation endpoint (RFC 7009).

use super::{ProviderError, client::At};
use crate::{Ctx, IamError, core::Core, ctx::Acting, provider::Provider};
use iam_domain::{
    audit::Told,
    provider::grant::{Grant, RevokeReason},
};
use iam_types::Slug;

impl Provider<'_> {
    /// Ends all that an app got together with the token that it hands back, be that an access or a refresh token: they are one family, of
    /// which nobody keeps a part. A token that means nothing any more, or nothing to this app, changes nothing (RFC 7009 2.2).
    ///
    /// # Errors
    /// [`ProviderError::OAuth`] with `invalid_client` or `invalid_request`; [`IamError::RateLimited`].
    pub async fn revoke(
        self,
        ctx: &Ctx,
        slug: &Slug,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<(), ProviderError> {
        let back = self.core.handed_back(ctx, slug, authorization, body).await?;
        let at = back.at;
        if let Some(known) = self.core.known(back).await? {
            self.core.end_family(at, known.grant()).await?;
        }
        Ok(())
    }
}

impl Core {
    async fn end_family(&self, at: At<'_>, grant: &Grant) -> Result<(), IamError> {
        let mut tx = self.deps.store.in_workspace(at.workspace).await?;
        let reason = RevokeReason::HandedBack;
        if tx.revoke_grant(grant.id, reason, self.now()).await? {
            let acting = Acting::App(Some(grant.user_id), at.ctx);
            self.commit(tx, acting, Told::grant_revoked(grant.id, reason))
                .await?;
        }
        Ok(())
    }
}
