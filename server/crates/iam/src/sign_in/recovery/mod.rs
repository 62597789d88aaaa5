//! Recovery of somebody who lost their second factors. Others begin it, and it gives them nothing: after a delay, in which every
//! address of the person knows of it, the person's own sign-in by mail passes once without a second factor.

mod redeem;

use crate::{
    Actor, Ctx, IamError,
    core::{
        Core,
        limits::Limit,
        mail::Telling,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    port::{Notice, SecurityChange},
    sign_in::SignIn,
};
use iam_domain::{
    audit::{RecoveryStop, Told},
    core::visible::TextLine,
    sign_in::recovery::{Recovery, USABLE},
};
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, Events},
};
use iam_types::{ErrorCode, RecoveryId, UserId, WorkspaceId, paths, view::RecoveryCard};
use subtle::ConstantTimeEq;

/// How many operators are told that somebody objects.
const MOST_TOLD: i64 = 10;

/// What the link of a mail about a recovery names.
#[derive(Debug, Clone, Copy)]
pub struct StoppingRecovery<'a> {
    /// Which one.
    pub recovery: RecoveryId,
    /// What only the mail has.
    pub key: &'a str,
}

/// A recovery that lets a sign-in pass without a second factor, or will.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecoveryAhead {
    /// Whether it does.
    pub counts: bool,
    /// When it begins to.
    pub counts_at: i64,
}

/// What somebody begins.
pub(crate) struct NewRecovery<'a> {
    pub(crate) person: UserId,
    pub(crate) reason: &'a TextLine,
    pub(crate) with_passkeys: bool,
}

impl SignIn<'_> {
    /// The recovery that a link of such a mail stops. Looks only: mail scanners follow links too.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], also when it is over; [`ErrorCode::NotFound`] at a workspace's own host.
    pub async fn inspect_recovery(
        self,
        ctx: &Ctx,
        link: StoppingRecovery<'_>,
    ) -> Result<RecoveryCard, IamError> {
        let recovery = self.core.recovery_by(ctx, link).await?;
        if !recovery.is_open(self.core.now()) {
            return Err(ErrorCode::LinkInvalid.into());
        }
        self.core.recovery_card(recovery).await
    }

    /// Stops a recovery, or objects to it where operators began it; true for that. Who does so need not be signed in: they have
    /// the mail. Once more does nothing more.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::RateLimited`]; [`ErrorCode::NotFound`] at a workspace's own host.
    pub async fn stop_recovery(self, ctx: &Ctx, link: StoppingRecovery<'_>) -> Result<bool, IamError> {
        let recovery = self.core.recovery_by(ctx, link).await?;
        self.core.limit_code_try(ctx).await?;
        self.core.say_no_to_recovery(ctx, &recovery).await?;
        Ok(recovery.is_by_operator())
    }
}

impl Core {
    /// Begins a recovery in the workspace of `tx`, the platform for operators, and tells every address of the person. Returns
    /// what the log is to be told.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for who has no second factor to lose; [`ErrorCode::RecoveryUnderWay`]; [`IamError::RateLimited`].
    pub(crate) async fn begin_recovery(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        by: &Actor,
        new: NewRecovery<'_>,
    ) -> Result<Told, IamError> {
        let (person, place, now) = (new.person, tx.workspace_id(), self.now());
        if !self.has_second_factor(tx, person).await? {
            return Err(ErrorCode::NotFound.into());
        }
        self.limit(Limit::RecoveryBeginner, &by.user.id.to_string())
            .await?;
        self.limit(Limit::RecoveryPerson, &format!("{person}/{place}"))
            .await?;
        let counts_at = now + Recovery::delay(place);
        let recovery = Recovery {
            id: RecoveryId::from_uuid(self.new_uuid()),
            user_id: person,
            workspace_id: place,
            begun_by: by.user.id,
            reason: new.reason.as_str().to_owned(),
            with_passkeys: new.with_passkeys,
            begun_at: now,
            counts_at,
            expires_at: counts_at + USABLE,
            objected_at: None,
            ended_at: None,
        };
        if !tx.put_recovery(&recovery).await? {
            return Err(ErrorCode::RecoveryUnderWay.into());
        }
        let key = self.stop_recovery_key(&recovery);
        let path = paths::stop_recovery(recovery.id, key.expose());
        let name = tx.workspace().await?.name.to_string();
        let change = if recovery.is_by_operator() {
            SecurityChange::RecoveryByOperator
        } else {
            SecurityChange::RecoveryByWorkspace
        };
        self.tell_of_recovery(tx, ctx, person, change, (&name, &path))
            .await?;
        Ok(Told::recovery_begun(&recovery))
    }

    /// Ends a recovery that could be begun where `tx` is, and tells the person. Returns what the log is to be told.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when none runs, or none that `may` be ended.
    pub(crate) async fn withdraw_recovery(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
        may: impl Fn(&Recovery) -> bool,
    ) -> Result<Told, IamError> {
        let now = self.now();
        let recovery = tx.hold_recovery_of(person).await?;
        let recovery = recovery.filter(|recovery| recovery.is_open(now) && may(recovery));
        let recovery = recovery.ok_or(ErrorCode::NotFound)?;
        tx.end_recovery(recovery.id, now).await?;
        let change = SecurityChange::RecoveryStopped;
        self.tell_of_recovery(tx, ctx, person, change, ("", paths::SECURITY))
            .await?;
        Ok(Told::recovery_stopped(person, RecoveryStop::Withdrawn))
    }

