//! Why somebody does not get in.

use crate::view::{Delivery, MemberCard, WorkspaceCard};
use serde::{Deserialize, Serialize};

/// What stands in somebody's way, or what their way is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finding {
    /// The platform's operator lets the member sign in nowhere.
    AccountDisabled,
    /// The member's last sign-in for an app, at this moment, counts no more.
    SignInTooOld(i64),
    /// The member's last sign-in for an app, at this moment, counts no more: its browser was silent for too long.
    SignInIdle(i64),
    /// The member's last sign-in for an app, at this moment, took one factor and counts no more.
    SecondFactorMissing(i64),
    /// The member's last sign-in for an app, at this moment, began by a method that counts no more.
    MethodRefused(i64),
    /// Their last sign-in to an app began with a passkey of an authenticator that does not count here.
    ModelRefused(i64),
    /// Nothing: the member is let in.
    LetIn,
    /// An invitation waits for them.
    Invited {
        /// Since when.
        sent_at: i64,
        /// How far its mail has come.
        delivery: Delivery,
    },
    /// They were invited, and it is too late to accept it.
    InvitationExpired,
    /// They were invited by somebody who could not invite them any more.
    InvitationVoid,
    /// They ask to join since this moment, and nobody has answered.
    Requested(i64),
    /// They are no member, and become one when they sign in.
    CanJoin,
    /// They are no member, and can ask to become one.
    CanAsk,
    /// They are no member, and only members are let in.
    MembersOnly,
    /// An app lets nobody in.
    AppDisabled(String),
}

/// What is known of why somebody does not get in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessCheck {
    /// What stands in their way, the most important first.
    pub findings: Vec<Finding>,
    /// After how many seconds a sign-in counts no more, if it ever does.
    pub sign_in_limit: Option<i64>,
    /// After how many seconds without a request a sign-in counts no more, if that matters.
    pub idle_limit: Option<i64>,
    /// Whether a sign-in counts in its own network alone.
    pub same_network: bool,
}

/// The page that says why an address does not get in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessCheckView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The address, as it is written properly.
    pub email: String,
    /// The member it belongs to.
    pub member: Option<MemberCard>,
    /// What is known.
    pub check: AccessCheck,
    /// Whether the viewer may invite people.
    pub may_invite: bool,
    /// The server's time.
    pub now: i64,
}
