//! Workspaces: finding, creating, entering, settings.

use crate::{Actor, Ctx, Iam, IamError};
use iam_domain::{
    app::SigningAlg,
    audit::Action,
    workspace::{Admission, Workspace, parse_name},
};
use iam_store::{WorkspaceTx, cache::Quota};
use iam_types::{
    ErrorCode, Permission, Role, Slug, WorkspaceId,
    view::{WorkspaceCard, WorkspaceSettingsView},
};
use serde_json::json;
use std::{num::NonZeroU32, time::Duration};

const CREATE: Quota = Quota {
    name: "workspace-create",
    burst: NonZeroU32::new(10).unwrap(),
    period: Duration::from_secs(600),
};

/// A member inside a workspace, with an open transaction there: no scope, no row.
pub struct Scope {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub workspace: Workspace,
    /// As what.
    pub role: Role,
    pub(crate) tx: WorkspaceTx,
}

impl Scope {
    /// The one question "may they".
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`].
    pub fn authorize(&self, permission: Permission) -> Result<(), IamError> {
        if self.role.allows(permission) {
            Ok(())
        } else {
            Err(ErrorCode::Forbidden.into())
        }
    }

    /// The workspace as pages show it.
    pub fn card(&self) -> WorkspaceCard {
        WorkspaceCard {
            slug: self.workspace.slug.clone(),
            name: self.workspace.name.clone(),
            role: self.role,
            suspended: None,
        }
    }
}

impl Iam {
    /// The workspace behind a slug. Every way into a workspace goes through here.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::WorkspaceSuspended`].
    pub async fn workspace_id(&self, slug: &Slug) -> Result<WorkspaceId, IamError> {
        let entry = self.parts.store.workspace_entry(slug).await?;
        let entry = entry.ok_or(ErrorCode::NotFound)?;
        if entry.suspended {
            return Err(ErrorCode::WorkspaceSuspended.into());
        }
        Ok(entry.id)
    }

    /// The workspace's issuer identifier.
    pub fn issuer(&self, slug: &Slug) -> String {
        format!("{}/w/{slug}", self.origin())
    }

    /// Enters a workspace as a member who holds `permission`.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] alike for strangers and for slugs that do not exist;
    /// [`ErrorCode::Forbidden`] for members without the permission.
    pub async fn enter(&self, ctx: &Ctx, slug: &Slug, permission: Permission) -> Result<Scope, IamError> {
        let actor = ctx.actor()?.clone();
        let mut tx = self
            .parts
            .store
            .in_workspace(self.workspace_id(slug).await?)
            .await?;
        let role = tx
            .role_of(actor.person.id)
            .await?
            .ok_or(IamError::Refused(ErrorCode::NotFound))?;
        let workspace = tx.workspace().await?;
        let scope = Scope {
            actor,
            workspace,
            role,
            tx,
        };
        scope.authorize(permission)?;
        Ok(scope)
    }

    /// Creates a workspace, makes the person its owner and gives its issuer a first key.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidName`], [`ErrorCode::InvalidSlug`], [`ErrorCode::SlugReserved`], [`ErrorCode::SlugTaken`].
    pub async fn create_workspace(&self, ctx: &Ctx, name: &str, slug: &str) -> Result<Slug, IamError> {
        let person = &ctx.actor()?.person;
        let name = parse_name(name)?;
        let slug = Slug::choose(slug)?;
        if self.parts.store.workspace_entry(&slug).await?.is_some() {
            return Err(ErrorCode::SlugTaken.into());
        }
        self.limit(CREATE, &person.id.to_string()).await?;
        let id = WorkspaceId::from_uuid(self.new_uuid());
        let now = self.now();
        let key = self.generate_key(SigningAlg::Rs256).await?;
        let mut tx = self.parts.store.in_workspace(id).await?;
        tx.insert_workspace(&slug, &name, now).await?;
        tx.insert_member(person.id, Role::Owner, now).await?;
        self.audit(
            &mut tx,
            ctx,
            Some(person.id),
            Action::WorkspaceCreated,
            id,
            json!({ "slug": slug }),
        )
        .await?;
        self.insert_key(&mut tx, ctx, SigningAlg::Rs256, key).await?;
        tx.commit().await?;
        Ok(slug)
    }

    /// What the settings page shows.
    ///
    /// # Errors
    /// As [`enter`](Self::enter).
    pub async fn workspace_settings(
        &self,
        ctx: &Ctx,
        slug: &Slug,
    ) -> Result<WorkspaceSettingsView, IamError> {
        let scope = self.enter(ctx, slug, Permission::WorkspaceRead).await?;
        Ok(WorkspaceSettingsView {
            workspace: scope.card(),
            admission: scope.workspace.admission.to_string(),
            may_update: scope.role.allows(Permission::WorkspaceUpdate),
        })
    }

    /// Changes name and admission.
    ///
    /// # Errors
    /// As [`enter`](Self::enter); [`ErrorCode::InvalidName`], [`ErrorCode::InvalidInput`].
    pub async fn update_workspace(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        name: &str,
        admission: &str,
    ) -> Result<(), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::WorkspaceUpdate).await?;
        let (name, admission): (_, Admission) = (parse_name(name)?, admission.parse()?);
        scope.tx.update_workspace(&name, admission).await?;
        let detail = json!({
            "name": { "from": scope.workspace.name, "to": name },
            "admission": { "from": scope.workspace.admission.as_str(), "to": admission.as_str() },
        });
        self.audit(
            &mut scope.tx,
            ctx,
            Some(scope.actor.person.id),
            Action::WorkspaceUpdated,
            scope.workspace.id,
            detail,
        )
        .await?;
        Ok(scope.tx.commit().await?)
    }
}
