//! Codes of authenticator apps (RFC 6238) and recovery codes: whether one is right, once.

use super::arrival::SignedIn;
use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit},
    ctx::Acting,
    port::SecurityChange,
};
use iam_domain::{
    audit::{FactorRefusal, Told},
    sign_in::{
        pending::PendingSignIn,
        second_factor::{Typed, typed},
    },
};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::{ErrorCode, UserId, WorkspaceId};
use totp_rs::{Builder, Totp};

/// A second factor that somebody offers.
pub(super) enum Offered {
    /// The digits of an authenticator app.
    Digits(String),
    /// The hash of a recovery code.
    Recovery([u8; 32]),
    /// Nothing that could be one.
    Nothing,
}

impl Offered {
    fn refusal(&self) -> FactorRefusal {
        match self {
            Self::Recovery(_) => FactorRefusal::RecoveryCode,
            Self::Digits(_) | Self::Nothing => FactorRefusal::Code,
        }
    }
}

impl Core {
    /// Whether a person has a second factor that every sign-in takes.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn has_second_factor(
        &self,
        tx: &mut WorkspaceTx,
        person: UserId,
    ) -> Result<bool, IamError> {
        Ok(tx.has_totp(person).await?)
    }

    /// Reads what somebody typed, who has proved the first factor. Takes one try from what there is for the person, so that
    /// nobody guesses on, however many sign-ins they begin.
    ///
    /// # Errors
    /// [`IamError::RateLimited`].
    pub(super) async fn offered_factor(
        &self,
        pending: &PendingSignIn,
        code: &str,
    ) -> Result<Offered, IamError> {
        let person = pending.user_id;
        // Whoever runs a provider could begin sign-ins of its people: what is spent on these is counted apart.
        // What is spent in a session, its person can spend whatever somebody with their mails does.
        let tries = match (&pending.through, pending.session_id) {
            (Some(through), _) => format!("{person}/{}", through.connection_id),
            (None, Some(session)) => format!("{person}/{session}"),
            (None, None) => person.to_string(),
        };
        match typed(code) {
            Typed::Digits(digits) => {
                self.limit(Limit::SecondFactor, &tries).await?;
                self.limit(Limit::SecondFactorLong, &tries).await?;
                Ok(Offered::Digits(digits))
            }
            Typed::Recovery(code) => {
                self.limit(Limit::RecoveryCode, &tries).await?;
                let salt = self.deps.store.recovery_salt(person).await?;
                let Some(salt) = salt.and_then(|salt| salt.try_into().ok()) else {
                    return Ok(Offered::Nothing);
                };
                let hashes = self.hasher.hash(vec![code], salt).await?;
                Ok(hashes
                    .first()
                    .map_or(Offered::Nothing, |hash| Offered::Recovery(*hash)))
            }
            Typed::Neither => Ok(Offered::Nothing),
        }
    }

    /// Uses up what was offered: no code is taken twice. Nothing when it is wrong; else what the log is to be told of it.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(super) async fn spend_factor(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        pending: &PendingSignIn,
        offered: &Offered,
    ) -> Result<Option<Vec<Event>>, IamError> {
        let (person, now) = (pending.user_id, self.now());
        match offered {
            Offered::Digits(digits) => {
                let right = self.spend_digits(tx, person, digits).await?;
                Ok(right.then(Vec::new))
            }
            Offered::Recovery(hash) => {
                let Some(left) = tx.use_recovery_code(person, hash, now).await? else {
                    return Ok(None);
                };
                let (to, change) = (pending.address.as_str(), SecurityChange::RecoveryCodeUsed);
                self.warn(tx, ctx, to, change, &left.to_string()).await?;
                let told = Told::recovery_code_used(person, left);
                let event = self.event(tx, Acting::User(person, ctx), told).await?;
                Ok(Some(vec![event]))
            }
            Offered::Nothing => Ok(None),
        }
    }

    /// Takes the digits of a step that is not long over, if no digits of that or a later step were taken.
    async fn spend_digits(
        &self,
        tx: &mut WorkspaceTx,
        person: UserId,
        digits: &str,
    ) -> Result<bool, IamError> {
        let Some((sealed, last_step)) = tx.hold_totp(person).await? else {
            return Ok(false);
        };
        let totp = self.open_totp(person, &sealed)?;
        match self.step_of(&totp, digits) {
            Some(step) if step > last_step => Ok(tx.take_totp_step(person, step, self.now()).await?),
            _ => Ok(false),
        }
    }

    /// The step whose digits these are: this one, the last or the next, for clocks that are not quite right.
    pub(crate) fn step_of(&self, totp: &Totp, digits: &str) -> Option<i64> {
        let now = u64::try_from(self.now().timestamp()).ok()?;
        totp.check(digits, now).and_then(|step| i64::try_from(step).ok())
    }

    /// The authenticator app behind a sealed seed.
    pub(crate) fn open_totp(&self, person: UserId, sealed: &[u8]) -> Result<Totp, IamError> {
        let seed = self.deps.master_keys.open(&seed_row(person), sealed)?;
        Builder::new()
            .with_secret(seed.as_slice())
            .build()
            .map_err(|_| IamError::Fault("authenticator app"))
    }

    /// Tells the log of a second factor that was wrong.
    pub(super) async fn refuse_second_factor(
        &self,
        ctx: &Ctx,
        pending: &PendingSignIn,
        offered: &Offered,
    ) -> Result<SignedIn, IamError> {
        let tx = self.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let told = Told::second_factor_refused(pending.user_id, offered.refusal());
        let code = ErrorCode::SecondFactorWrong;
        self.refuse(tx, Acting::User(pending.user_id, ctx), told, code)
            .await
    }
}

/// What a person's seed is sealed for.
pub(crate) fn seed_row(person: UserId) -> String {
    format!("totp {person}")
}
