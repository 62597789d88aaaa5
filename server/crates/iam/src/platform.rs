//! Operating the platform. Operators are members of the platform, which is a workspace like any other: what they hold
//! there on `workspace:…` counts for every workspace, and for nothing inside one.

use crate::{Ctx, Iam, IamError, workspace::Scope};
use iam_domain::{
    account::pasted::parse_pasted,
    audit::Action,
    core::visible::TextLine,
    platform::ceilings::{Ceilings, parse_ceiling},
    workspaces::workspace::{Listing, State, parse_sign_in_max_age},
};
use iam_store::{account::person::Found, platform::settings::PlatformSettings};
use iam_types::{
    ErrorCode, Permission, Role, Slug, UserId, WorkspaceId,
    view::{HealthView, Page, PlatformSettingsView, PlatformView, PlatformWorkspace, PlatformWorkspaceView},
};
use serde_json::json;

/// How many workspaces a page of the list shows.
const PAGE_SIZE: usize = 50;
/// How many reasons why mail did not leave the page of health shows.
const MOST_REASONS: i64 = 5;

/// What the form of the platform's settings sends. Empty ceilings are none.
#[derive(Debug, Clone, Copy)]
pub struct PlatformForm<'a> {
    /// Who may create workspaces.
    pub creation: &'a str,
    /// Who may sign in to a new workspace's apps.
    pub default_admission: &'a str,
    /// The most members of a workspace.
    pub members_ceiling: &'a str,
    /// The most apps of a workspace.
    pub apps_ceiling: &'a str,
    /// How old a sign-in may be that enters a workspace, in seconds.
    pub sign_in_ceiling: &'a str,
}

