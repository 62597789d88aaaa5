//! Where people sign in, by the domain of their address. The domain alone decides, and never whether anybody has the address.

use crate::{Ctx, IamError, connections::Connections, core::Core};
use iam_domain::account::{email::Email, pasted::parse_pasted};
use iam_store::sign_in::ways::SignInWays;
use iam_types::{
    ConnectionId, SignInMethod, Slug, WorkspaceId,
    view::{ConnectionButton, HomeView},
};

pub(crate) fn button((id, name): (ConnectionId, String)) -> ConnectionButton {
    ConnectionButton { id, name }
}

impl Connections<'_> {
    /// The platform's providers, on its own login page.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn at_platform(self, ctx: &Ctx) -> Result<Vec<ConnectionButton>, IamError> {
        if ctx.custom_domain.is_some() {
            return Ok(Vec::new());
        }
        let ways = self.core.platform_ways().await?;
        Ok(match ways.refused.contains(SignInMethod::Connection) {
            true => Vec::new(),
            false => ways.connections.into_iter().map(button).collect(),
        })
    }

    /// Where somebody signs in who typed `address` on the login page of a workspace, or of the platform. Nothing for what is no
    /// address.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn home(
        self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        address: &str,
    ) -> Result<Option<HomeView>, IamError> {
        match parse_pasted(address) {
            Ok(address) => self.core.home_of(ctx, slug, &address).await,
            Err(_) => Ok(None),
        }
    }
}

impl Core {
    /// The provider of the workspace that has proved the domain of `address` and leads its people there: from its own login page, and
    /// from the platform's where it wants that. There, what no workspace leads is led to the platform's own provider that keeps the
    /// domain's accounts.
    pub(crate) async fn home_of(
        &self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        address: &Email,
    ) -> Result<Option<HomeView>, IamError> {
        let slug = ctx.custom_domain.as_ref().map(|own| &own.slug).or(slug);
        match (self.home_at_workspace(slug, address).await?, slug) {
            (None, None) => self.home_at_platform(address).await,
            (home, _) => Ok(home),
        }
    }

    async fn home_at_platform(&self, address: &Email) -> Result<Option<HomeView>, IamError> {
        let mut tx = self.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let Some(keeper) = tx.keeper_of(address.domain()).await? else {
            return Ok(None);
        };
        if tx
            .sign_in_ways()
            .await?
            .refused
            .contains(SignInMethod::Connection)
        {
            return Ok(None);
        }
        Ok(Some(HomeView {
            slug: Slug::platform(),
            workspace: None,
            connection: button(keeper),
            address: address.to_string(),
        }))
    }

    async fn platform_ways(&self) -> Result<SignInWays, IamError> {
        let mut tx = self.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        Ok(tx.sign_in_ways().await?)
    }

    async fn home_at_workspace(
        &self,
        slug: Option<&Slug>,
        address: &Email,
    ) -> Result<Option<HomeView>, IamError> {
        let Some(home) = self.deps.store.sign_in_domain(address.domain()).await? else {
            return Ok(None);
        };
        if slug.map_or(!home.everywhere, |slug| *slug != home.slug) {
            return Ok(None);
        }
        let mut tx = self.in_workspace_behind(&home.slug).await?;
        let connection = tx.connection(home.connection).await?;
        let Some(connection) = connection.filter(|connection| connection.disabled_at.is_none()) else {
            return Ok(None);
        };
        let workspace = tx.workspace().await?;
        if workspace
            .sign_in_policy()
            .refused
            .contains(SignInMethod::Connection)
        {
            return Ok(None);
        }
        // What a workspace calls its provider is its own word, which nobody takes for the platform's.
        let name = match slug {
            Some(_) => connection.settings.name.to_string(),
            None => workspace.name.clone(),
        };
        Ok(Some(HomeView {
            workspace: Some(workspace.name),
            slug: home.slug,
            connection: button((connection.id, name)),
            address: address.to_string(),
        }))
    }
}
