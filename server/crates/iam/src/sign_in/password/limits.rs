//! Who may try passwords. What a stranger spends is counted where the stranger is, and keeps nobody from signing in by mail.

use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit},
    sign_in::limits::neighbourhood,
};
use iam_domain::account::email::Email;

impl Core {
    /// Takes one try at the password of `address`, whether anybody has one there or not. A browser that signed in to it before has
    /// tries that nobody else spends.
    ///
    /// # Errors
    /// [`IamError::RateLimited`].
    pub(super) async fn limit_password_try(&self, ctx: &Ctx, address: &Email) -> Result<(), IamError> {
        let (network, account) = (ctx.network(), self.pseudonym(address.as_str()));
        if let Some(browser) = self.history_with(ctx, address) {
            return self.limit(Limit::PasswordKnownBrowser, &browser).await;
        }
        self.limit(Limit::PasswordNetwork, &network).await?;
        let place = neighbourhood(&ctx.client_ip);
        self.limit(Limit::PasswordPlace, &place).await?;
        let here = format!("{account}/{network}");
        self.limit(Limit::PasswordAddressNetwork, &here).await?;
        self.limit(Limit::PasswordAddress, &account).await
    }
}
