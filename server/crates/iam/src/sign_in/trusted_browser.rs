//! Browsers in which a person is not asked for the code of their authenticator app. It is theirs to say so, after proving the code there,
//! at the platform, for as long as operators allow. A sign-in in such a browser proved one factor all the same: what it remembers of
//! that counts where a workspace, or the platform, takes it for the second that they ask for, and nowhere else.

use crate::{
    Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    sign_in::arrival::{Proved, SignedIn},
};
use chrono::TimeDelta;
use iam_domain::{
    audit::Told,
    sign_in::{
        pending::PendingSignIn,
        trusted_browser::{Trusted, TrustedBrowser, counts_after},
    },
};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::TrustedBrowserId;

/// A browser that is trusted from now on: its cookie, and for how long.
pub struct Trust {
    /// The cookie's value.
    pub secret: Secret,
    /// For how long it is worth something.
    pub lives: TimeDelta,
}

impl Core {
    /// For how many days whose sign-in waits may trust this browser; 0 where that cannot be.
    pub(super) async fn trust_days_for(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        pending: &PendingSignIn,
    ) -> Result<i32, IamError> {
        // A host is its owner's, who reads the cookies there; what a provider proves is its owner's word.
        let began_here =
            ctx.custom_domain.is_none() && pending.session_id.is_none() && pending.through.is_none();
        if !began_here || !by_mail(&pending.amr) {
            return Ok(0);
        }
        Ok(tx.trust_days().await?)
    }

    /// Trusts this browser, in the transaction that takes the code, if that is `wanted` and may be; the log is to be told of it with
    /// what was `made`.
    pub(super) async fn trust(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        pending: &PendingSignIn,
        wanted: bool,
        made: &mut Vec<Event>,
    ) -> Result<Option<Trust>, IamError> {
        let days = if wanted {
            self.trust_days_for(tx, ctx, pending).await?
        } else {
            0
        };
        if days == 0 {
            return Ok(None);
        }
        let (person, now) = (pending.user_id, self.now());
        let new = TrustedBrowser {
            id: TrustedBrowserId::from_uuid(self.new_uuid()),
            user_agent: ctx.user_agent.clone(),
            trusted_at: now,
            last_used_at: now,
        };
        let secret = self.trust_secret(ctx, pending);
        let before = ctx
            .trusted_browser
            .as_deref()
            .and_then(|cookie| self.hash_secret(SecretKind::TrustedBrowser, cookie));
        tx.trust_browser(person, &new, secret.hash(), before.as_ref())
            .await?;
        let told = Told::browser_trusted(person, new.id, days);
        made.push(self.event(tx, Acting::User(person, ctx), told).await?);
        let lives = TimeDelta::days(days.into());
        Ok(Some(Trust { secret, lives }))
    }

    /// What the browser got that finished this a moment ago, with its trust.
    pub(super) async fn repeat_with_trust(
        &self,
        ctx: &Ctx,
        pending: &PendingSignIn,
    ) -> Result<(SignedIn, Option<Trust>), IamError> {
        let signed_in = self.repeat_second_factor(ctx, pending).await?;
        Ok((signed_in, self.repeat_trust(ctx, pending).await?))
    }

    /// What this browser got when it was trusted a moment ago.
    async fn repeat_trust(&self, ctx: &Ctx, pending: &PendingSignIn) -> Result<Option<Trust>, IamError> {
        let secret = self.trust_secret(ctx, pending);
        if !self.deps.store.is_trusted_browser(secret.hash()).await? {
            return Ok(None);
        }
        let days = self.deps.store.platform_settings().await?.ceilings.trust_days;
        let lives = TimeDelta::days(days.into());
        Ok(Some(Trust { secret, lives }))
    }

    /// Whether this browser stands for the second factor of whoever has proved the first in it, by mail; what the session is to
    /// remember of it, and the log to be told, if it does.
    pub(super) async fn stands_for_second_factor(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        proved: &Proved<'_>,
    ) -> Result<Option<(Trusted, Event)>, IamError> {
        let cookie = ctx
            .trusted_browser
            .as_deref()
            .and_then(|cookie| self.hash_secret(SecretKind::TrustedBrowser, cookie));
        let Some(hash) = cookie.filter(|_| is_asked(ctx, proved)) else {
            return Ok(None);
        };
        let (person, now) = (proved.user_id, self.now());
        let days = tx.trust_days().await?;
        let after = counts_after(days, now);
        let Some((id, since)) = tx.use_trusted_browser(person, &hash, [after, now]).await? else {
            return Ok(None);
        };
        let told = Told::browser_trust_used(person, id);
        let event = self.event(tx, Acting::User(person, ctx), told).await?;
        Ok(Some((Trusted::new(id, since, days), event)))
    }

    /// The secret comes from the step, so that a second click gets the same; it takes the browser's own, which is stored nowhere.
    fn trust_secret(&self, ctx: &Ctx, pending: &PendingSignIn) -> Secret {
        let browser = ctx.browser.as_deref().unwrap_or_default();
        let step = pending.id.uuid();
        self.derived_secret(SecretKind::TrustedBrowser, &[step.as_bytes(), browser.as_bytes()])
    }
}

/// Whether a browser's trust matters to a sign-in: one by mail, at the platform.
fn is_asked(ctx: &Ctx, proved: &Proved<'_>) -> bool {
    ctx.custom_domain.is_none() && proved.through.is_none() && by_mail(&proved.methods)
}

/// Whether a sign-in began by mail: a password and a cookie are both found on a computer that others use.
fn by_mail(methods: &[String]) -> bool {
    methods == ["email"]
}
