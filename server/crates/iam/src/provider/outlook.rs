//! What stands between a person who is signed in and an app: nothing of it is carried out here.

use crate::{Actor, Ctx, IamError, core::Core, members::joining::JoinPath};
use iam_domain::provider::authorization::Authorization;
use iam_store::{WorkspaceTx, provider::visit::Visit};
use iam_types::{ErrorCode, UserId};

/// What a request comes to.
pub(super) enum Outlook {
    /// The person can ask to become a member.
    Ask,
    /// The person must be asked.
    Consent {
        /// Whether allowing it makes them a member.
        joins: bool,
    },
    /// The app gets a code.
    Code,
}

/// How a person may come into a workspace.
#[derive(Clone, Copy)]
pub(super) enum WayIn {
    /// They are in.
    Member,
    /// By saying so; says by what, for the log.
    Joins(&'static str),
    /// By asking.
    Asks,
}

impl Core {
    /// What the request of an accepted person comes to.
    ///
    /// # Errors
    /// [`ErrorCode::NotMember`] when the workspace admits members only.
    pub(super) async fn outlook(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        actor: &Actor,
        request: &Authorization,
        visit: &Visit,
    ) -> Result<Outlook, IamError> {
        match self.way_in(tx, ctx, actor.user.id, visit).await? {
            WayIn::Member => {}
            WayIn::Joins(_) => return Ok(Outlook::Consent { joins: true }),
            WayIn::Asks => return Ok(Outlook::Ask),
        }
        Ok(if request.ask_consent || !is_silent(request, visit) {
            Outlook::Consent { joins: false }
        } else {
            Outlook::Code
        })
    }

    /// How the person may come in: only what they say on the consent page makes them a member.
    pub(super) async fn way_in(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
        visit: &Visit,
    ) -> Result<WayIn, IamError> {
        if visit.role.is_some() {
            return Ok(WayIn::Member);
        }
        match self.join_path_for(tx, person).await? {
            JoinPath::Closed => {
                ctx.denials.add(tx.workspace_id(), person, "not_admitted", None);
                Err(ErrorCode::NotMember.into())
            }
            JoinPath::Ask => Ok(WayIn::Asks),
            JoinPath::Open(by) => Ok(WayIn::Joins(by)),
        }
    }
}

/// Whether the app is what it says, and the person let it have all that it asks for before.
pub(super) fn is_silent(request: &Authorization, visit: &Visit) -> bool {
    visit.app.is_assured_at(&request.redirect_uri) && visit.consented.covers(&request.scopes)
}
