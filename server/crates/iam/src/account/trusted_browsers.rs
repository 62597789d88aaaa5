//! The browsers in which the viewer is not asked for a code.

use crate::{Ctx, IamError, account::Account, core::Core, ctx::Acting};
use iam_domain::{
    audit::Told,
    sign_in::{trusted_browser::counts_after, user_agent},
};
use iam_types::{ErrorCode, TrustedBrowserId, UserId, WorkspaceId, view::TrustedBrowserView};

impl Account<'_> {
    /// Asks in a browser again. Whoever is signed in can: taking trust away must never fail.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is not theirs or gone.
    pub async fn forget_browser(self, ctx: &Ctx, id: TrustedBrowserId) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if !tx.forget_trusted_browser(person, id).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let told = Told::browser_forgotten(person, 1);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }

    /// Asks in all browsers again.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn forget_browsers(self, ctx: &Ctx) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let forgotten = tx.forget_trusted_browsers_of(person).await?;
        if forgotten == 0 {
            return Ok(());
        }
        let told = Told::browser_forgotten(person, forgotten);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }
}

impl Core {
    /// The browsers in which a person is not asked for a code.
    pub(super) async fn trusted_browsers(&self, person: UserId) -> Result<Vec<TrustedBrowserView>, IamError> {
        let days = self.deps.store.platform_settings().await?.ceilings.trust_days;
        let after = counts_after(days, self.now());
        let browsers = self.deps.store.trusted_browsers_of(person, after).await?;
        let views = browsers.into_iter().map(|trusted| {
            let (browser, system) = user_agent::label(&trusted.user_agent);
            TrustedBrowserView {
                id: trusted.id,
                browser: browser.to_owned(),
                system: system.to_owned(),
                trusted_at: trusted.trusted_at.timestamp(),
                last_used_at: trusted.last_used_at.timestamp(),
            }
        });
        Ok(views.collect())
    }
}
