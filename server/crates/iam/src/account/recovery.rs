//! A recovery that others began of the viewer's account.

use crate::{Ctx, IamError, account::Account};
use iam_types::{ErrorCode, RecoveryId};

impl Account<'_> {
    /// Stops it, or objects to it where operators began it. Once more does nothing more.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is not theirs or gone.
    pub async fn stop_recovery(self, ctx: &Ctx, id: RecoveryId) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        let recovery = self.core.deps.store.recovery_of(person).await?;
        let recovery = recovery.filter(|recovery| recovery.id == id);
        let recovery = recovery.ok_or(ErrorCode::NotFound)?;
        self.core.say_no_to_recovery(ctx, &recovery).await
    }
}
