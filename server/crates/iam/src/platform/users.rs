//! People, as operators see them: who there is, where they are, and who may not sign in any more.

use crate::{Ctx, IamError, core::Core, ctx::Acting, platform::Platform, sign_in::ending::Ending};
use iam_domain::{
    audit::{Ended, Told},
    core::visible::TextLine,
};
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, Events},
    platform::user::KnownUser,
};
use iam_types::{
    ErrorCode, Permission, Role, SessionId, UserId, WorkspaceId, paths,
    view::{OWNERLESS, Page, UserCard, UserView, UserWorkspace, UsersView},
};

/// How many people a page of the list shows.
const PAGE_SIZE: usize = 50;

impl Platform<'_> {
    /// A page of all people whose name or address contains `search`, by address, from behind `after` on.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] for people who do not operate the platform;
    /// [`ErrorCode::Forbidden`].
    pub async fn users(self, ctx: &Ctx, search: &str, after: &str) -> Result<UsersView, IamError> {
        self.core.operate(ctx, Permission::UserRead).await?;
        let rows = self
            .core
            .deps
            .store
            .users(search.trim(), after, PAGE_SIZE as i64 + 1)
            .await?;
        Ok(UsersView {
            people: Page::cut(rows, PAGE_SIZE, |row| row.email.clone(), card),
            now: self.core.now().timestamp(),
        })
    }

    /// One person, with the workspaces that they are in.
    ///
    /// # Errors
    /// As [`users`](Self::users); [`ErrorCode::NotFound`].
    pub async fn user(self, ctx: &Ctx, id: UserId) -> Result<UserView, IamError> {
        let mut scope = self.core.operate(ctx, Permission::UserRead).await?;
        let recovery = scope.user_recovery_view(id).await?;
        let (viewer, may_update) = (scope.actor.user.id, scope.may(Permission::UserUpdate));
        let own = scope.actor.session.id;
        drop(scope);
        let person = self
            .core
            .deps
            .store
            .known_user(id)
            .await?
            .ok_or(ErrorCode::NotFound)?;
        let now = self.core.now();
        let sessions = self.core.deps.store.sessions_of(id).await?;
        let mut tx = self.core.deps.store.as_user(id).await?;
        let workspaces = tx.memberships().await?;
        Ok(UserView {
            person: card(person),
            sessions: sessions
                .into_iter()
                .filter(|session| session.is_live(now))
                .map(|session| self.core.shown_session(session, ctx, own))
                .collect(),
            workspaces: workspaces
                .into_iter()
                .map(|membership| UserWorkspace {
                    is_platform: membership.workspace.id == WorkspaceId::PLATFORM,
                    slug: membership.workspace.slug,
                    name: membership.workspace.name,
                    role: membership.role,
                })
                .collect(),
            may_update: may_update && viewer != id,
            recovery,
            now: now.timestamp(),
        })
    }

    /// Lets a person sign in no more, and ends for good what let them in: mails under way, sessions, tokens of apps, and
    /// what they offered to others. A workspace that nobody else can own is suspended until it gets an owner, so that
    /// nobody makes themselves untouchable by owning one.
    ///
    /// # Errors
    /// As [`users`](Self::users); [`ErrorCode::NotFound`]; [`ErrorCode::Forbidden`] for oneself, and for operators who
    /// hold what the viewer does not; [`ErrorCode::LastOwner`] when the platform itself would be without an owner.
    pub async fn disable_user(self, ctx: &Ctx, id: UserId) -> Result<(), IamError> {
        let mut tx = self.core.over_person(ctx, id, Permission::UserUpdate).await?;
        self.core.end_steps_under_way(&mut tx, id, None).await?;
        tx.end_recovery_of(id, self.core.now()).await?;
        if !tx.set_disabled(id, Some(self.core.now())).await? {
            return Ok(());
        }
        let (mut tx, mut ended) = self
            .core
            .end_what_lets_in(ctx, tx, (id, Ended::ByOperator), Ending::Everything)
            .await?;
        // The person's row is held, so nobody makes them an owner meanwhile. In the order of the workspaces' identifiers,
        // so that two operators at work wait for each other and never for ever.
        let owned = tx.memberships_of(id).await?;
        for (workspace, _) in owned.into_iter().filter(|(_, role)| *role == Role::Owner) {
            let (after, suspended) = self.core.suspend_without_owner(ctx, tx, workspace, id).await?;
            tx = after;
            ended.extend(suspended);
        }
        let event = self
            .core
            .operator_event(ctx, &mut tx, Told::user_disabled(id))
            .await?;
        Ok(tx.commit(Events::from(event).after(ended)).await?)
    }

    /// Lets a person sign in again. What was ended stays so, what slipped in meanwhile ends too, and workspaces that were
    /// suspended for want of an owner stay so until an operator resumes them.
    ///
    /// # Errors
    /// As [`disable_user`](Self::disable_user), but for [`ErrorCode::LastOwner`].
    pub async fn enable_user(self, ctx: &Ctx, id: UserId) -> Result<(), IamError> {
        let mut tx = self.core.over_person(ctx, id, Permission::UserUpdate).await?;
        if !tx.set_disabled(id, None).await? {
            return Ok(());
        }
        let (mut tx, ended) = self
            .core
            .end_what_lets_in(ctx, tx, (id, Ended::ByOperator), Ending::Credentials)
            .await?;
        let event = self
            .core
            .operator_event(ctx, &mut tx, Told::user_enabled(id))
            .await?;
        Ok(tx.commit(Events::from(event).after(ended)).await?)
    }

    /// Ends one session of a person, for a reason that the log keeps.
    ///
    /// # Errors
    /// As [`enable_user`](Self::enable_user); [`ErrorCode::InvalidText`]; [`ErrorCode::NotFound`] when it is not theirs or gone.
    pub async fn end_user_session(
        self,
        ctx: &Ctx,
        id: UserId,
        session: SessionId,
        reason: &str,
    ) -> Result<(), IamError> {
        let reason: TextLine = reason.parse()?;
        let mut tx = self.core.over_person(ctx, id, Permission::UserUpdate).await?;
        if !tx.delete_session(id, session).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let told = Told::session_ended_by_operator(id, session, &reason);
        let event = self.core.operator_event(ctx, &mut tx, told).await?;
        Ok(tx.commit(Events::from(event)).await?)
    }

    /// Ends all that lets a person in: sessions, mails under way, and tokens of apps, those for offline access too.
    ///
    /// # Errors
    /// As [`enable_user`](Self::enable_user).
    pub async fn end_user_sessions(self, ctx: &Ctx, id: UserId) -> Result<(), IamError> {
        let tx = self.core.over_person(ctx, id, Permission::UserUpdate).await?;
        let (mut tx, ended) = self
            .core
            .end_what_lets_in(ctx, tx, (id, Ended::ByOperator), Ending::Credentials)
            .await?;
        let told = Told::sessions_ended(id, Ended::ByOperator);
        let event = self.core.operator_event(ctx, &mut tx, told).await?;
        Ok(tx.commit(Events::from(event).after(ended)).await?)
    }
}

