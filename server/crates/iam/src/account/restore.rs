//! Putting an address back that was removed, from the mail that told of it.

use crate::{
    Ctx, IamError,
    account::Account,
    core::{Core, secret::SecretKind},
    ctx::Acting,
    port::SecurityChange,
};
use iam_domain::{account::address::RemovedAddress, audit::Told};
use iam_store::account::address::Claimed;
use iam_types::{ErrorCode, RemovedAddressId, WorkspaceId};
use subtle::ConstantTimeEq;

/// What the link of such a mail names.
#[derive(Debug, Clone, Copy)]
pub struct Restoring<'a> {
    /// Which removal.
    pub removed: RemovedAddressId,
    /// What only the mail has.
    pub key: &'a str,
}

impl Account<'_> {
    /// The address that a link of such a mail puts back. Looks only: mail scanners follow links too.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`]; [`ErrorCode::NotFound`] at a workspace's own host.
    pub async fn inspect_restoring(self, ctx: &Ctx, link: Restoring<'_>) -> Result<String, IamError> {
        let removed = self.core.removed_by(ctx, link).await?;
        Ok(removed.address.to_string())
    }

    /// Puts the address back on the account that it was removed from. Who does so need not be signed in: they have the mail,
    /// as those who sign in by mail do. Once more does nothing more.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::RateLimited`], [`ErrorCode::TooMany`]; [`ErrorCode::NotFound`] at a
    /// workspace's own host.
    pub async fn restore_address(self, ctx: &Ctx, link: Restoring<'_>) -> Result<(), IamError> {
        let removed = self.core.removed_by(ctx, link).await?;
        self.core.limit_code_try(ctx).await?;
        let (person, address) = (removed.user_id, &removed.address);
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        match tx
            .claim_address(person, address, removed.verified_at, self.core.now())
            .await?
        {
            Claimed::Now => {}
            Claimed::Already => return Ok(()),
            Claimed::Taken => return Err(ErrorCode::AddressTaken.into()),
            Claimed::TooMany => return Err(ErrorCode::TooMany.into()),
        }
        if let Some(user) = tx.user(person).await? {
            let change = SecurityChange::AddressAdded;
            self.core
                .tell_of_address(&mut tx, ctx, &user.email, change, address)
                .await?;
        }
        let told = Told::address_restored(person, &self.core.pseudonym(address.as_str()));
        self.core.commit(tx, Acting::User(person, ctx), told).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }
}

impl Core {
    /// The removal of a link, if the link is ours and not too old.
    async fn removed_by(&self, ctx: &Ctx, link: Restoring<'_>) -> Result<RemovedAddress, IamError> {
        if ctx.custom_domain.is_some() {
            return Err(ErrorCode::NotFound.into());
        }
        let removed = self.deps.store.removed_address(link.removed).await?;
        let presented = self.hash_secret(SecretKind::RestoreAddress, link.key);
        removed
            .zip(presented)
            .filter(|(removed, presented)| {
                presented
                    .ct_eq(
                        self.restore_key(removed.id, removed.user_id, &removed.address)
                            .hash(),
                    )
                    .into()
            })
            .map(|(removed, _)| removed)
            .filter(|removed| self.now() < removed.restorable_until)
            .ok_or(ErrorCode::LinkInvalid.into())
    }
}
