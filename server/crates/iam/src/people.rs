//! People, as operators see them: who there is, where they are, and who may not sign in any more.

use crate::{Ctx, Iam, IamError};
use iam_domain::audit::Action;
use iam_store::{WorkspaceTx, platform::KnownPerson};
use iam_types::{
    ErrorCode, Permission, UserId, WorkspaceId,
    view::{Page, PeopleView, PersonCard, PersonView, PersonWorkspace},
};
use serde_json::json;

/// How many people a page of the list shows.
const PAGE_SIZE: usize = 50;

impl Iam {
    /// A page of all people whose name or address contains `search`, by address, from behind `after` on.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] for people who do not operate the platform;
    /// [`ErrorCode::Forbidden`].
    pub async fn people(&self, ctx: &Ctx, search: &str, after: &str) -> Result<PeopleView, IamError> {
        self.operate(ctx, Permission::UserRead).await?;
        let rows = self
            .parts
            .store
            .people(search.trim(), after, PAGE_SIZE as i64 + 1)
            .await?;
        Ok(PeopleView {
            people: Page::cut(rows, PAGE_SIZE, |row| row.email.clone(), card),
            now: self.now().timestamp(),
        })
    }

    /// One person, with the workspaces that they are in.
    ///
    /// # Errors
    /// As [`people`](Self::people); [`ErrorCode::NotFound`].
    pub async fn person(&self, ctx: &Ctx, id: UserId) -> Result<PersonView, IamError> {
        let scope = self.operate(ctx, Permission::UserRead).await?;
        let (viewer, may_update) = (scope.actor.person.id, scope.may(Permission::UserUpdate));
        drop(scope);
        let person = self
            .parts
            .store
            .known_person(id)
            .await?
            .ok_or(ErrorCode::NotFound)?;
        let now = self.now();
        let sessions = self.parts.store.sessions_of(id).await?;
        let mut tx = self.parts.store.as_person(id).await?;
        let workspaces = tx.memberships().await?;
        Ok(PersonView {
            person: card(person),
            sessions: sessions.iter().filter(|session| session.is_live(now)).count() as i64,
            workspaces: workspaces
                .into_iter()
                .map(|membership| PersonWorkspace {
                    is_platform: membership.workspace.id == WorkspaceId::PLATFORM,
                    slug: membership.workspace.slug,
                    name: membership.workspace.name,
                    role: membership.role,
                })
                .collect(),
            may_update: may_update && viewer != id,
            now: now.timestamp(),
        })
    }

    /// Lets a person sign in no more: their sessions end, no grant of theirs gives a token, and no mail signs them in.
    ///
    /// # Errors
    /// As [`people`](Self::people); [`ErrorCode::NotFound`]; [`ErrorCode::Forbidden`] for oneself, and for operators who
    /// hold what the viewer does not; [`ErrorCode::LastOwner`] when a workspace would be without an owner who can sign in.
    pub async fn disable_person(&self, ctx: &Ctx, id: UserId) -> Result<(), IamError> {
        let mut tx = self.over_person(ctx, id).await?;
        if !tx.set_disabled(id, Some(self.now())).await? {
            return Ok(());
        }
        // The person's row is held, so nobody makes them an owner meanwhile. In the order of their identifiers, so that
        // two operators at work wait for each other and never for ever.
        for workspace in tx.workspaces_owned_by(id).await? {
            tx = tx.go_to(workspace).await?;
            if !tx.has_another_owner(id).await? {
                return Err(ErrorCode::LastOwner.into());
            }
        }
        let mut tx = tx.go_to(WorkspaceId::PLATFORM).await?;
        self.tell(ctx, &mut tx, Action::UserDisabled, id).await?;
        Ok(tx.commit().await?)
    }

    /// Lets a person sign in again.
    ///
    /// # Errors
    /// As [`disable_person`](Self::disable_person), but for [`ErrorCode::LastOwner`].
    pub async fn enable_person(&self, ctx: &Ctx, id: UserId) -> Result<(), IamError> {
        let mut tx = self.over_person(ctx, id).await?;
        if !tx.set_disabled(id, None).await? {
            return Ok(());
        }
        self.tell(ctx, &mut tx, Action::UserEnabled, id).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// As [`enable_person`](Self::enable_person).
    pub async fn end_person_sessions(&self, ctx: &Ctx, id: UserId) -> Result<(), IamError> {
        let mut tx = self.over_person(ctx, id).await?;
        tx.end_sessions(id).await?;
        self.tell(ctx, &mut tx, Action::SessionEnded, id).await?;
        Ok(tx.commit().await?)
    }

    /// The platform, with privileges held still, for somebody who may change the person `id`.
    async fn over_person(&self, ctx: &Ctx, id: UserId) -> Result<WorkspaceTx, IamError> {
        let known = self.parts.store.known_person(id).await?.is_some();
        let mut scope = self.operate(ctx, Permission::UserUpdate).await?;
        if !known {
            return Err(ErrorCode::NotFound.into());
        }
        scope.lock_own(Permission::UserUpdate).await?;
        let operator = scope.tx.standing(id).await?;
        let reached = operator.is_none_or(|operator| scope.standing.reaches(operator.permissions));
        if id == scope.actor.person.id || !reached {
            return Err(ErrorCode::Forbidden.into());
        }
        Ok(scope.tx)
    }

    async fn tell(
        &self,
        ctx: &Ctx,
        tx: &mut WorkspaceTx,
        action: Action,
        id: UserId,
    ) -> Result<(), IamError> {
        let actor = ctx.actor()?.person.id;
        self.audit(tx, ctx, Some(actor), action, id, json!({ "by": "operator" }))
            .await
    }
}

fn card(person: KnownPerson) -> PersonCard {
    PersonCard {
        id: person.id,
        email: person.email,
        display_name: person.display_name,
        created_at: person.created_at.timestamp(),
        disabled: person.disabled_at.is_some(),
    }
}
