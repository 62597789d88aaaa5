//! Ending all that lets a person in, everywhere at once. Nothing of it comes back: whoever may sign in again does so anew.

use crate::{Ctx, IamError, core::Core, ctx::Acting};
use iam_domain::audit::{Ended, Told};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::{PendingSignInId, UserId, WorkspaceId};

/// What of somebody ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// What lets them, or apps in their name, in.
    Credentials,
    /// That, and what they offered to others.
    Everything,
    /// What lets them in, but for the sign-in by which they come back.
    AllBut(PendingSignInId),
}

impl Core {
    /// Ends the steps of sign-ins that are under way, but for one that is `kept`. A sign-in that is being finished holds its step before
    /// the person's row: whoever changes that row takes these first, so that nobody waits for ever.
    pub(crate) async fn end_steps_under_way(
        &self,
        tx: &mut WorkspaceTx,
        id: UserId,
        kept: Option<PendingSignInId>,
    ) -> Result<(), IamError> {
        tx.delete_challenges_of(id).await?;
        tx.hold_password(id).await?;
        tx.void_passkey_challenges_of(id, self.now()).await?;
        Ok(tx.delete_pending_sign_ins_of(id, kept).await?)
    }

    /// Ends mails, passkey challenges and second factors under way, sessions and families of tokens of `id`; each workspace's log is to tell
    /// of what ended there. The order matters: a sign-in that is being finished leaves a session that is ended next, a code that is being
    /// issued to a session leaves a family that is ended last. Returns the transaction in the platform.
    pub(crate) async fn end_what_lets_in(
        &self,
        ctx: &Ctx,
        mut tx: WorkspaceTx,
        (id, by): (UserId, Ended),
        what: Ending,
    ) -> Result<(WorkspaceTx, Vec<Event>), IamError> {
        let now = self.now();
        let acting = match by {
            Ended::ByOperator => Acting::User(ctx.actor()?.user.id, ctx),
            Ended::ByPerson | Ended::ByMail | Ended::ByRecovery => Acting::User(id, ctx),
        };
        let kept = match what {
            Ending::AllBut(pending) => Some(pending),
            Ending::Credentials | Ending::Everything => None,
        };
        self.end_steps_under_way(&mut tx, id, kept).await?;
        tx.drop_new_totp_seed(id).await?;
        tx.forget_trusted_browsers_of(id).await?;
        tx.mark_everything_ended(id, now).await?;
        tx.delete_sessions_of(id).await?;
        // Who takes a sign-in back by mail, or comes back by a recovery, first gets back what was removed since.
        if !matches!(by, Ended::ByMail | Ended::ByRecovery) {
            tx.forget_young_removals_of(id).await?;
        }
        let mut events = Vec::new();
        for (workspace, _) in tx.memberships_of(id).await? {
            tx = tx.switch_workspace(workspace).await?;
            if what == Ending::Everything {
                tx.withdraw_offers_of(id, now).await?;
            }
            let families = tx.revoke_grants_of(id, now).await?;
            if families > 0 {
                let told = Told::grants_ended(id, by, families);
                let event = self.event(&mut tx, acting, told).await?;
                events.push(event);
            }
        }
        Ok((tx.switch_workspace(WorkspaceId::PLATFORM).await?, events))
    }
}
