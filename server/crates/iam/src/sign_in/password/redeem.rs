//! What becomes of an address and a password.

use crate::{
    Ctx, IamError,
    core::{Core, password::Checked},
    ctx::Acting,
    port::SecurityChange,
    sign_in::{
        SignIn,
        arrival::{Proved, SignInStep},
    },
};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::{email::Email, pasted::parse_pasted},
    audit::{PasswordRefusal, PasswordSpent, Told},
    sign_in::{
        email_challenge::{REPEAT_WINDOW, ReturnTo},
        password::{Password, StoredPassword},
    },
};
use iam_store::{WorkspaceTx, audit::event::Events};
use iam_types::{AuthorizationId, ErrorCode, Slug, WorkspaceId};
use uuid::Uuid;

/// What a form sends.
#[derive(Clone, Copy)]
pub struct PasswordForm<'a> {
    /// Which form it is.
    pub id: Uuid,
    /// What ties it to its browser.
    pub proof: &'a str,
    /// The address, as it was typed.
    pub address: &'a str,
    /// The password, as it was typed.
    pub password: &'a str,
    /// The workspace of the login page, none for the platform.
    pub slug: Option<&'a Slug>,
    /// The app's request.
    pub authorization_id: Option<AuthorizationId>,
}

impl SignIn<'_> {
    /// Signs in with an address and a password, in the browser that was shown the form. Who sends the form again within
    /// moments comes to the same session.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where passwords do not count; [`ErrorCode::InvalidEmail`]; [`ErrorCode::SignInExpired`], also for a
    /// form of another browser; [`ErrorCode::PasswordWrong`] for whatever is wrong with address, password or person;
    /// [`ErrorCode::PasswordSpent`]; [`ErrorCode::RateLimited`].
    pub async fn redeem_password(self, ctx: &Ctx, form: PasswordForm<'_>) -> Result<SignInStep, IamError> {
        let core = self.core;
        let return_to = core
            .password_return_to(ctx, form.slug, form.authorization_id)
            .await?;
        if !core.is_own_form(ctx, form.id, form.proof, return_to) {
            return Err(ErrorCode::SignInExpired.into());
        }
        if let Some(at) = core.deps.store.password_sign_in_at(form.id).await? {
            return core.repeat_password(ctx, form.id, return_to, at).await;
        }
        let address = parse_pasted(form.address)?;
        core.limit_password_try(ctx, &address).await?;
        let stored = core.deps.store.password_at(&address).await?;
        let password = Password::typed(form.password);
        let checked = core.check_password(password, stored.clone()).await?;
        let typed = Typed {
            form: form.id,
            address: &address,
            return_to,
        };
        match stored.filter(|_| checked.right) {
            Some(stored) => core.finish_password(ctx, typed, stored, checked).await,
            None => core.refuse_password(ctx, typed).await,
        }
    }
}

/// What somebody typed, and where.
#[derive(Clone, Copy)]
struct Typed<'a> {
    form: Uuid,
    address: &'a Email,
    return_to: ReturnTo,
}

impl Core {
    async fn finish_password(
        &self,
        ctx: &Ctx,
        typed: Typed<'_>,
        known: StoredPassword,
        checked: Checked,
    ) -> Result<SignInStep, IamError> {
        let (now, person) = (self.now(), known.user_id);
        let mut tx = self.deps.store.in_workspace(typed.return_to.place()).await?;
        // The password as it is now: it may be another since it was read, or be hashed anew by a second click.
        let held = tx.hold_password(person).await?;
        let Some(mut stored) = held.filter(|held| is_same(held, &known)) else {
            drop(tx);
            return self.refuse_password(ctx, typed).await;
        };
        // Asked after it is held: whoever is being shut out meanwhile is found shut out. An address can move, too.
        let person = tx.user(person).await?;
        let Some(person) = person else {
            drop(tx);
            return self.refuse_password(ctx, typed).await;
        };
        if !tx.owns_address(person.id, typed.address).await? {
            drop(tx);
            return self.refuse_password(ctx, typed).await;
        }
        // What was shown before all that let them in was ended is worth nothing, though the password is as it was.
        let ended = tx.everything_ended_at(person.id).await?;
        if ended.is_some_and(|ended| self.shown_at(typed.form).is_none_or(|shown| shown <= ended)) {
            return Err(ErrorCode::SignInExpired.into());
        }
        if stored.must_change || checked.breached {
            return self.refuse_spent(tx, ctx, typed, (stored, &person.email)).await;
        }
        if !tx.finish_password_sign_in(typed.form, person.id, now).await? {
            drop(tx);
            return self.repeat_password(ctx, typed.form, typed.return_to, now).await;
        }
        stored.last_used_at = Some(now);
        if let Some(renewed) = checked.renewed {
            stored.hash = renewed;
            stored.imported = false;
        }
        tx.put_password(&stored).await?;
        let proved = Proved {
            user_id: person.id,
            address: typed.address,
            methods: vec!["pwd".to_owned()],
            return_to: typed.return_to,
            is_new: false,
            steps_up: false,
            model: None,
            step: typed.form,
            through: None,
            made: Vec::new(),
        };
        self.let_in(tx, ctx, proved, None).await
    }

    async fn refuse_password(&self, ctx: &Ctx, typed: Typed<'_>) -> Result<SignInStep, IamError> {
        let tx = self.deps.store.in_workspace(typed.return_to.place()).await?;
        let told = Told::password_refused(&self.pseudonym(typed.address.as_str()), PasswordRefusal::Wrong);
        let (acting, code) = (Acting::Unknown(ctx), ErrorCode::PasswordWrong);
        self.refuse(tx, acting, told, code).await
    }

    /// Refuses a right password that those who guess know, or that is to be another. Who it belongs to is told by mail, the first time.
    async fn refuse_spent(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        typed: Typed<'_>,
        (mut stored, to): (StoredPassword, &str),
    ) -> Result<SignInStep, IamError> {
        let acting = Acting::Unknown(ctx);
        let told = Told::password_refused(&self.pseudonym(typed.address.as_str()), PasswordRefusal::Spent);
        if stored.must_change {
            return self.refuse(tx, acting, told, ErrorCode::PasswordSpent).await;
        }
        stored.must_change = true;
        tx.put_password(&stored).await?;
        let refused = self.event(&mut tx, acting, told).await?;
        // It is a matter of the account, wherever it was tried.
        let mut tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        self.warn(&mut tx, ctx, to, SecurityChange::PasswordSpent, "")
            .await?;
        let told = Told::password_spent(stored.user_id, PasswordSpent::Breached);
        let spent = self.event(&mut tx, acting, told).await?;
        tx.commit(Events::from(refused).after(Some(spent))).await?;
        self.mail_waiting.notify_one();
        Err(ErrorCode::PasswordSpent.into())
    }

    async fn repeat_password(
        &self,
        ctx: &Ctx,
        form: Uuid,
        return_to: ReturnTo,
        at: DateTime<Utc>,
    ) -> Result<SignInStep, IamError> {
        let expired = IamError::Refused(ErrorCode::SignInExpired);
        if self.now() - at >= REPEAT_WINDOW {
            return Err(expired);
        }
        self.repeat(ctx, return_to, form, None).await?.ok_or(expired)
    }
}

/// Whether it is the password that was checked, be it hashed anew.
fn is_same(held: &StoredPassword, known: &StoredPassword) -> bool {
    held.set_at == known.set_at
}
