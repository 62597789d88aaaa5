//! Taking back a sign-in that was somebody else's, from the mail that told of it.

use crate::{
    Ctx, IamError,
    core::{
        Core,
        limits::Limit,
        secret::{Secret, SecretKind},
    },
    ctx::{Acting, Actor},
    port::SecurityChange,
    sign_in::{SignIn, arrival::Proved, ending::Ending},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::{
    audit::{Ended, Told},
    sign_in::{assurance::Assurance, session::DISOWNED_WITHIN},
};
use iam_store::{
    WorkspaceTx,
    account::address::Claimed,
    audit::event::{Event, Events},
};
use iam_types::{ConnectionId, ErrorCode, SessionId, UserId, WorkspaceId, paths};
use subtle::ConstantTimeEq;

/// What the link of such a mail names.
#[derive(Debug, Clone, Copy)]
pub struct Disowned<'a> {
    /// Whose account it is.
    pub person: UserId,
    /// Which sign-in was somebody else's.
    pub session: SessionId,
    /// What only the mail has.
    pub key: &'a str,
}

/// Who a person is at a provider: in which workspace, at which one, and what that is called.
type Linked = (WorkspaceId, ConnectionId, String);

impl SignIn<'_> {
    /// Whether a link of such a mail, which is one of ours and not too old, undoes what was changed since, beside signing out
    /// everywhere. Looks only: mail scanners follow links too.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`]; [`ErrorCode::NotFound`] at a workspace's own host.
    pub async fn inspect_disown(self, ctx: &Ctx, link: Disowned<'_>) -> Result<bool, IamError> {
        let began = self.core.began(ctx, link)?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if self.core.is_over(&mut tx, link.person, began).await? {
            return Err(ErrorCode::LinkInvalid.into());
        }
        self.core.may_undo(&mut tx, ctx, link.person, began).await
    }

    /// Signs out everywhere whoever owns the account, takes away the passkeys and addresses that were added since that sign-in,
    /// puts back the addresses that were removed since, undoes what was linked since, takes the password off, and ends what apps may
    /// do. Who does so need not be signed in: they have the mail, as those who sign in by mail do. So where a mail is not enough to sign
    /// in, for whoever has a second factor or is asked for one, it leaves passkeys, authenticator apps and addresses as they are, unless
    /// they are signed in.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::RateLimited`]; [`ErrorCode::NotFound`] at a workspace's own host.
    pub async fn disown(self, ctx: &Ctx, link: Disowned<'_>) -> Result<(), IamError> {
        let began = self.core.began(ctx, link)?;
        self.core.limit_code_try(ctx).await?;
        let person = link.person;
        let linked = self.core.linked_since(person, began).await?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if self.core.is_over(&mut tx, person, began).await? {
            // A second click, or somebody was faster: all is ended, and what came since has nothing to do with it.
            return Ok(());
        }
        let undoes = self.core.may_undo(&mut tx, ctx, person, began).await?;
        let (mut tx, mut events) = self
            .core
            .end_what_lets_in(ctx, tx, (person, Ended::ByMail), Ending::Credentials)
            .await?;
        let acting = Acting::User(person, ctx);
        // Whoever signed in may have done so with it. The address is a way in for all that.
        if tx.delete_password(person).await? {
            let told = Told::password_removed(person, 0);
            events.push(self.core.event(&mut tx, acting, told).await?);
        }
        if undoes {
            for (id, name) in tx.delete_passkeys_since(person, began).await? {
                let told = Told::passkey_removed(id, &name);
                events.push(self.core.event(&mut tx, acting, told).await?);
            }
            if tx.delete_second_factors(person, Some(began)).await? {
                let told = Told::totp_removed(person);
                events.push(self.core.event(&mut tx, acting, told).await?);
            }
            let (back, changed) = self.core.take_addresses_back(tx, ctx, person, began).await?;
            tx = back;
            events.extend(changed);
        }
        let (mut tx, unlinked) = self.core.unlink(tx, ctx, person, linked).await?;
        events.extend(unlinked);
        let told = Told::sessions_ended(person, Ended::ByMail);
        let event = self.core.event(&mut tx, acting, told).await?;
        Ok(tx.commit(Events::from(event).after(events)).await?)
    }
}

impl Core {
    /// Whether all that lets the person in was ended since then: what the mail was for is done.
    async fn is_over(
        &self,
        tx: &mut WorkspaceTx,
        person: UserId,
        began: DateTime<Utc>,
    ) -> Result<bool, IamError> {
        let ended = tx.everything_ended_at(person).await?;
        Ok(ended.is_some_and(|ended| ended >= began))
    }

    /// Whether a mail may undo what changed about how somebody signs in: where a mail is all that it takes to sign in, and for
    /// whoever is signed in since before `began`, or with two factors.
    async fn may_undo(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
        began: DateTime<Utc>,
    ) -> Result<bool, IamError> {
        let own = ctx.actor().ok().filter(|actor| actor.user.id == person);
        let proves = |actor: &Actor| {
            actor.session.created_at < began || Assurance::of(&actor.session.amr) >= Assurance::Two
        };
        Ok(own.is_some_and(proves)
            || !(self.has_second_factor(tx, person).await? || self.is_asked_for_two_factors(person).await?))
    }