impl Core {
    /// Suspends a workspace whose last owner who can sign in was `id`. The platform is never without one.
    async fn suspend_without_owner(
        &self,
        ctx: &Ctx,
        tx: WorkspaceTx,
        workspace: WorkspaceId,
        id: UserId,
    ) -> Result<(WorkspaceTx, Option<Event>), IamError> {
        let mut tx = tx.switch_workspace(workspace).await?;
        if tx.has_able_owner(Some(id)).await? {
            return Ok((tx.switch_workspace(WorkspaceId::PLATFORM).await?, None));
        }
        if workspace == WorkspaceId::PLATFORM {
            return Err(ErrorCode::LastOwner.into());
        }
        if !tx.suspend_if_open(OWNERLESS, self.now()).await? {
            return Ok((tx.switch_workspace(WorkspaceId::PLATFORM).await?, None));
        }
        let told = Told::workspace_without_owner(workspace, OWNERLESS, id);
        let told = told.also_in(WorkspaceId::PLATFORM);
        let event = self.operator_event(ctx, &mut tx, told).await?;
        Ok((tx.switch_workspace(WorkspaceId::PLATFORM).await?, Some(event)))
    }

    /// The platform, with privileges held still, for somebody who holds `permission` and may use it on the person `id`.
    pub(super) async fn over_person(
        &self,
        ctx: &Ctx,
        id: UserId,
        permission: Permission,
    ) -> Result<WorkspaceTx, IamError> {
        let known = self.deps.store.known_user(id).await?.is_some();
        let mut scope = self.operate(ctx, permission).await?;
        if !known {
            return Err(ErrorCode::NotFound.into());
        }
        scope.lock_and_recheck(permission).await?;
        let operator = scope.tx.effective_access(id).await?;
        let reached = operator.is_none_or(|operator| scope.access.covers(operator.permissions));
        if id == scope.actor.user.id || !reached {
            return Err(scope.refused("reach", None));
        }
        Ok(scope.tx)
    }

    pub(super) async fn operator_event(
        &self,
        ctx: &Ctx,
        tx: &mut WorkspaceTx,
        told: Told,
    ) -> Result<Event, IamError> {
        let actor = ctx.actor()?.user.id;
        self.event(tx, Acting::User(actor, ctx), told).await
    }
}

fn card(person: KnownUser) -> UserCard {
    UserCard {
        id: person.id,
        email: person.email,
        display_name: person.display_name,
        picture: person.picture.map(paths::picture),
        created_at: person.created_at.timestamp(),
        disabled: person.disabled_at.is_some(),
    }
}
