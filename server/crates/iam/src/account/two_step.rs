//! A person's two-step verification: an authenticator app, and recovery codes for whoever lost theirs.

use crate::{
    Ctx, IamError,
    account::Account,
    core::{Core, secret::Secret},
    ctx::{Acting, Actor},
    port::SecurityChange,
    sign_in::{
        arrival::{Proved, SignInStep, SignedIn},
        second_factor::seed_row,
    },
};
use iam_domain::{
    audit::Told,
    sign_in::{
        assurance::with_second_factor,
        email_challenge::{REPEAT_WINDOW, ReturnTo},
        second_factor::{RECOVERY_CODES, RECOVERY_LENGTH, SET_UP, Typed, recovery_code, shown, typed},
    },
};
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, Unlogged},
    sign_in::second_factor::NewSeed,
};
use iam_types::{ErrorCode, UserId, WorkspaceId, view::TotpSetUpView};
use qrcode::{Color, QrCode};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

/// What an authenticator app calls us: the host, so that people with accounts at several servers tell them apart.
const ISSUER: &str = "Rooiam";

/// Two-step verification that was just turned on.
pub struct TurnedOn {
    /// The session, which has proved two factors now and goes on under this secret.
    pub signed_in: SignedIn,
    /// The recovery codes, as people read them: shown once.
    pub recovery_codes: Vec<String>,
}

