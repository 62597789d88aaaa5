//! Stand-in until merged.
use crate::{Ctx, IamError, core::Core, sign_in::arrival::SignedIn};
use iam_domain::sign_in::pending::PendingSignIn;
use iam_store::WorkspaceTx;
use iam_types::{ErrorCode, UserId};

pub(super) struct Offered;

impl Core {
    pub(crate) async fn has_second_factor(
        &self,
        _tx: &mut WorkspaceTx,
        _person: UserId,
    ) -> Result<bool, IamError> {
        Ok(false)
    }
    pub(super) async fn offered_factor(&self, _person: UserId, _code: &str) -> Result<Offered, IamError> {
        Ok(Offered)
    }
    pub(super) async fn spend_factor(
        &self,
        _tx: &mut WorkspaceTx,
        _ctx: &Ctx,
        _person: UserId,
        _offered: &Offered,
    ) -> Result<bool, IamError> {
        Ok(false)
    }
    pub(super) async fn refuse_second_factor(
        &self,
        _ctx: &Ctx,
        _pending: &PendingSignIn,
        _offered: &Offered,
    ) -> Result<SignedIn, IamError> {
        Err(ErrorCode::SecondFactorWrong.into())
    }
}
