//! Signing in with a password. It is typed at the platform's own origin alone: whoever owns another host could read it there.
//!
//! Whatever is wrong with an address and a password, the answer is the same, takes as long and counts as much.

mod import;
mod limits;
mod redeem;

pub use crate::core::password::UnusableHash;
pub use import::{Import, ImportRefused, Imported};
pub use redeem::PasswordForm;

use crate::{
    Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    sign_in::SignIn,
};
use chrono::{DateTime, Utc};
use iam_domain::sign_in::{email_challenge::ReturnTo, password::FORM_LIFETIME};
use iam_types::{AuthorizationId, ErrorCode, SignInMethod, Slug, WorkspaceId};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// A form for a password that is about to be shown.
pub struct ShownForm {
    /// Which one.
    pub id: Uuid,
    /// What ties it to this browser, and to where it leads.
    pub proof: Secret,
    /// The cookie of this browser.
    pub browser: Secret,
}

impl SignIn<'_> {
    /// A form in which somebody types their password, on the way to where they wanted to go. Nothing is kept of it until
    /// somebody signs in with it.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where passwords do not count, and for an unknown workspace; [`ErrorCode::InvalidInput`] for a
    /// request of no workspace; [`ErrorCode::AuthorizationExpired`] when the app's request does not wait here.
    pub async fn show_password_form(
        self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        authorization_id: Option<AuthorizationId>,
    ) -> Result<ShownForm, IamError> {
        let core = self.core;
        let return_to = core.password_return_to(ctx, slug, authorization_id).await?;
        let (id, browser) = (core.new_uuid(), core.browser_secret(ctx));
        Ok(ShownForm {
            id,
            proof: core.form_proof(id, browser.expose(), return_to),
            browser,
        })
    }

    /// Whether passwords are asked for at the viewer's origin, for pages.
    pub fn has_passwords(self, ctx: &Ctx) -> bool {
        self.core.has_passwords(ctx)
    }

    /// Whether somebody could sign in to the platform itself with a password.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn platform_takes_passwords(self, ctx: &Ctx) -> Result<bool, IamError> {
        Ok(self.core.has_passwords(ctx) && self.core.passwords_count_at(ReturnTo::default()).await?)
    }
}

impl Core {
    /// Whether passwords are asked for where this request came to.
    pub(crate) fn has_passwords(&self, ctx: &Ctx) -> bool {
        ctx.custom_domain.is_none()
    }

    /// Where a sign-in by password is to lead, if passwords count there.
    async fn password_return_to(
        &self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        authorization_id: Option<AuthorizationId>,
    ) -> Result<ReturnTo, IamError> {
        if !self.has_passwords(ctx) {
            return Err(ErrorCode::NotFound.into());
        }
        let return_to = self.return_to(ctx, slug, authorization_id).await?;
        if !self.passwords_count_at(return_to).await? {
            return Err(ErrorCode::NotFound.into());
        }
        Ok(return_to)
    }

    /// Whether a sign-in by password can count where it leads. Of the platform's login page that is what operators allow
    /// everywhere: what their own pages ask for is another matter.
    async fn passwords_count_at(&self, return_to: ReturnTo) -> Result<bool, IamError> {
        let refused = match return_to.workspace_id {
            Some(id) => {
                let mut tx = self.deps.store.in_workspace(id).await?;
                tx.workspace().await?.sign_in_policy().refused
            }
            None => self.deps.store.platform_settings().await?.asks.refused,
        };
        Ok(!refused.contains(SignInMethod::Password))
    }

    /// What only a page of ours can have put into the form `id`, for this browser and on this way.
    fn form_proof(&self, id: Uuid, browser: &str, return_to: ReturnTo) -> Secret {
        let workspace = return_to.workspace_id.map(WorkspaceId::uuid).unwrap_or_default();
        let request = return_to
            .authorization_id
            .map(AuthorizationId::uuid)
            .unwrap_or_default();
        let facts = [
            id.as_bytes().as_slice(),
            workspace.as_bytes(),
            request.as_bytes(),
            browser.as_bytes(),
        ];
        self.derived_secret(SecretKind::PasswordForm, &facts)
    }

    /// When a form was shown, to the second.
    fn shown_at(&self, id: Uuid) -> Option<DateTime<Utc>> {
        self.age(id).map(|age| self.now() - age)
    }

    /// Whether a form was shown in this browser, here, on the way to `return_to`, and not too long ago.
    fn is_own_form(&self, ctx: &Ctx, id: Uuid, proof: &str, return_to: ReturnTo) -> bool {
        let Some(browser) = ctx.browser.as_deref() else {
            return false;
        };
        let own = self.form_proof(id, browser, return_to);
        let presented = self.hash_secret(SecretKind::PasswordForm, proof);
        let now = self.now();
        let is_young = self.shown_at(id).is_some_and(|shown| now < shown + FORM_LIFETIME);
        is_young && presented.is_some_and(|hash| hash.ct_eq(own.hash()).into())
    }
}
