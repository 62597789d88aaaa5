//! Workspaces: creating them, and their settings.

use crate::{Ctx, IamError, core::Core, ctx::Acting, ctx::Denials, workspaces::Workspaces};
use iam_domain::{
    apps::app::SigningAlg,
    audit::Told,
    core::visible::VisibleName,
    sign_in::decision::SignInPolicy,
    workspaces::workspace::{Admission, Creation},
};
use iam_store::{audit::event::Events, platform::settings::PlatformSettings};
use iam_types::{ErrorCode, Permission, Role, Slug, WorkspaceId, view::WorkspaceSettingsView};

impl Workspaces<'_> {
    /// The workspace behind a slug.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::WorkspaceSuspended`], [`ErrorCode::WorkspaceEnding`].
    pub async fn id(self, slug: &Slug) -> Result<WorkspaceId, IamError> {
        self.core.workspace_id(slug).await
    }

    /// Creates a workspace, makes the person its owner and gives its issuer a first key. Without a `slug` its address comes
    /// from its name.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidName`] and what goes with it, [`ErrorCode::InvalidSlug`], [`ErrorCode::SlugReserved`], [`ErrorCode::SlugTaken`];
    /// [`ErrorCode::CreationClosed`].
    pub async fn create(self, ctx: &Ctx, name: &str, slug: &str) -> Result<Slug, IamError> {
        let person = &ctx.actor()?.user;
        let settings = self.core.deps.store.platform_settings().await?;
        if !self.core.may_create_under(ctx, &settings).await? {
            return Err(ErrorCode::CreationClosed.into());
        }
        let name: VisibleName = name.parse()?;
        let slug = match slug.trim() {
            "" => Slug::choose(&Slug::proposed(name.as_str()))?,
            slug => Slug::choose(slug)?,
        };
        if self.core.deps.store.workspace_entry(&slug).await?.is_some() {
            return Err(ErrorCode::SlugTaken.into());
        }
        self.core.limit_creation(ctx, person.id).await?;
        let id = WorkspaceId::from_uuid(self.core.new_uuid());
        let now = self.core.now();
        let key = self.core.generate_key(SigningAlg::RECOMMENDED).await?;
        let mut tx = self.core.deps.store.in_workspace(id).await?;
        tx.insert_workspace(&slug, &name, settings.default_admission, now)
            .await?;
        tx.insert_member(person.id, Role::Owner, now).await?;
        let told = Told::workspace_created(id, &slug);
        let event = self
            .core
            .event(&mut tx, Acting::User(person.id, ctx), told)
            .await?;
        let made = self
            .core
            .insert_key(&mut tx, ctx, SigningAlg::RECOMMENDED, key)
            .await?;
        tx.commit(Events::from(event).after(made)).await?;
        Ok(slug)
    }

    /// What the settings page shows.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn settings(self, ctx: &Ctx, slug: &Slug) -> Result<WorkspaceSettingsView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceRead).await?;
        let offered_to = scope.tx.offered_to(scope.actor.user.id, self.core.now()).await?;
        Ok(WorkspaceSettingsView {
            support: self.core.support_access(&mut scope.tx).await?,
            now: self.core.now().timestamp(),
            offered_to,
            workspace: scope.card(),
            admission: scope.workspace.admission.to_string(),
            sign_in: scope.workspace.asks.view(),
            models: self.core.models_view(scope.workspace.asks.models),
            platform_sign_in: scope.workspace.platform_asks.view(),
            may_update: scope.may(Permission::WorkspaceUpdate),
        })
    }

    /// Changes name and admission.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidName`] and what goes with it, [`ErrorCode::InvalidInput`].
    pub async fn update(self, ctx: &Ctx, slug: &Slug, name: &str, admission: &str) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceUpdate).await?;
        let (name, admission): (VisibleName, Admission) = (name.parse()?, admission.parse()?);
        scope.tx.update_workspace(&name, admission).await?;
        let told = Told::workspace_updated(&scope.workspace, &name, admission);
        scope.commit(told).await
    }

    /// Changes what a sign-in takes that enters the workspace. It counts from the next request on, for what apps got too.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::WouldLockOut`] when the viewer's own sign-in would count no more.
    pub async fn update_sign_in_policy(
        self,
        ctx: &Ctx,
        slug: &Slug,
        asks: SignInPolicy,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceUpdate).await?;
        scope.require_own_sign_in_under(asks)?;
        scope.tx.set_sign_in_policy(asks).await?;
        let told = Told::sign_in_policy_set(&scope.workspace, asks);
        scope.commit(told).await
    }
}

impl Core {
    /// Whether the viewer may create a workspace: everybody, or operators only, as the platform decides in `settings`.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub(crate) async fn may_create_under(
        &self,
        ctx: &Ctx,
        settings: &PlatformSettings,
    ) -> Result<bool, IamError> {
        if settings.creation == Creation::Everybody {
            return Ok(true);
        }
        // A question, not a try.
        let asking = Ctx {
            denials: Denials::default(),
            ..ctx.clone()
        };
        match self.operate(&asking, Permission::WorkspaceUpdate).await {
            Ok(_) => Ok(true),
            Err(IamError::Refused(ErrorCode::NotFound | ErrorCode::Forbidden)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
