//! Signing in with the six digits of a mail.

use crate::{
    Ctx, IamError,
    core::Core,
    sign_in::{SignIn, arrival::SignedIn, email_challenge::ended},
};
use iam_domain::{
    audit::ChallengeRefusal,
    sign_in::email_challenge::{CODE_ATTEMPTS, EmailChallenge},
};
use iam_types::{EmailChallengeId, ErrorCode};
use subtle::ConstantTimeEq;

impl SignIn<'_> {
    /// Signs in with the six digits of the challenge `id` of this browser, or of the latest that it asked for here.
    ///
    /// # Errors
    /// [`ErrorCode::CodeWrong`], [`ErrorCode::CodeSpent`]; [`ErrorCode::CodeReplaced`] for the digits of an older mail;
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::RateLimited`].
    pub async fn redeem_code(
        self,
        ctx: &Ctx,
        id: Option<EmailChallengeId>,
        code: &str,
    ) -> Result<SignedIn, IamError> {
        self.core.limit_code_try(ctx).await?;
        let link = self.core.own_challenge(ctx, id).await?;
        let link = link.ok_or(ErrorCode::LinkInvalid)?;
        if link.code_attempts >= CODE_ATTEMPTS {
            return Err(ErrorCode::CodeSpent.into());
        }
        if !link.is_open(self.core.now()) && !link.can_be_repeated(self.core.now()) {
            return Err(ended(&link));
        }
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let right = bool::from(self.core.hash_code(link.id, &digits).ct_eq(&link.code_hash));
        if !self
            .core
            .deps
            .store
            .spend_code_attempt(link.id, CODE_ATTEMPTS)
            .await?
        {
            return Err(ErrorCode::CodeSpent.into());
        }
        if right {
            let id = link.id;
            let signed_in = self.core.finish(ctx, link).await?;
            // A second click needs its try too.
            self.core.deps.store.return_code_attempt(id).await?;
            return Ok(signed_in);
        }
        self.core
            .audit_refusal(ctx, &link, ChallengeRefusal::WrongCode)
            .await?;
        let spent = self.core.spend_wrong_code(ctx, &link).await?;
        Err(if spent || link.code_attempts + 1 >= CODE_ATTEMPTS {
            ErrorCode::CodeSpent
        } else if self.core.is_of_an_older_mail(&link, &digits).await? {
            ErrorCode::CodeReplaced
        } else {
            ErrorCode::CodeWrong
        }
        .into())
    }
}

impl Core {
    /// Whether these are the digits of a mail that this one replaced.
    async fn is_of_an_older_mail(&self, link: &EmailChallenge, digits: &str) -> Result<bool, IamError> {
        let older = self.deps.store.codes_replaced_by(link, self.now()).await?;
        Ok(older
            .iter()
            .any(|(id, hash)| self.hash_code(*id, digits).ct_eq(hash).into()))
    }
}