    /// What was linked with an account since then.
    pub(super) async fn linked_since(
        &self,
        person: UserId,
        began: DateTime<Utc>,
    ) -> Result<Vec<Linked>, IamError> {
        let mut tx = self.deps.store.as_user(person).await?;
        let own = tx.own_connections().await?;
        drop(tx);
        let mut linked = Vec::new();
        for connection in own {
            if connection.linked_at.is_some_and(|at| at >= began)
                && let Some(entry) = self.deps.store.workspace_entry(&connection.slug).await?
            {
                linked.push((entry.id, connection.id, connection.name));
            }
        }
        Ok(linked)
    }

    /// Takes off an account what was linked with it, and ends what came through that. Returns the transaction in the platform.
    pub(super) async fn unlink(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
        linked: Vec<Linked>,
    ) -> Result<(WorkspaceTx, Vec<Event>), IamError> {
        let mut events = Vec::new();
        for (workspace, id, name) in linked {
            tx = tx.switch_workspace(workspace).await?;
            tx.end_what_came_through(id, Some(person), self.now()).await?;
            if tx.delete_identity(person, id).await? {
                let told = Told::identity_unlinked(id, &name);
                events.push(self.event(&mut tx, Acting::User(person, ctx), told).await?);
            }
        }
        Ok((tx.switch_workspace(WorkspaceId::PLATFORM).await?, events))
    }

    /// Tells somebody by mail of a sign-in in a browser that never signed in to their account before, so that they can take it
    /// back if it was not theirs. Beyond some of these mails it stays unsaid.
    pub(crate) async fn tell_of_new_browser(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        proved: &Proved<'_>,
        session: SessionId,
    ) -> Result<(), IamError> {
        if self.knows_browser(ctx, proved.address) {
            return Ok(());
        }
        let key = format!("{}/new-browser", proved.user_id);
        if !self.within(Limit::Notice, &key).await {
            return Ok(());
        }
        let secret = self.disown_key(proved.user_id, session);
        let path = paths::disown(proved.user_id, session, secret.expose());
        let to = proved.address.as_str();
        let from = match self.place_of(&ctx.client_ip, ctx) {
            Some(place) => format!("{} ({place})", ctx.client_ip),
            None => ctx.client_ip.clone(),
        };
        self.warn_at(tx, ctx, to, SecurityChange::NewBrowser, (&from, &path))
            .await?;
        self.mail_waiting.notify_one();
        Ok(())
    }

    /// Gives a person the addresses again that they had at `began`, as far as they can be told, and no others. Whoever signs
    /// in meanwhile with one of the others is signed out too.
    pub(super) async fn take_addresses_back(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
        began: DateTime<Utc>,
    ) -> Result<(WorkspaceTx, Vec<Event>), IamError> {
        let (acting, now) = (Acting::User(person, ctx), self.now());
        let mut added = tx.delete_addresses_since(person, began).await?;
        let mut events = Vec::new();
        for (address, verified_at) in tx.addresses_removed_since(person, began, now).await? {
            if tx.claim_address(person, &address, verified_at, now).await? == Claimed::Now {
                let told = Told::address_restored(person, &self.pseudonym(address.as_str()));
                events.push(self.event(&mut tx, acting, told).await?);
            }
        }
        tx.forget_young_removals_of(person).await?;
        if tx.is_primary_new(person, began).await?
            && let Some(oldest) = tx.oldest_address(person, began).await?
            && let Some(new) = tx.set_primary_address(person, &oldest).await?
        {
            tx = self.list_under(tx, person, &oldest).await?;
            let (from, to) = (self.pseudonym(&new), self.pseudonym(oldest.as_str()));
            let told = Told::address_made_primary(person, &from, &to);
            events.push(self.event(&mut tx, acting, told).await?);
            added.extend(tx.delete_addresses_since(person, began).await?);
        }
        for address in added {
            let told = Told::address_removed(person, &self.pseudonym(&address));
            events.push(self.event(&mut tx, acting, told).await?);
        }
        tx.delete_sessions_of(person).await?;
        Ok((tx, events))
    }

    fn disown_key(&self, person: UserId, session: SessionId) -> Secret {
        let (person, session) = (person.to_string(), session.to_string());
        self.derived_secret(SecretKind::Disown, &[person.as_bytes(), session.as_bytes()])
    }

    /// When the sign-in of a link began, if the link is ours and not too old.
    fn began(&self, ctx: &Ctx, link: Disowned<'_>) -> Result<DateTime<Utc>, IamError> {
        if ctx.custom_domain.is_some() {
            return Err(ErrorCode::NotFound.into());
        }
        let invalid = IamError::Refused(ErrorCode::LinkInvalid);
        let own = self.disown_key(link.person, link.session);
        let presented = self.hash_secret(SecretKind::Disown, link.key);
        if !presented.is_some_and(|hash| hash.ct_eq(own.hash()).into()) {
            return Err(invalid);
        }
        let age = self.age(link.session.uuid()).ok_or(invalid)?;
        if age >= DISOWNED_WITHIN {
            return Err(ErrorCode::LinkInvalid.into());
        }
        // The identifier tells whole seconds.
        Ok(self.now() - age - TimeDelta::seconds(1))
    }
}
