//! When a session lives.

use crate::sign_in::decision::Proof;
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{ConnectionId, SessionId, Slug, UserId, WorkspaceId};
use uuid::Uuid;

/// A session ends this long after its last use.
pub const IDLE: TimeDelta = TimeDelta::days(3);
/// A session ends this long after sign-in, used or not.
pub const ABSOLUTE: TimeDelta = TimeDelta::days(30);
/// What only owners may do, and what makes one, takes a sign-in not older than this.
pub const RECENT: TimeDelta = TimeDelta::minutes(15);
/// A sign-in can be taken back by the mail that told of it for this long.
pub const DISOWNED_WITHIN: TimeDelta = TimeDelta::days(7);
/// A person is signed in in at most so many browsers, however many operators allow.
pub const MOST: i32 = 200;
/// The last use is written down at most this often, so that reading pages does not mean writing rows.
pub const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The provider through which somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    /// Whose connection it is.
    pub workspace_id: WorkspaceId,
    /// That workspace's slug.
    pub slug: Slug,
    /// Which one.
    pub connection_id: ConnectionId,
}

impl Through {
    /// Whether whoever runs it is believed in one workspace alone. The platform's own are believed by everybody.
    pub fn confines(&self) -> bool {
        self.workspace_id != WorkspaceId::PLATFORM
    }
}

/// A signed-in browser.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// How the person proved who they are (RFC 8176).
    pub amr: Vec<String>,
    /// The browser's `User-Agent`.
    pub user_agent: String,
    /// The client address at sign-in.
    pub client_ip: String,
    /// When the browser signed in.
    pub created_at: DateTime<Utc>,
    /// When the person last proved who they are.
    pub authenticated_at: DateTime<Utc>,
    /// When it was last used.
    pub last_seen_at: DateTime<Utc>,
    /// The longest time for which it was not used since the person last proved who they are, up to the last use.
    pub longest_idle: TimeDelta,
    /// The absolute end.
    pub expires_at: DateTime<Utc>,
    /// Through which provider it began, if through one.
    pub through: Option<Through>,
    /// The model of the authenticator whose passkey began it, if that was shown.
    pub model: Option<Uuid>,
}

impl Session {
    /// Whether it counts everywhere. One that a workspace's provider vouched for counts in that workspace alone: whoever runs the
    /// provider could begin it by themselves.
    pub fn is_whole(&self) -> bool {
        !self.through.as_ref().is_some_and(Through::confines)
    }

    /// Whether it counts in the workspace `slug`.
    pub fn counts_in(&self, slug: &Slug) -> bool {
        self.through
            .as_ref()
            .is_none_or(|through| !through.confines() || through.slug == *slug)
    }

    /// Whether it is neither idle for too long nor past its absolute end.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now < self.last_seen_at + IDLE
    }

    /// What its person has proved, where it is used now, `elsewhere` than in the network of the sign-in or not.
    pub fn proof(&self, now: DateTime<Utc>, elsewhere: bool) -> Proof<'_> {
        Proof {
            person: self.user_id,
            amr: &self.amr,
            at: self.authenticated_at,
            idle: self.longest_idle.max(now - self.last_seen_at),
            elsewhere,
            model: self.model,
        }
    }

    /// Whether the last use should be written down again.
    pub fn needs_touch(&self, now: DateTime<Utc>) -> bool {
        now - self.last_seen_at >= TOUCH_EVERY
    }
}
