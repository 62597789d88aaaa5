//! What a person sees of their own account.

use crate::{
    Ctx, IamError,
    account::Account,
    core::{Core, limits::Limit},
    ctx::Acting,
};
use iam_domain::{account::preferences::Preferences, audit::Told, core::visible::VisibleName};
use iam_store::UserTx;
use iam_types::{
    Permissions, WorkspaceId, paths,
    view::{Viewer, WorkspaceCard},
};

impl Account<'_> {
    /// Who is signed in.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub fn viewer(self, ctx: &Ctx) -> Result<Viewer, IamError> {
        let person = &ctx.actor()?.user;
        Ok(Viewer {
            email: person.email.clone(),
            display_name: person.display_name.clone(),
            picture: person.picture.map(paths::picture),
            locale: person.preferences.locale.clone().unwrap_or_default(),
            time_zone: person.preferences.time_zone.clone().unwrap_or_default(),
        })
    }

    /// Changes what the person is called, for everybody who sees them and for apps that may know it; an empty name takes
    /// it away.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`], [`iam_types::ErrorCode::InvalidName`] and what goes with it,
    /// [`iam_types::ErrorCode::RateLimited`].
    pub async fn set_display_name(self, ctx: &Ctx, name: &str) -> Result<(), IamError> {
        let person = &ctx.actor()?.user;
        let name: Option<VisibleName> = match name.trim() {
            "" => None,
            name => Some(name.parse()?),
        };
        let (old, new) = (
            person.display_name.as_str(),
            name.as_ref().map_or("", VisibleName::as_str),
        );
        if old == new {
            return Ok(());
        }
        self.core.limit(Limit::Naming, &person.id.to_string()).await?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        tx.set_display_name(person.id, name.as_ref()).await?;
        let told = Told::user_renamed(person.id, old, new);
        self.core.commit(tx, Acting::User(person.id, ctx), told).await
    }

    /// Chooses in which language and by which clock the person is spoken to, in all browsers and in mails.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`], [`iam_types::ErrorCode::RateLimited`].
    pub async fn set_preferences(self, ctx: &Ctx, chosen: &Preferences) -> Result<(), IamError> {
        let person = &ctx.actor()?.user;
        if person.preferences == *chosen {
            return Ok(());
        }
        self.core.limit(Limit::Naming, &person.id.to_string()).await?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        tx.set_preferences(person.id, chosen).await?;
        let told = Told::user_preferring(person.id, chosen.locale.as_deref(), chosen.time_zone.as_deref());
        self.core.commit(tx, Acting::User(person.id, ctx), told).await
    }

    /// The person's workspaces.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub async fn workspaces(self, ctx: &Ctx) -> Result<Vec<WorkspaceCard>, IamError> {
        let mut tx = self.core.deps.store.as_user(ctx.actor()?.user.id).await?;
        self.core.memberships(&mut tx).await
    }
}

impl Core {
    /// The workspaces of the person who looks.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn memberships(&self, tx: &mut UserTx) -> Result<Vec<WorkspaceCard>, IamError> {
        let memberships = tx.memberships().await?;
        Ok(memberships
            .into_iter()
            .map(|m| WorkspaceCard {
                slug: m.workspace.slug,
                name: m.workspace.name,
                role: m.role,
                may: Permissions::NONE,
                suspended: m.suspended,
                delete_after: m.delete_after.map(|moment| moment.timestamp()),
                support_until: None,
            })
            .collect())
    }
}
