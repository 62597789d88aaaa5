//! The platform, as operators see it.

use crate::{
    Role, Slug, UserId,
    view::{ModelsView, Page, RecoveryView, SessionView, SignInPolicyView},
};
use serde::{Deserialize, Serialize};

/// The reason of a suspension that no operator gave: nobody who owns the workspace can sign in. Pages put it into words.
pub const OWNERLESS: &str = "no_owner";

/// Somebody of the operator's support who looked at a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportVisit {
    /// Primary address.
    pub email: String,
    /// When first.
    pub at: i64,
}

/// A time during which support may look at a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportWindow {
    /// Why.
    pub reason: String,
    /// Primary address of who lets it in.
    pub opened_by: String,
    /// When that ends.
    pub expires_at: i64,
    /// Who came.
    pub visits: Vec<SupportVisit>,
}

/// A person as operators see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCard {
    /// Which one.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Where their picture is, if they have one.
    pub picture: Option<String>,
    /// Since when they are known.
    pub created_at: i64,
    /// Whether they may not sign in.
    pub disabled: bool,
}

/// People, as operators see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersView {
    /// Those that were asked for, by address.
    pub people: Page<UserCard>,
    /// The server's time.
    pub now: i64,
}

/// A workspace that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserWorkspace {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Their role there.
    pub role: Role,
    /// Whether it is the platform itself.
    pub is_platform: bool,
}

/// A person's page for operators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// Who.
    pub person: UserCard,
    /// In which browsers they are signed in.
    pub sessions: Vec<SessionView>,
    /// Where they are a member.
    pub workspaces: Vec<UserWorkspace>,
    /// Whether the viewer may disable them and end their sessions.
    pub may_update: bool,
    /// How they can be recovered, for who may.
    pub recovery: Option<RecoveryView>,
    /// The server's time.
    pub now: i64,
}

/// How the platform is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthView {
    /// Version of this server.
    pub version: String,
    /// Version of PostgreSQL.
    pub database_version: String,
    /// How long it took to answer, in microseconds.
    pub database_micros: i64,
    /// Bytes of the database.
    pub database_size: i64,
    /// The day by which there is newer metadata of authenticators than the operator's, and whether that is over.
    pub models_until: Option<(String, bool)>,
    /// Whether what nodes share for limits answers.
    pub limiter_answers: bool,
    /// Workspaces.
    pub workspaces: i64,
    /// Those of them that are suspended.
    pub suspended: i64,
    /// People.
    pub people: i64,
    /// Signed-in browsers.
    pub sessions: i64,
    /// Mails that wait.
    pub mails_waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest_mail: Option<i64>,
    /// Mails that were given up in the last days.
    pub mails_failed: i64,
    /// Why mails were given up or wait for another try, the most frequent reason first: codes or classes, and how many.
    pub mail_reasons: Vec<(String, i64)>,
    /// The server's time.
    pub now: i64,
}

/// A workspace as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformWorkspace {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// Why it is suspended, if it is.
    pub suspended: Option<String>,
}

/// All workspaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformView {
    /// Those that were asked for, the newest first.
    pub workspaces: Page<PlatformWorkspace>,
    /// The server's time.
    pub now: i64,
}

/// A workspace's own host, as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedHostView {
    /// Its name.
    pub host: String,
    /// Whether passkeys of the platform work there.
    pub passkeys: bool,
    /// How many names, as browsers count them, have hosts at which they do.
    pub used: usize,
    /// How many can.
    pub most: usize,
    /// Whether this one could too.
    pub has_room: bool,
    /// Whether the viewer may decide it.
    pub may_update: bool,
}

/// A workspace's page for operators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformWorkspaceView {
    /// The workspace.
    pub workspace: PlatformWorkspace,
    /// Its issuer.
    pub issuer: String,
    /// Whether the viewer may suspend and resume it.
    pub may_suspend: bool,
    /// Whether nobody who owns it can sign in.
    pub ownerless: bool,
    /// Whether the viewer may appoint an owner while that is so.
    pub may_appoint: bool,
    /// Its own host, if it has one and passkeys can be.
    pub host: Option<RelatedHostView>,
    /// Until when, and why, the viewer may look into it as support.
    pub support: Option<SupportWindow>,
    /// The server's time.
    pub now: i64,
}

/// A mail caught in development.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaughtMail {
    /// Receiver.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// When it was sent.
    pub sent_at: i64,
}

/// What the platform decides for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformSettingsView {
    /// Who may create workspaces: `everybody` or `operators`.
    pub creation: String,
    /// Who may sign in to a new workspace's apps: `members`, `requests` or `open`.
    pub default_admission: String,
    /// The most members that a workspace may have, empty for no ceiling.
    pub members_ceiling: String,
    /// The most apps that a workspace may have, empty for no ceiling.
    pub apps_ceiling: String,
    /// The most browsers in which a person may be signed in, empty for no ceiling.
    pub sessions_ceiling: String,
    /// For how many days a browser may be trusted, `0` for never.
    pub trust_days: String,
    /// What each sign-in takes that enters a workspace.
    pub sign_in: SignInPolicyView,
    /// Which models of authenticators count in all workspaces, where there is what tells of them.
    pub models: Option<ModelsView>,
    /// Whether the viewer may change it.
    pub may_update: bool,
}
