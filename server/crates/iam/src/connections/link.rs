//! Linking accounts with who their people are at providers: in a session, or by the mail that proves an address. Never because two
//! addresses are alike.

use crate::{
    Ctx, IamError,
    connections::{Connections, callback::Outcome, newcomer::returned},
    core::Core,
    ctx::Acting,
    port::SecurityChange,
};
use iam_domain::{
    account::email::Email,
    audit::{ConnectionRefusal, Told},
    connections::{
        attempt::{Attempt, Returned, Said},
        connection::{Connection, Identity},
    },
};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::{
    ConnectionAttemptId, ConnectionId, ErrorCode, SessionId, Slug, UserId, WorkspaceId,
    view::{OwnConnection, OwnConnectionsView},
};

/// Goes on where a sign-in was sent to a provider: in the workspace where it leads, or in the platform, whose providers lead everywhere.
async fn where_attempted(mut tx: WorkspaceTx, id: ConnectionAttemptId) -> Result<WorkspaceTx, IamError> {
    match tx.attempt(id).await? {
        Some(_) => Ok(tx),
        None => Ok(tx.switch_workspace(WorkspaceId::PLATFORM).await?),
    }
}

/// What somebody is told who was refused. What is wrong with an account is not for strangers.
pub(crate) const fn code_of(refusal: ConnectionRefusal) -> ErrorCode {
    match refusal {
        ConnectionRefusal::Denied => ErrorCode::ConnectionDenied,
        ConnectionRefusal::NoAddress => ErrorCode::ConnectionNoAddress,
        ConnectionRefusal::NoAccount | ConnectionRefusal::Disabled => ErrorCode::ConnectionNoAccount,
        ConnectionRefusal::NotLinked => ErrorCode::ConnectionNotLinked,
        ConnectionRefusal::Taken => ErrorCode::IdentityTaken,
        ConnectionRefusal::OtherBrowser => ErrorCode::ConnectionExpired,
        _ => ErrorCode::ConnectionFailed,
    }
}

impl Connections<'_> {
    /// The providers that the person has linked, and those of the platform and of their workspaces that they could.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn own(self, ctx: &Ctx) -> Result<OwnConnectionsView, IamError> {
        let actor = ctx.actor()?;
        let mut tx = self.core.deps.store.as_user(actor.user.id).await?;
        let rows = tx.own_connections().await?;
        let own = |row: iam_store::connections::identity::OwnConnection| OwnConnection {
            slug: row.slug,
            workspace: row.workspace,
            id: row.id,
            name: row.name,
            enabled: row.enabled,
            label: row.label.unwrap_or_default(),
            linked_at: row.linked_at.map(|at| at.timestamp()),
            last_used_at: row.last_used_at.map(|at| at.timestamp()),
        };
        Ok(OwnConnectionsView {
            connections: rows.into_iter().map(own).collect(),
            recent: self.core.require_account_change(actor).await.is_ok(),
            now: self.core.now().timestamp(),
        })
    }

    /// Undoes what links the person at a provider, with the sessions that came of it, after a sign-in that is recent, and tells them
    /// by mail.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] when nothing links them.
    pub async fn unlink(self, ctx: &Ctx, slug: &Slug, id: ConnectionId) -> Result<(), IamError> {
        let actor = ctx.actor()?;
        self.core.require_account_change(actor).await?;
        let (core, person) = (self.core, actor.user.id);
        // Also in a workspace that is shut: it is theirs to undo.
        let entry = core.deps.store.workspace_entry(slug).await?;
        let workspace = entry.ok_or(ErrorCode::NotFound)?.id;
        let mut tx = core.deps.store.in_workspace(workspace).await?;
        let connection = tx.connection(id).await?.ok_or(ErrorCode::NotFound)?;
        if !tx.is_linked(person, id).await? {
            return Err(ErrorCode::NotFound.into());
        }
        tx.end_what_came_through(id, Some(person), core.now()).await?;
        if !tx.delete_identity(person, id).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let name = connection.settings.name.as_str();
        let change = SecurityChange::ConnectionUnlinked;
        core.warn(&mut tx, ctx, &actor.user.email, change, name).await?;
        let told = Told::identity_unlinked(id, name);
        core.commit(tx, Acting::User(person, ctx), told).await?;
        core.mail_waiting.notify_one();
        Ok(())
    }
}

