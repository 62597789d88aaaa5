//! A person’s own account.

use super::{EventRow, Page, RecoveryCard};
use crate::{AddressChallengeId, AppId, PasskeyId, SessionId, Slug, TrustedBrowserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Where their picture is, if they have one.
    pub picture: Option<String>,
    /// Language tag, empty for as it comes.
    pub locale: String,
    /// Name of a time zone, empty for none chosen.
    pub time_zone: String,
}

/// A signed-in browser in the account's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Which one.
    pub id: SessionId,
    /// Browser name, empty when unknown.
    pub browser: String,
    /// Operating system, empty when unknown.
    pub system: String,
    /// Client address.
    pub client_ip: String,
    /// Roughly where that is, empty when unknown.
    pub place: String,
    /// How the person proved who they are (RFC 8176).
    pub amr: Vec<String>,
    /// When it signed in.
    pub created_at: i64,
    /// When it was last used.
    pub last_seen_at: i64,
    /// Whether it is the viewer's own.
    pub current: bool,
}

/// Where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsView {
    /// Signed-in browsers, the latest used first.
    pub sessions: Vec<SessionView>,
    /// The server's time, so that both halves of the page say the same "3 minutes ago".
    pub now: i64,
}

/// A passkey in the account's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyView {
    /// Which one.
    pub id: PasskeyId,
    /// What the person calls it.
    pub name: String,
    /// Whether whoever makes its authenticator said that it is of the model that it says.
    pub attested: bool,
    /// Whether the person's other devices have it too.
    pub synced: bool,
    /// Whether somebody may have a copy, so that it signs in no more.
    pub suspected: bool,
    /// When it was added.
    pub created_at: i64,
    /// When it was last used, if ever.
    pub last_used_at: Option<i64>,
}

/// Two-step verification that is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoStepView {
    /// Since when.
    pub confirmed_at: i64,
    /// When a code of the app was last used, if ever.
    pub last_used_at: Option<i64>,
    /// How many recovery codes wait to be used.
    pub recovery_codes: usize,
}

/// An authenticator app that is being set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpSetUpView {
    /// Which set-up it is.
    pub set_up: Uuid,
    /// The key, in groups of four.
    pub key: String,
    /// What the QR code says.
    pub uri: String,
    /// How many squares the QR code has in a row.
    pub size: usize,
    /// The path of its dark squares.
    pub picture: String,
}

/// A password that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordView {
    /// Since when.
    pub set_at: i64,
    /// When it was last used, if ever.
    pub last_used_at: Option<i64>,
    /// Whether it signs them in no more, until they choose another.
    pub must_change: bool,
}

/// What the page of the password shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPageView {
    /// Primary address, for password managers.
    pub email: String,
    /// The password that there is.
    pub password: Option<PasswordView>,
    /// Whether it can be changed in this session.
    pub recent: bool,
    /// Whether it could be, but for the second factor.
    pub lacks_factor: bool,
    /// The server's time.
    pub now: i64,
}

/// A browser in which the person is not asked for a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedBrowserView {
    /// Which one.
    pub id: TrustedBrowserId,
    /// Browser name, empty when unknown.
    pub browser: String,
    /// Operating system, empty when unknown.
    pub system: String,
    /// When the code was proved there.
    pub trusted_at: i64,
    /// When it last stood for that.
    pub last_used_at: i64,
}

/// How the person signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityView {
    /// The address that sign-in mails go to.
    pub email: String,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Two-step verification, if it is on.
    pub two_step: Option<TwoStepView>,
    /// The password, if there is one.
    pub password: Option<PasswordView>,
    /// Whether the session began with a password alone, which changes none of the others.
    pub by_password: bool,
    /// The browsers in which no code is asked for.
    pub trusted: Vec<TrustedBrowserView>,
    /// A recovery that others began.
    pub recovery: Option<RecoveryCard>,
    /// Whether the sign-in is so recent that all of that can be changed.
    pub recent: bool,
    /// Whether it is, but lacks the second factor.
    pub lacks_factor: bool,
    /// Whether this server can have passkeys at all: not where its address is no name.
    pub available: bool,
    /// The server's time.
    pub now: i64,
}

/// An address in the account's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressView {
    /// The address.
    pub address: String,
    /// Whether it is the one that mails go to and that others see.
    pub primary: bool,
    /// When it was verified.
    pub verified_at: i64,
}

/// An address that waits for its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingAddress {
    /// Its mail.
    pub challenge: AddressChallengeId,
    /// The address.
    pub address: String,
    /// Whether that mail could not be delivered.
    pub undelivered: bool,
}

/// A person's addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressesView {
    /// The verified ones, the primary first.
    pub addresses: Vec<AddressView>,
    /// Those that wait for their code in this session.
    pub pending: Vec<PendingAddress>,
    /// Whether the sign-in is so recent that they can be changed.
    pub recent: bool,
    /// The server's time.
    pub now: i64,
}

/// A workspace that would be without an owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedWorkspace {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// How the viewer's account can end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionView {
    /// Primary address.
    pub email: String,
    /// When it ends, if the person wants that.
    pub due_at: Option<i64>,
    /// The workspaces that need another owner first.
    pub owned: Vec<OwnedWorkspace>,
    /// Whether the sign-in is so recent that it can be ended.
    pub recent: bool,
}

/// An app that a person let have something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedApp {
    /// Which one.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Its workspace.
    pub slug: Slug,
    /// The name of that.
    pub workspace: String,
    /// What it may have, by the wire names of scopes.
    pub scopes: Vec<String>,
    /// Since when.
    pub since: i64,
    /// When it was used last, if that is known.
    pub last_used_at: Option<i64>,
}

/// What a person let apps have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAppsView {
    /// The apps, workspace by workspace.
    pub apps: Vec<ConnectedApp>,
    /// The server's time.
    pub now: i64,
}

/// Which of a person's sessions ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndedSessions {
    /// That of the browser that asked.
    Own,
    /// That of another browser.
    Another,
    /// All but that of the browser that asked.
    Others,
    /// Those that were not used for the longest.
    Oldest,
    /// All.
    All,
}

/// Something that happened with a person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    /// What; of what others did, neither who nor from where.
    pub event: EventRow,
    /// Whether it was the person.
    pub own: bool,
    /// Which sessions ended, where that is what happened.
    pub ended: Option<EndedSessions>,
}

/// What happened with a person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityView {
    /// The events, the latest first.
    pub events: Page<ActivityRow>,
    /// The server's time.
    pub now: i64,
}