    /// The person says no: a workspace's recovery stops, that of operators counts later.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn say_no_to_recovery(&self, ctx: &Ctx, recovery: &Recovery) -> Result<(), IamError> {
        let (person, now) = (recovery.user_id, self.now());
        let mut tx = self.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let held = tx.hold_recovery_of(person).await?;
        let Some(held) = held.filter(|held| held.id == recovery.id && held.is_open(now)) else {
            return Ok(());
        };
        let place = held.workspace_id;
        let told = if !held.is_by_operator() {
            tx.end_recovery(held.id, now).await?;
            let change = SecurityChange::RecoveryStopped;
            self.tell_of_recovery(&mut tx, ctx, person, change, ("", paths::SECURITY))
                .await?;
            Told::recovery_stopped(person, RecoveryStop::ByPerson)
        } else if held.objected_at.is_none() {
            let later = held.objected(now);
            tx.object_to_recovery(&later).await?;
            self.tell_operators(&mut tx, ctx, &later).await?;
            Told::recovery_objected(person, later.counts_at)
        } else {
            return Ok(());
        };
        let event = self.admitted_event(place, Acting::User(person, ctx), told);
        tx.commit(Events::from(event)).await?;
        self.mail_waiting.notify_one();
        Ok(())
    }

    /// Tells operators who can withdraw it that a person objects to a recovery.
    async fn tell_operators(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        recovery: &Recovery,
    ) -> Result<(), IamError> {
        let person = tx.user(recovery.user_id).await?;
        let telling = Telling {
            notice: Notice::RecoveryObjected {
                person: recovery.user_id,
            },
            by: person.as_ref().map_or("", |person| &person.email),
            about: None,
            expires_at: recovery.counts_at,
        };
        let receivers = tx.recovering_addresses(MOST_TOLD).await?;
        self.notify(tx, &ctx.locale, receivers, telling).await
    }

    /// Stops what a workspace's admin began, now that the person has proved the factors that they are said to have lost.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(super) async fn stop_disproved_recovery(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
    ) -> Result<Option<Event>, IamError> {
        let stopped = tx.end_workspace_recovery_of(person, self.now()).await?;
        let told = Told::recovery_stopped(person, RecoveryStop::ByProof);
        Ok(stopped.map(|place| self.admitted_event(place, Acting::User(person, ctx), told)))
    }

    /// Whether a person is a member of this workspace and of no other, the platform included.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn is_nowhere_else(
        &self,
        tx: &mut WorkspaceTx,
        person: UserId,
        workspace: WorkspaceId,
    ) -> Result<bool, IamError> {
        let memberships = tx.memberships_of(person).await?;
        Ok(workspace != WorkspaceId::PLATFORM && matches!(memberships[..], [(only, _)] if only == workspace))
    }

    /// Tells every address of a person.
    pub(super) async fn tell_of_recovery(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
        change: SecurityChange,
        about: (&str, &str),
    ) -> Result<(), IamError> {
        for to in tx.verified_addresses_of(person).await? {
            self.warn_at(tx, ctx, &to, change, about).await?;
        }
        Ok(())
    }

    /// A recovery as pages show it.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn recovery_card(&self, recovery: Recovery) -> Result<RecoveryCard, IamError> {
        let mut tx = self.deps.store.in_workspace(recovery.workspace_id).await?;
        let beginner = tx.user(recovery.begun_by).await?;
        Ok(RecoveryCard {
            id: recovery.id,
            by_operator: recovery.is_by_operator(),
            place: tx.workspace().await?.name.to_string(),
            begun_by: beginner.map(|beginner| beginner.email).unwrap_or_default(),
            reason: recovery.reason,
            with_passkeys: recovery.with_passkeys,
            begun_at: recovery.begun_at.timestamp(),
            counts_at: recovery.counts_at.timestamp(),
            expires_at: recovery.expires_at.timestamp(),
            objected_at: recovery.objected_at.map(|at| at.timestamp()),
        })
    }

    /// The recovery of a person that is under way.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn open_recovery_of(&self, person: UserId) -> Result<Option<Recovery>, IamError> {
        let recovery = self.deps.store.recovery_of(person).await?;
        Ok(recovery.filter(|recovery| recovery.is_open(self.now())))
    }

    /// The recovery of a link, if the link is ours.
    async fn recovery_by(&self, ctx: &Ctx, link: StoppingRecovery<'_>) -> Result<Recovery, IamError> {
        if ctx.custom_domain.is_some() {
            return Err(ErrorCode::NotFound.into());
        }
        let recovery = self.deps.store.recovery(link.recovery).await?;
        let presented = self.hash_secret(SecretKind::StopRecovery, link.key);
        recovery
            .zip(presented)
            .filter(|(recovery, presented)| presented.ct_eq(self.stop_recovery_key(recovery).hash()).into())
            .map(|(recovery, _)| recovery)
            .ok_or(ErrorCode::LinkInvalid.into())
    }

    fn stop_recovery_key(&self, recovery: &Recovery) -> Secret {
        let (id, person) = (recovery.id.to_string(), recovery.user_id.to_string());
        self.derived_secret(SecretKind::StopRecovery, &[id.as_bytes(), person.as_bytes()])
    }
}
