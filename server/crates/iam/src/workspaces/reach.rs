//! Where a person is, and where they could be.

use crate::{Ctx, IamError, workspaces::Workspaces};
use iam_types::view::WorkspacesView;

impl Workspaces<'_> {
    /// The viewer's workspaces, and what waits for them elsewhere: all of it in one look.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub async fn of_viewer(self, ctx: &Ctx) -> Result<WorkspacesView, IamError> {
        let core = self.core;
        let mut tx = core.deps.store.as_user(ctx.actor()?.user.id).await?;
        let workspaces = core.memberships(&mut tx).await?;
        let invitations = core.waiting_invitations(&mut tx).await?;
        let reachable = core.joinable_workspaces(&mut tx).await?;
        let offers = core.waiting_offers(&mut tx).await?;
        // Whoever may create by what they are to the platform is asked about in a transaction there.
        drop(tx);
        Ok(WorkspacesView {
            workspaces,
            invitations,
            reachable,
            offers,
            may_create: core
                .may_create_under(ctx, &core.deps.store.platform_settings().await?)
                .await?,
            now: core.now().timestamp(),
        })
    }
}