impl Account<'_> {
    /// Draws a seed for a new authenticator app, for this session alone. The app that works, if there is one, does so until this
    /// one is confirmed. Returns the cookie by which this browser finds what comes of it.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::SecondFactorRequired`].
    pub async fn begin_totp(self, ctx: &Ctx) -> Result<Secret, IamError> {
        let actor = ctx.actor()?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        self.core.require_factor_change(&mut tx, actor).await?;
        let mut seed = [0; 20];
        self.core.deps.entropy.fill(&mut seed);
        let sealed = self.core.seal(&seed_row(actor.user.id), &seed)?;
        let new = NewSeed {
            set_up: self.core.new_uuid(),
            session_id: actor.session.id,
            sealed,
            since: self.core.now(),
        };
        tx.put_new_totp_seed(actor.user.id, &new).await?;
        tx.commit_unlogged(Unlogged::SetUpUnderWay).await?;
        Ok(self.core.browser_secret(ctx))
    }

    /// The seed that is being set up, for the app to read.
    ///
    /// # Errors
    /// As [`begin_totp`](Self::begin_totp).
    pub async fn totp_set_up(self, ctx: &Ctx) -> Result<Option<TotpSetUpView>, IamError> {
        let actor = ctx.actor()?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        self.core.require_factor_change(&mut tx, actor).await?;
        drop(tx);
        let Some((set_up, totp)) = self.core.new_totp(actor).await? else {
            return Ok(None);
        };
        let key = totp.secret().to_base32();
        let named = Builder::new()
            .with_secret(totp.secret().as_ref())
            .with_issuer(Some(self.core.issuer_name()))
            .with_account_name(actor.user.email.as_str())
            .build();
        let uri = named.and_then(|named| named.to_url());
        let uri = uri.map_err(|_| IamError::Fault("authenticator app"))?;
        let (size, picture) = drawn(&uri)?;
        Ok(Some(TotpSetUpView {
            set_up,
            key: grouped(&key),
            uri,
            size,
            picture,
        }))
    }

    /// Turns two-step verification on, with the digits that the new app shows: the session has proved two factors from then
    /// on. Tells the person by mail.
    ///
    /// # Errors
    /// As [`begin_totp`](Self::begin_totp); [`ErrorCode::SignInExpired`] when setting it up took too long or was done in another
    /// tab; [`ErrorCode::SecondFactorWrong`], [`ErrorCode::RateLimited`].
    pub async fn confirm_totp(self, ctx: &Ctx, set_up: Uuid, code: &str) -> Result<TurnedOn, IamError> {
        self.core.limit_code_try(ctx).await?;
        match self.confirm_new_totp(ctx, set_up, code).await {
            // A second click comes when the set-up is over, with the cookie of before the first.
            Err(IamError::Refused(
                code @ (ErrorCode::SignInExpired
                | ErrorCode::SignInRequired
                | ErrorCode::SecondFactorRequired),
            )) => {
                let repeated = self.core.repeat_set_up(ctx, set_up).await?;
                repeated.ok_or(code.into())
            }
            confirmed => confirmed,
        }
    }

    async fn confirm_new_totp(self, ctx: &Ctx, set_up: Uuid, code: &str) -> Result<TurnedOn, IamError> {
        let core = self.core;
        let actor = ctx.actor()?;
        let person = actor.user.id;
        let (_, totp) = core
            .new_totp(actor)
            .await?
            .filter(|(current, _)| *current == set_up)
            .ok_or(ErrorCode::SignInExpired)?;
        let digits = match typed(code) {
            Typed::Digits(digits) => digits,
            Typed::Recovery(_) | Typed::Neither => String::new(),
        };
        let step = core.step_of(&totp, &digits).ok_or(ErrorCode::SecondFactorWrong)?;
        let (codes, salt, hashes) = core.draw_recovery_codes().await?;
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        core.require_factor_change(&mut tx, actor).await?;
        let again = core.has_second_factor(&mut tx, person).await?;
        if !tx.confirm_totp(person, set_up, step, core.now()).await? {
            return Err(ErrorCode::SignInExpired.into());
        }
        tx.put_recovery_codes(person, &salt, &hashes, core.now()).await?;
        // They were trusted for another app.
        tx.forget_trusted_browsers_of(person).await?;
        core.warn(&mut tx, ctx, &actor.user.email, SecurityChange::TwoStepOn, "")
            .await?;
        let acting = Acting::User(person, ctx);
        let mut made = Vec::new();
        for told in [
            Told::totp_confirmed(person, again),
            Told::recovery_codes_created(person, codes.len()),
        ] {
            made.push(core.event(&mut tx, acting, told).await?);
        }
        let signed_in = core
            .renew_with_second_factor(tx, ctx, (actor, set_up), made)
            .await?;
        core.mail_waiting.notify_one();
        Ok(TurnedOn {
            signed_in,
            recovery_codes: codes.iter().map(|code| shown(code)).collect(),
        })
    }

    /// Makes new recovery codes, in place of those before, and tells the person by mail.
    ///
    /// # Errors
    /// As [`begin_totp`](Self::begin_totp); [`ErrorCode::NotFound`] without two-step verification.
    pub async fn make_recovery_codes(self, ctx: &Ctx) -> Result<Vec<String>, IamError> {
        let core = self.core;
        let actor = ctx.actor()?;
        let person = actor.user.id;
        let (codes, salt, hashes) = core.draw_recovery_codes().await?;
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        core.require_factor_change(&mut tx, actor).await?;
        core.require_session(&mut tx, actor).await?;
        if tx.hold_totp(person).await?.is_none() {
            return Err(ErrorCode::NotFound.into());
        }
        tx.put_recovery_codes(person, &salt, &hashes, core.now()).await?;
        let change = SecurityChange::RecoveryCodesMade;
        core.warn(&mut tx, ctx, &actor.user.email, change, "").await?;
        let told = Told::recovery_codes_created(person, codes.len());
        core.commit(tx, Acting::User(person, ctx), told).await?;
        core.mail_waiting.notify_one();
        Ok(codes.iter().map(|code| shown(code)).collect())
    }

    /// Turns two-step verification off: the app and the recovery codes are gone. Tells the person by mail.
    ///
    /// # Errors
    /// As [`begin_totp`](Self::begin_totp); [`ErrorCode::NotFound`] when it is off; [`ErrorCode::LastFactor`] while a workspace
    /// of theirs asks for two factors and they have no passkey.
    pub async fn remove_totp(self, ctx: &Ctx) -> Result<(), IamError> {
        let core = self.core;
        let actor = ctx.actor()?;
        let person = actor.user.id;
        let is_asked = core.is_asked_for_two_factors(person).await?;
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        core.require_factor_change(&mut tx, actor).await?;
        core.require_session(&mut tx, actor).await?;
        if is_asked && tx.count_working_passkeys(person).await? == 0 {
            return Err(ErrorCode::LastFactor.into());
        }
        if !tx.delete_second_factors(person, None).await? {
            return Err(ErrorCode::NotFound.into());
        }
        tx.forget_trusted_browsers_of(person).await?;
        core.warn(&mut tx, ctx, &actor.user.email, SecurityChange::TwoStepOff, "")
            .await?;
        core.commit(tx, Acting::User(person, ctx), Told::totp_removed(person))
            .await?;
        core.mail_waiting.notify_one();
        Ok(())
    }
}

impl Core {
    /// Asks for what it takes to change how a person signs in: a sign-in that is recent and, where they have a second
    /// factor, one that proved it. Whoever finds a session, or reads their mail, must not be able to stay.
    ///
    /// # Errors
    /// [`ErrorCode::SignInAgain`], [`ErrorCode::SecondFactorRequired`].
    pub(crate) async fn require_factor_change(
        &self,
        tx: &mut WorkspaceTx,
        actor: &Actor,
    ) -> Result<(), IamError> {
        let two_factors = self.has_second_factor(tx, actor.user.id).await?;
        Ok(self.factor_change_decision(actor, two_factors).require()?)
    }