impl Iam {
    /// A page of all workspaces whose name or address contains `search`, the newest first, from behind `after` on.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::NotFound`] for people who do not operate the platform.
    pub async fn platform(&self, ctx: &Ctx, search: &str, after: &str) -> Result<PlatformView, IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceRead).await?;
        let viewer = scope.actor.person.id;
        drop(scope);
        let after = match after {
            "" => None,
            slug => {
                let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
                self.parts
                    .store
                    .workspace_entry(&slug)
                    .await?
                    .map(|entry| entry.id)
            }
        };
        let mut tx = self.parts.store.as_operator(viewer).await?;
        let rows = tx
            .all_workspaces(search.trim(), after, PAGE_SIZE as i64 + 1)
            .await?;
        Ok(PlatformView {
            workspaces: Page::cut(rows, PAGE_SIZE, |row| row.slug.to_string(), shown),
            now: self.now().timestamp(),
        })
    }

    /// One workspace as operators see it.
    ///
    /// # Errors
    /// As [`platform`](Self::platform).
    pub async fn platform_workspace(
        &self,
        ctx: &Ctx,
        slug: &Slug,
    ) -> Result<PlatformWorkspaceView, IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceRead).await?;
        let (viewer, may_suspend) = (scope.actor.person.id, scope.may(Permission::WorkspaceUpdate));
        let may_look = scope.may(Permission::SupportUse);
        let may_appoint = scope.may(Permission::WorkspaceTransfer);
        drop(scope);
        let mut tx = self.parts.store.as_operator(viewer).await?;
        let row = tx.any_workspace(slug).await?.ok_or(ErrorCode::NotFound)?;
        drop(tx);
        let mut tx = self.parts.store.in_workspace(row.id).await?;
        let support = if may_look {
            self.support_window(&mut tx).await?
        } else {
            None
        };
        let ownerless = row.suspended.is_some() && !tx.has_able_owner(None).await?;
        Ok(PlatformWorkspaceView {
            support,
            ownerless,
            may_appoint,
            workspace: shown(row),
            issuer: self.issuer(slug),
            may_suspend,
            now: self.now().timestamp(),
        })
    }

    /// What the platform decides for all.
    ///
    /// # Errors
    /// As [`platform`](Self::platform).
    pub async fn platform_settings(&self, ctx: &Ctx) -> Result<PlatformSettingsView, IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceRead).await?;
        let may_update = scope.may(Permission::WorkspaceUpdate);
        drop(scope);
        let settings = self.parts.store.platform_settings().await?;
        let ceiling = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        Ok(PlatformSettingsView {
            creation: settings.creation.to_string(),
            default_admission: settings.default_admission.to_string(),
            members_ceiling: ceiling(settings.ceilings.members),
            apps_ceiling: ceiling(settings.ceilings.apps),
            sign_in_ceiling: ceiling(settings.ceilings.sign_in_secs),
            may_update,
        })
    }

    /// Decides for all. It counts from the next request on; who is over a new ceiling keeps what they have.
    ///
    /// # Errors
    /// As [`platform`](Self::platform); [`ErrorCode::InvalidInput`].
    pub async fn update_platform(&self, ctx: &Ctx, form: PlatformForm<'_>) -> Result<(), IamError> {
        let mut scope = self.operate(ctx, Permission::WorkspaceUpdate).await?;
        let wanted = PlatformSettings {
            creation: form.creation.parse()?,
            default_admission: form.default_admission.parse()?,
            ceilings: Ceilings {
                members: parse_ceiling(form.members_ceiling)?,
                apps: parse_ceiling(form.apps_ceiling)?,
                sign_in_secs: parse_sign_in_max_age(form.sign_in_ceiling)?,
            },
        };
        scope.tx.set_platform_settings(wanted).await?;
        let detail = json!({
            "workspace_creation": wanted.creation.as_str(),
            "default_admission": wanted.default_admission.as_str(),
            "members_ceiling": wanted.ceilings.members,
            "apps_ceiling": wanted.ceilings.apps,
            "sign_in_ceiling": wanted.ceilings.sign_in_secs,
        });
        self.conclude(ctx, scope, Action::PlatformUpdated, WorkspaceId::PLATFORM, detail)
            .await
    }

    /// How the platform is.
    ///
    /// # Errors
    /// As [`platform`](Self::platform).
    pub async fn health(&self, ctx: &Ctx) -> Result<HealthView, IamError> {
        self.operate(ctx, Permission::WorkspaceRead).await?;
        let now = self.now();
        let begin = self.now();
        self.parts.store.ping().await?;
        let took = self.now() - begin;
        let health = self.parts.store.health(now).await?;
        Ok(HealthView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            database_version: health.server_version,
            database_micros: took.num_microseconds().unwrap_or_default(),
            database_size: health.size,
            limiter_answers: self.parts.limiter.ping().await,
            workspaces: health.workspaces - 1,
            suspended: health.suspended,
            people: health.people,
            sessions: health.sessions,
            mails_waiting: health.mails_waiting,
            oldest_mail: health.oldest_mail.map(|at| at.timestamp()),
            mails_failed: health.mails_failed,
            mail_reasons: self.parts.store.mail_reasons(MOST_REASONS).await?,
            now: now.timestamp(),
        })
    }

    /// Shuts a workspace: from the next request on nobody enters it, its issuer issues nothing and its tokens are
    /// refused here. Members read the reason. Both logs tell of it.
    ///
    /// # Errors
    /// As [`platform`](Self::platform); [`ErrorCode::Forbidden`]; [`ErrorCode::InvalidText`] and [`ErrorCode::InvisibleText`]
    /// for the reason.
    pub async fn suspend_workspace(&self, ctx: &Ctx, slug: &Slug, reason: &str) -> Result<(), IamError> {
        self.set_suspension(ctx, slug, Some(reason.parse()?)).await
    }

    /// Opens a suspended workspace again; what was issued before and has not expired works again: it is a pause for many
    /// who did nothing, not the end of what one person or app had.
    ///
    /// # Errors
    /// As [`suspend_workspace`](Self::suspend_workspace); [`ErrorCode::LastOwner`] while nobody who owns it can sign in.
    pub async fn resume_workspace(&self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        self.set_suspension(ctx, slug, None).await
    }

    /// Makes whoever owns `address` an owner of the platform. For the operator at the machine: asks nobody.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidEmail`]; [`ErrorCode::InvalidInput`] for a disabled person.
    pub async fn appoint_operator(&self, address: &str) -> Result<(), IamError> {
        let address = parse_pasted(address)?;
        let now = self.now();
        let mut tx = self.parts.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let new = UserId::from_uuid(self.new_uuid());
        let person = match tx.find_or_create_person(&address, new, now).await? {
            Found::Known(id) | Found::New(id) => id,
            Found::Disabled => return Err(ErrorCode::InvalidInput.into()),
        };
        if !tx.insert_member(person, Role::Owner, now).await? {
            tx.update_role(person, Role::Owner).await?;
        }
        let detail = json!({ "by": "command", "role": Role::Owner });
        self.audit(
            &mut tx,
            &Ctx::default(),
            None,
            Action::MemberJoined,
            person,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    async fn set_suspension(&self, ctx: &Ctx, slug: &Slug, reason: Option<TextLine>) -> Result<(), IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceUpdate).await?;
        let entry = self.parts.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.id != WorkspaceId::PLATFORM)
            .ok_or(ErrorCode::NotFound)?;
        let action = match reason {
            Some(_) => Action::WorkspaceSuspended,
            None => Action::WorkspaceResumed,
        };
        let mut tx = scope.tx.go_to(entry.id).await?;
        // Holds the workspace's row: whoever disables its owner meanwhile waits, and then finds it open.
        if reason.is_none() && !tx.has_able_owner(None).await? {
            return Err(ErrorCode::LastOwner.into());
        }
        tx.set_suspension(entry.id, reason.as_ref(), self.now()).await?;
        let detail = json!({ "reason": reason.as_ref().map(TextLine::as_str) });
        let tx = self
            .tell_both(ctx, tx, entry.id, action, entry.id, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Makes the member with `address` an owner of a workspace that nobody who owns it can enter: the way back when its
    /// last owner was disabled. Only for owners of the platform, with a fresh sign-in, and never for themselves; both
    /// logs tell of it.
    ///
    /// # Errors
    /// As [`platform`](Self::platform); [`ErrorCode::SignInAgain`]; [`ErrorCode::Forbidden`] for those who do not own the
    /// platform, for themselves, and while the workspace has an owner who can sign in; [`ErrorCode::InvalidEmail`],
    /// [`ErrorCode::NoSuchMember`]; [`ErrorCode::LastOwner`] for a member who cannot sign in either.
    pub async fn appoint_owner(&self, ctx: &Ctx, slug: &Slug, address: &str) -> Result<(), IamError> {
        let mut scope = self.operate(ctx, Permission::WorkspaceTransfer).await?;
        scope.require_recent(self.now())?;
        let entry = self.parts.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.id != WorkspaceId::PLATFORM && entry.state != State::Deleted)
            .ok_or(ErrorCode::NotFound)?;
        let address = parse_pasted(address)?;
        // Whoever disables somebody holds the platform's row too.
        scope.lock_own(Permission::WorkspaceTransfer).await?;
        let mut tx = scope.tx.go_to(entry.id).await?;
        if tx.has_able_owner(None).await? {
            return Err(ErrorCode::Forbidden.into());
        }
        let found = tx.members_with_addresses(&[address.to_string()]).await?;
        let chosen = *found.first().ok_or(ErrorCode::NoSuchMember)?;
        if chosen == scope.actor.person.id {
            return Err(ErrorCode::Forbidden.into());
        }
        let was = tx.role_of(chosen).await?;
        tx.update_role(chosen, Role::Owner).await?;
        let detail = json!({ "by": "operator", "from": was, "to": Role::Owner });
        let tx = self
            .tell_both(ctx, tx, entry.id, Action::MemberRoleChanged, chosen, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Enters the platform.
    pub(crate) async fn operate(&self, ctx: &Ctx, permission: Permission) -> Result<Scope, IamError> {
        self.enter(ctx, &Slug::platform(), permission).await
    }
}

fn shown(row: Listing) -> PlatformWorkspace {
    PlatformWorkspace {
        slug: row.slug,
        name: row.name,
        created_at: row.created_at.timestamp(),
        suspended: row.suspended,
    }
}
