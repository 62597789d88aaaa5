//! A person's password.

use crate::{
    Ctx, IamError,
    account::Account,
    core::{Core, limits::Limit},
    ctx::{Acting, Actor},
    port::SecurityChange,
};
use iam_domain::{
    audit::Told,
    sign_in::{
        assurance::{Assurance, first_factor},
        password::{Password, StoredPassword},
    },
};
use iam_store::WorkspaceTx;
use iam_types::{
    ErrorCode, SignInMethod, WorkspaceId,
    view::{PasswordPageView, PasswordView},
};

impl Account<'_> {
    /// The page on which the person chooses a password.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn password_page(self, ctx: &Ctx) -> Result<PasswordPageView, IamError> {
        let core = self.core;
        let actor = ctx.actor()?;
        let password = core.deps.store.password_of(actor.user.id).await?;
        let factors = core.deps.store.second_factors_of(actor.user.id).await?;
        let decision = core.password_change_decision(actor, factors.is_some());
        Ok(PasswordPageView {
            email: actor.user.email.clone(),
            password: password.as_ref().map(view),
            recent: decision.allows(),
            lacks_factor: decision.takes_a_factor(),
            now: core.now().timestamp(),
        })
    }

    /// Chooses a password, or another, and tells the person by mail. What waits for a second factor after the one before ends, and
    /// so do the person's other sessions, if they want that.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::SecondFactorRequired`];
    /// [`ErrorCode::PasswordShort`], [`ErrorCode::PasswordLong`], [`ErrorCode::PasswordWeak`], [`ErrorCode::PasswordPersonal`],
    /// [`ErrorCode::PasswordBreached`]; [`ErrorCode::RateLimited`].
    pub async fn set_password(self, ctx: &Ctx, password: &str, ends_others: bool) -> Result<(), IamError> {
        let core = self.core;
        let actor = ctx.actor()?;
        let person = actor.user.id;
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        core.require_password_change(&mut tx, actor).await?;
        drop(tx);
        let password = Password::chosen(password)?;
        core.limit(Limit::PasswordChoice, &person.to_string()).await?;
        let about = core.known_about(actor).await?;
        let hash = core.hash_chosen(password, about).await?;
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        // Asked again: what it takes may have grown meanwhile, and the session may have ended.
        let again = tx.hold_password(person).await?.is_some();
        core.require_password_change(&mut tx, actor).await?;
        tx.delete_pending_sign_ins_by_password(person).await?;
        core.require_session(&mut tx, actor).await?;
        let new = StoredPassword {
            user_id: person,
            hash,
            imported: false,
            must_change: false,
            set_at: core.now(),
            last_used_at: None,
        };
        tx.put_password(&new).await?;
        let ended = core.end_with_password(&mut tx, actor, ends_others).await?;
        let change = if again {
            SecurityChange::PasswordChanged
        } else {
            SecurityChange::PasswordAdded
        };
        core.warn(&mut tx, ctx, &actor.user.email, change, "").await?;
        let told = Told::password_set(person, again, ended);
        core.commit(tx, Acting::User(person, ctx), told).await?;
        core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes the password off the account, and tells the person by mail. There is always another way in: the address.
    ///
    /// # Errors
    /// As [`set_password`](Self::set_password) of the session; [`ErrorCode::NotFound`] without one.
    pub async fn remove_password(self, ctx: &Ctx, ends_others: bool) -> Result<(), IamError> {
        let core = self.core;
        let actor = ctx.actor()?;
        let person = actor.user.id;
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        // Waits for a sign-in that is being finished with it.
        tx.hold_password(person).await?;
        core.require_password_change(&mut tx, actor).await?;
        tx.delete_pending_sign_ins_by_password(person).await?;
        core.require_session(&mut tx, actor).await?;
        if !tx.delete_password(person).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let ended = core.end_with_password(&mut tx, actor, ends_others).await?;
        let change = SecurityChange::PasswordRemoved;
        core.warn(&mut tx, ctx, &actor.user.email, change, "").await?;
        let told = Told::password_removed(person, ended);
        core.commit(tx, Acting::User(person, ctx), told).await?;
        core.mail_waiting.notify_one();
        Ok(())
    }
}

impl Core {
    /// Asks for what it takes to change a password: what it takes to change how a person signs in, but that whoever has just
    /// typed it may.
    async fn require_password_change(&self, tx: &mut WorkspaceTx, actor: &Actor) -> Result<(), IamError> {
        let two_factors = self.has_second_factor(tx, actor.user.id).await?;
        Ok(self.password_change_decision(actor, two_factors).require()?)
    }

    /// Ends other sessions with a password that is no more, if its person wants that; says how many.
    async fn end_with_password(
        &self,
        tx: &mut WorkspaceTx,
        actor: &Actor,
        ends_others: bool,
    ) -> Result<u64, IamError> {
        if !ends_others {
            return Ok(0);
        }
        Ok(tx.delete_sessions_but(actor.user.id, actor.session.id).await?)
    }

    /// What others know of a person, who must not make a password of it.
    async fn known_about(&self, actor: &Actor) -> Result<Vec<String>, IamError> {
        let store = &self.deps.store;
        let mut about = vec![actor.user.display_name.clone()];
        let addresses = store.addresses_of(actor.user.id).await?;
        about.extend(addresses.into_iter().map(|own| own.address));
        let memberships = store.as_user(actor.user.id).await?.memberships().await?;
        let names = memberships.into_iter().map(|own| own.workspace.name.to_string());
        about.extend(names.take(MOST_NAMES));
        Ok(about)
    }
}

/// Of so many workspaces the names make no password.
const MOST_NAMES: usize = 50;

/// Whether a session began with a password and has proved nothing else: whoever found that out has not found the mailbox.
pub(super) fn by_password_alone(actor: &Actor) -> bool {
    first_factor(&actor.session.amr) == SignInMethod::Password
        && Assurance::of(&actor.session.amr) < Assurance::Two
}

/// A password, for its person.
pub(super) fn view(stored: &StoredPassword) -> PasswordView {
    PasswordView {
        set_at: stored.set_at.timestamp(),
        last_used_at: stored.last_used_at.map(|at| at.timestamp()),
        must_change: stored.must_change,
    }
}