impl Core {
    /// Links an account with who its person is at a provider; nothing where either is linked already.
    pub(super) async fn link(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        connection: &Connection,
        returned: &Returned,
        person: UserId,
    ) -> Result<Option<Event>, IamError> {
        let identity = Identity {
            connection_id: connection.id,
            issuer: connection.issuer.clone(),
            subject: returned.subject.clone(),
            user_id: person,
            label: returned.label.clone(),
        };
        if !tx.insert_identity(&identity, self.now()).await? {
            return Ok(None);
        }
        let told = Told::identity_linked(connection.id, connection.settings.name.as_str());
        self.event(tx, Acting::User(person, ctx), told).await.map(Some)
    }

    /// Links whoever has just proved an address with who came back from a provider in this browser and was asked for that proof: with
    /// nobody else. Nothing where nobody signs in through it any more, or either is linked already. Returns the transaction where it was.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn link_proved(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        id: ConnectionAttemptId,
        who: (UserId, &Email),
    ) -> Result<(WorkspaceTx, Option<Event>), IamError> {
        let place = tx.workspace_id();
        let mut tx = where_attempted(tx, id).await?;
        let linked = self.link_returned(&mut tx, ctx, id, who).await?;
        Ok((tx.switch_workspace(place).await?, linked))
    }

    /// The name of the provider that a sign-in was sent to which waits for a proof, where people sign in through it.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn linking_at(
        &self,
        tx: WorkspaceTx,
        id: ConnectionAttemptId,
    ) -> Result<Option<String>, IamError> {
        let mut tx = where_attempted(tx, id).await?;
        Ok(tx.attempted_at(id).await?)
    }

    async fn link_returned(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        id: ConnectionAttemptId,
        (person, address): (UserId, &Email),
    ) -> Result<Option<Event>, IamError> {
        let attempt = tx.attempt(id).await?.and_then(|attempt| attempt.at(&ctx.here()));
        let Some((attempt, returned)) = attempt.and_then(|mut attempt| {
            let returned = attempt.returned.take()?;
            Some((attempt, returned))
        }) else {
            return Ok(None);
        };
        let connection = tx.hold_connection(attempt.connection_id).await?;
        let Some(connection) = connection.filter(|held| held.welcomes(&returned.subject)) else {
            return Ok(None);
        };
        let linked = self.link(tx, ctx, &connection, &returned, person).await?;
        if linked.is_some() {
            let (change, name) = (
                SecurityChange::ConnectionLinked,
                connection.settings.name.as_str(),
            );
            self.warn(tx, ctx, address.as_str(), change, name).await?;
            let primary = tx.user(person).await?.map(|user| user.email);
            if let Some(primary) = primary.filter(|primary| primary != address.as_str()) {
                self.warn(tx, ctx, &primary, change, name).await?;
            }
            self.mail_waiting.notify_one();
        }
        Ok(linked)
    }

    /// Links the account of the session that asked for it, and tells its person by mail.
    pub(super) async fn link_session(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        (attempt, session): (Attempt, SessionId),
        said: Said,
    ) -> Result<Outcome, IamError> {
        let actor = ctx.actor()?;
        if actor.session.id != session {
            return Err(ErrorCode::ConnectionExpired.into());
        }
        self.require_account_change(actor).await?;
        let person = actor.user.id;
        let mut tx = self.in_workspace_behind(slug).await?;
        let Some(connection) = tx.hold_connection(attempt.connection_id).await? else {
            return Err(ErrorCode::ConnectionExpired.into());
        };
        if !connection.welcomes(&said.subject) {
            let refusal = ConnectionRefusal::OtherTenant;
            return self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await;
        }
        let known = tx
            .identity(connection.id, &connection.issuer, &said.subject)
            .await?;
        if known == Some(person) {
            return Ok(Outcome::Linked);
        }
        let Some(linked) = self
            .link(&mut tx, ctx, &connection, &returned(&said), person)
            .await?
        else {
            let refusal = ConnectionRefusal::Taken;
            return self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await;
        };
        let (change, name) = (
            SecurityChange::ConnectionLinked,
            connection.settings.name.as_str(),
        );
        self.warn(&mut tx, ctx, &actor.user.email, change, name).await?;
        tx.commit(linked).await?;
        self.mail_waiting.notify_one();
        Ok(Outcome::Linked)
    }
}
