//! A workspace and a person's place in it.

use crate::{core::text::stored_as_text, sign_in::policy::SignInPolicy};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{Role, Slug, WorkspaceId};

/// Who may sign in to a workspace's apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Only people who are members already.
    Members,
    /// Whoever proves an address may ask to become one.
    Requests,
    /// Whoever proves an address joins as a member.
    Open,
}

stored_as_text!(Admission { Members = "members", Requests = "requests", Open = "open" });

/// Who may create workspaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// Whoever signs in.
    Everybody,
    /// Operators of the platform.
    Operators,
}

stored_as_text!(Creation { Everybody = "everybody", Operators = "operators" });

/// How long an ended workspace can be taken back.
pub const GRACE: TimeDelta = TimeDelta::days(30);
/// How long an offered ownership stands.
pub const OFFER_LIFETIME: TimeDelta = TimeDelta::days(7);

/// A workspace's settings.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Which one.
    pub id: WorkspaceId,
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Who may sign in to its apps.
    pub admission: Admission,
    /// What it asks of a sign-in.
    pub asks: SignInPolicy,
    /// What the platform asks of each sign-in, in all workspaces.
    pub platform_asks: SignInPolicy,
}

impl Workspace {
    /// What a sign-in takes that enters it.
    pub fn sign_in_policy(&self) -> SignInPolicy {
        self.asks.and(self.platform_asks)
    }
}

/// A workspace as one of its members sees it.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The workspace.
    pub workspace: Workspace,
    /// The person's role in it.
    pub role: Role,
    /// Why it is suspended, if it is.
    pub suspended: Option<String>,
    /// When it will be deleted, if it will.
    pub delete_after: Option<DateTime<Utc>>,
}

/// Whether a workspace can be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It can.
    Open,
    /// The operator has suspended it.
    Suspended,
    /// An owner is deleting it, and can still change their mind.
    Ending,
    /// It is deleted. Its slug stays taken.
    Deleted,
}

impl State {
    /// Of a workspace of which all this is stored: what ends it for good outweighs what does so for a while.
    pub const fn of(suspended: bool, ending: bool, deleted: bool) -> Self {
        match (deleted, ending, suspended) {
            (true, _, _) => Self::Deleted,
            (_, true, _) => Self::Ending,
            (_, _, true) => Self::Suspended,
            _ => Self::Open,
        }
    }
}

/// A workspace's line in the directory.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Which one.
    pub id: WorkspaceId,
    /// Whether it can be entered.
    pub state: State,
}

/// A workspace as operators see it.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Which one.
    pub id: WorkspaceId,
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Why it is suspended, if it is.
    pub suspended: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_can_be_stricter_than_the_platform_and_never_laxer() {
        let hours = |hours| Some(TimeDelta::hours(hours));
        let policy = |max_age| SignInPolicy {
            max_age,
            ..SignInPolicy::default()
        };
        let limit = |wanted, ceiling| policy(wanted).and(policy(ceiling)).max_age;
        assert_eq!(limit(hours(1), hours(8)), hours(1));
        assert_eq!(limit(hours(24), hours(8)), hours(8));
        assert_eq!(limit(None, hours(8)), hours(8));
        assert_eq!(limit(hours(24), None), hours(24));
        assert_eq!(limit(None, None), None);
    }
}
