//! A person's passkeys.

use crate::{
    Ctx, IamError,
    account::{
        Account,
        password::{by_password_alone, view},
    },
    core::limits::Limit,
    ctx::Acting,
    port::SecurityChange,
};
use iam_domain::{audit::Told, core::visible::VisibleName, sign_in::passkey::OFFER_LATER};
use iam_types::{
    ErrorCode, PasskeyId, WorkspaceId,
    view::{PasskeyView, SecurityView, TwoStepView},
};

impl Account<'_> {
    /// How the person signs in.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn security(self, ctx: &Ctx) -> Result<SecurityView, IamError> {
        let actor = ctx.actor()?;
        let passkeys = self.core.deps.store.passkeys_of(actor.user.id).await?;
        let factors = self.core.deps.store.second_factors_of(actor.user.id).await?;
        let password = self.core.deps.store.password_of(actor.user.id).await?;
        let recovery = match self.core.open_recovery_of(actor.user.id).await? {
            Some(recovery) => Some(self.core.recovery_card(recovery).await?),
            None => None,
        };
        let decision = self.core.factor_change_decision(actor, factors.is_some());
        let passkeys = passkeys.into_iter().map(|passkey| PasskeyView {
            id: passkey.id,
            name: passkey.name.to_string(),
            attested: passkey.attested,
            synced: passkey.synced,
            suspected: passkey.suspected_at.is_some(),
            created_at: passkey.created_at.timestamp(),
            last_used_at: passkey.last_used_at.map(|at| at.timestamp()),
        });
        Ok(SecurityView {
            email: actor.user.email.clone(),
            passkeys: passkeys.collect(),
            two_step: factors.map(|factors| TwoStepView {
                confirmed_at: factors.totp.confirmed_at.timestamp(),
                last_used_at: factors.totp.last_used_at.map(|at| at.timestamp()),
                recovery_codes: factors.recovery_codes,
            }),
            password: password.as_ref().map(view),
            by_password: by_password_alone(actor),
            trusted: self.core.trusted_browsers(actor.user.id).await?,
            recovery,
            recent: decision.allows(),
            lacks_factor: decision.takes_a_factor(),
            available: self.core.has_passkeys(ctx),
            now: self.core.now().timestamp(),
        })
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is not theirs or gone; [`ErrorCode::InvalidName`] and
    /// what goes with it.
    pub async fn rename_passkey(self, ctx: &Ctx, id: PasskeyId, name: &str) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        let name: VisibleName = name.parse()?;
        self.core.limit(Limit::Naming, &person.to_string()).await?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let old = tx.rename_passkey(person, id, &name).await?;
        let old = old.ok_or(ErrorCode::NotFound)?;
        if old == name.as_str() {
            return Ok(());
        }
        let told = Told::passkey_renamed(id, &old, name.as_str());
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }

    /// Takes a passkey off the account, after a sign-in that is recent, and tells the person by mail. There is always
    /// another way in: the address.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::SecondFactorRequired`]; [`ErrorCode::NotFound`] when it
    /// is not theirs or gone; [`ErrorCode::LastFactor`] while a workspace of theirs asks for two factors and this is the only one.
    pub async fn remove_passkey(self, ctx: &Ctx, id: PasskeyId) -> Result<(), IamError> {
        let actor = ctx.actor()?;
        let is_asked = self.core.is_asked_for_two_factors(actor.user.id).await?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        self.core.require_factor_change(&mut tx, actor).await?;
        let name = tx.delete_passkey(actor.user.id, id).await?;
        let name = name.ok_or(ErrorCode::NotFound)?;
        let is_last = tx.count_working_passkeys(actor.user.id).await? == 0
            && !self.core.has_second_factor(&mut tx, actor.user.id).await?;
        if is_asked && is_last {
            return Err(ErrorCode::LastFactor.into());
        }
        let change = SecurityChange::PasskeyRemoved;
        self.core
            .warn(&mut tx, ctx, &actor.user.email, change, &name)
            .await?;
        let told = Told::passkey_removed(id, &name);
        self.core
            .commit(tx, Acting::User(actor.user.id, ctx), told)
            .await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Offers the person no passkey for a month, or never again.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn put_off_passkey(self, ctx: &Ctx, never: bool) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        let until = (!never).then(|| self.core.now() + OFFER_LATER);
        Ok(self.core.deps.store.put_off_passkey_offer(person, until).await?)
    }
}
