//! A workspace in a few words.

use crate::{Ctx, IamError, workspaces::Workspaces};
use iam_types::{Slug, view::WorkspaceCard};

impl Workspaces<'_> {
    /// The workspace's name and what the viewer may do in it, for a page that has nothing else to show.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter) without a permission.
    pub async fn card(self, ctx: &Ctx, slug: &Slug) -> Result<WorkspaceCard, IamError> {
        Ok(self.core.enter_as_member(ctx, slug).await?.card())
    }
}
