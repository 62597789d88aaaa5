//! Signing in with the six digits of a mail.

use crate::{
    Ctx, IamError,
    core::Core,
    ctx::Acting,
    sign_in::{SignIn, arrival::SignInStep, email_challenge::ended},
};
use iam_domain::{
    audit::{ChallengeRefusal, Told},
    sign_in::email_challenge::{CODE_ATTEMPTS, EmailChallenge},
};
use iam_types::{EmailChallengeId, ErrorCode, digit};
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
    ) -> Result<SignInStep, IamError> {
        self.core.limit_code_try(ctx).await?;
        let link = self.core.own_challenge(ctx, id).await?;
        let link = link.ok_or(ErrorCode::LinkInvalid)?;
        if link.code_attempts >= CODE_ATTEMPTS {
            return Err(ErrorCode::CodeSpent.into());
        }
        if !link.is_open(self.core.now()) && !link.can_be_repeated(self.core.now()) {
            return Err(ended(&link));
        }
        let digits: String = code
            .chars()
            .map(digit::ascii)
            .filter(char::is_ascii_digit)
            .collect();
        let right = bool::from(self.core.hash_code(link.id, &digits).ct_eq(&link.code_hash));
        // Asked before there is a transaction: nobody waits for a second connection with one in hand.
        let replaced = !right && self.core.is_of_an_older_mail(&link, &digits).await?;
        let mut tx = self.core.at_challenge(&link).await?;
        if !tx.spend_code_attempt(link.id, CODE_ATTEMPTS).await? {
            return Err(ErrorCode::CodeSpent.into());
        }
        if right {
            // A second click needs its try too.
            tx.return_code_attempt(link.id).await?;
            return self.core.finish(tx, ctx, link).await;
        }
        let spent = self.core.spend_wrong_code(&mut tx, ctx, &link).await?;
        let code = if spent || link.code_attempts + 1 >= CODE_ATTEMPTS {
            ErrorCode::CodeSpent
        } else if replaced {
            ErrorCode::CodeReplaced
        } else {
            ErrorCode::CodeWrong
        };
        let told = Told::magic_link_refused(link.id, ChallengeRefusal::WrongCode);
        self.core.refuse(tx, Acting::Unknown(ctx), told, code).await
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
