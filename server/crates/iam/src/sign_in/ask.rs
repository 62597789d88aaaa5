//! The mail that asks for a proof of an address.

use crate::{
    Ctx, IamError,
    core::{Core, secret::SecretKind},
    ctx::Acting,
    port::{MagicLinkMail, Mail, MailBrand, MailLinking},
    sign_in::email_challenge::Asked,
};
use iam_domain::{
    account::email::Email,
    audit::Told,
    connections::attempt::Returned,
    sign_in::{
        email_challenge::{EmailChallenge, LIFETIME, Progress, ReturnTo},
        user_agent,
    },
};
use iam_types::{ConnectionAttemptId, EmailChallengeId, WorkspaceId, paths};

/// A sign-in at a provider that waits for its person to prove an address.
pub(crate) struct Linking<'a> {
    /// Whose provider it is.
    pub place: WorkspaceId,
    /// Which one.
    pub attempt: ConnectionAttemptId,
    /// Who they are there.
    pub returned: &'a Returned,
    /// What the provider is called.
    pub provider: &'a str,
}

impl Core {
    /// Sends a link and a code to `address` that lead to `return_to`; with `linking`, whoever redeems them is linked with who
    /// somebody is at a provider, which the mail says.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn ask_by_mail(
        &self,
        ctx: &Ctx,
        address: &Email,
        return_to: ReturnTo,
        linking: Option<Linking<'_>>,
    ) -> Result<Asked, IamError> {
        let browser = self.browser_secret(ctx);
        let now = self.now();
        let id = EmailChallengeId::from_uuid(self.new_uuid());
        let (token, code) = (self.new_secret(SecretKind::MagicLink), self.new_code());
        let link = EmailChallenge {
            id,
            address: address.clone(),
            return_to,
            code_hash: self.hash_code(id, &code),
            browser_hash: *browser.hash(),
            expires_at: now + LIFETIME,
            code_attempts: 0,
            progress: Progress::Open,
            attempt_id: linking.as_ref().map(|linking| linking.attempt),
        };
        let mut tx = self.at_challenge(&link).await?;
        let (workspace, brand) = if return_to.workspace_id.is_some() {
            (Some(tx.workspace().await?.name), self.mail_brand(&mut tx).await?)
        } else {
            (None, MailBrand::default())
        };
        tx.insert_challenge(&link, token.hash(), &ctx.here(), now).await?;
        if let Some(linking) = &linking {
            tx = tx.switch_workspace(linking.place).await?;
            tx.keep_returned(linking.attempt, linking.returned, id).await?;
            tx = tx.switch_workspace(return_to.place()).await?;
        }
        let mail = Mail::MagicLink(MagicLinkMail {
            to: address.to_string(),
            locale: ctx.locale.clone(),
            workspace,
            brand,
            url: format!("{}{}", self.origin_for(ctx), paths::login_verify(token.expose())),
            code,
            asked_by: user_agent::described(&ctx.user_agent),
            linking: linking.as_ref().map(|linking| MailLinking {
                provider: linking.provider.to_owned(),
                label: linking.returned.label.clone(),
            }),
        });
        tx.drop_superseded_mail(address).await?;
        self.enqueue(&mut tx, &mail, Some(id.uuid()), link.expires_at)
            .await?;
        let told = Told::magic_link_requested(id, &self.pseudonym(address.as_str()));
        self.commit(tx, Acting::Unknown(ctx), told).await?;
        self.mail_waiting.notify_one();
        Ok(Asked { id, browser })
    }
}