    /// As [`require_factor_change`](Self::require_factor_change), where there is no transaction yet: for addresses, for the end of
    /// the account, and for taking out what is kept.
    ///
    /// # Errors
    /// As [`require_factor_change`](Self::require_factor_change).
    pub(crate) async fn require_account_change(&self, actor: &Actor) -> Result<(), IamError> {
        let factors = self.deps.store.second_factors_of(actor.user.id).await?;
        Ok(self.factor_change_decision(actor, factors.is_some()).require()?)
    }

    /// Whether a workspace of the person, or the platform, asks for two factors.
    pub(crate) async fn is_asked_for_two_factors(&self, person: UserId) -> Result<bool, IamError> {
        let mut tx = self.deps.store.as_user(person).await?;
        let memberships = tx.memberships().await?;
        Ok(memberships
            .iter()
            .any(|membership| membership.workspace.sign_in_policy().two_factors))
    }

    /// The app that is being set up in this session, if that does not take too long.
    async fn new_totp(&self, actor: &Actor) -> Result<Option<(Uuid, Totp)>, IamError> {
        let person = actor.user.id;
        let seed = self.deps.store.new_totp_seed(person, actor.session.id).await?;
        match seed.filter(|seed| self.now() < seed.since + SET_UP) {
            Some(seed) => Ok(Some((seed.set_up, self.open_totp(person, &seed.sealed)?))),
            None => Ok(None),
        }
    }

    /// What this browser got when it finished the set-up a moment ago, but for the recovery codes, which nobody keeps.
    async fn repeat_set_up(&self, ctx: &Ctx, set_up: Uuid) -> Result<Option<TurnedOn>, IamError> {
        let at = self.deps.store.totp_set_up_at(set_up).await?;
        let is_over = at.is_none_or(|at| self.now() - at >= REPEAT_WINDOW);
        if is_over || ctx.browser.is_none() {
            return Ok(None);
        }
        Ok(match self.repeat(ctx, ReturnTo::default(), set_up, None).await? {
            Some(SignInStep::Done(signed_in)) => Some(TurnedOn {
                signed_in,
                recovery_codes: Vec::new(),
            }),
            Some(SignInStep::SecondFactor(_)) | None => None,
        })
    }

    /// New recovery codes with the salt of all of them and their hashes.
    async fn draw_recovery_codes(&self) -> Result<(Vec<String>, [u8; 16], Vec<Vec<u8>>), IamError> {
        let mut salt = [0; 16];
        self.deps.entropy.fill(&mut salt);
        let codes: Vec<String> = (0..RECOVERY_CODES)
            .map(|_| {
                let mut random = [0; RECOVERY_LENGTH];
                self.deps.entropy.fill(&mut random);
                recovery_code(random)
            })
            .collect();
        let hashes = self.hasher.hash(codes.clone(), salt).await?;
        Ok((codes, salt, hashes.iter().map(|hash| hash.to_vec()).collect()))
    }

    /// The viewer's session goes on as one that has proved a second factor now.
    async fn renew_with_second_factor(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        (actor, set_up): (&Actor, Uuid),
        made: Vec<Event>,
    ) -> Result<SignedIn, IamError> {
        let proved = Proved {
            user_id: actor.user.id,
            address: &actor.user.address()?,
            methods: with_second_factor(&actor.session.amr, "otp"),
            return_to: ReturnTo::default(),
            is_new: false,
            steps_up: true,
            model: None,
            step: set_up,
            through: actor.session.through.clone(),
            made,
        };
        self.sign_in(tx, ctx, proved).await
    }

    /// What authenticator apps call this server.
    fn issuer_name(&self) -> String {
        let host = self.deps.public_url.domain();
        host.map_or_else(|| ISSUER.to_owned(), |host| format!("{ISSUER} {host}"))
    }
}

/// A key in groups of four, for whoever types it.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// A QR code as the path of its dark squares, and how many there are in a row.
fn drawn(text: &str) -> Result<(usize, String), IamError> {
    let code = QrCode::new(text).map_err(|_| IamError::Fault("QR code"))?;
    let width = code.width();
    let dark = code
        .to_colors()
        .into_iter()
        .enumerate()
        .filter(|(_, color)| *color == Color::Dark)
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % width, at / width));
    Ok((width, dark.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_groups() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }

    #[test]
    fn a_qr_code_is_a_square_with_its_three_corners() {
        let (size, path) = drawn("otpauth://totp/a?secret=B").unwrap();
        assert!(size >= 21 && (size - 21).is_multiple_of(4));
        for corner in [
            "M0 0h1v1h-1z".to_owned(),
            format!("M{} 0h1v1h-1z", size - 1),
            format!("M0 {}h1v1h-1z", size - 1),
        ] {
            assert!(path.contains(&corner), "{corner}");
        }
    }
}
