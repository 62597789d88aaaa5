//! Apps, and what people see on the way to one.

use crate::{
    AppId, GrantId, SignInMethods,
    view::{Brand, ConnectionButton, Page, RoleCard, WorkspaceCard},
};
use serde::{Deserialize, Serialize};

/// Something that an app still may do in somebody's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSession {
    /// Which family of tokens.
    pub id: GrantId,
    /// The app.
    pub app: String,
    /// When they signed in for it.
    pub since: i64,
    /// Whether it goes on without a signed-in browser.
    pub offline: bool,
    /// The name of the browser in which they did so, empty when unknown.
    pub browser: String,
    /// Its operating system, empty when unknown.
    pub system: String,
    /// When the app last got tokens.
    pub last_used_at: i64,
}

/// Why somebody who is signed in is asked to sign in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WhyAgain {
    /// The app expects somebody else.
    AnotherPerson,
    /// They began by a method that does not count here.
    Method,
    /// They began with a passkey of an authenticator that does not count here.
    Model,
    /// They did so in another network.
    AnotherNetwork,
    /// Their browser was silent for too long.
    Idle,
    /// They did so too long ago.
    TooOld,
}

/// What a sign-in page shows of the workspace and the app that asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInView {
    /// How the workspace looks.
    pub brand: Brand,
    /// The app's name, when one asked.
    pub app: Option<String>,
    /// The address the app suggests (`login_hint`).
    pub login_hint: String,
    /// Providers through which people sign in.
    pub connections: Vec<ConnectionButton>,
    /// Methods that do not count here.
    pub refused: SignInMethods,
    /// Why the viewer, who is signed in, is asked again.
    pub why: Option<WhyAgain>,
}

/// What the consent page asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentView {
    /// How the workspace looks.
    pub brand: Brand,
    /// The app's name.
    pub app: String,
    /// Requested scopes.
    pub scopes: Vec<String>,
    /// Who would consent.
    pub email: String,
    /// The host that the person is sent back to.
    pub returns_to: String,
    /// Whether letting the app in makes them a member of the workspace.
    pub joins: bool,
    /// Ties the page to this person and request.
    pub shown_to: String,
}

/// An app in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppCard {
    /// Which one.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// `confidential` or `public`.
    pub client_type: String,
    /// When it was registered.
    pub created_at: i64,
    /// Whether it is shut off.
    pub disabled: bool,
}

/// The apps of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Its apps, the newest first.
    pub apps: Page<AppCard>,
    /// Whether the viewer may register one.
    pub may_create: bool,
    /// The server's time.
    pub now: i64,
}

/// An app's integration page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The app.
    pub app: AppCard,
    /// The workspace's issuer.
    pub issuer: String,
    /// The `aud` of its access tokens.
    pub audience: String,
    /// Registered redirect URIs.
    pub redirect_uris: Vec<String>,
    /// Signature algorithm of its ID tokens.
    pub id_token_alg: String,
    /// The last characters of the live secret, when there is one.
    pub secret_hint: Option<String>,
    /// What members can be to it; they reach its tokens as the claim `roles`.
    pub roles: Vec<RoleCard>,
    /// Whether the viewer may change it.
    pub may_update: bool,
}

/// What would come of a sign-in to an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInOutcome {
    /// The app gets its tokens without a question.
    Allowed,
    /// The person is asked first what the app may have.
    Consent,
    /// The person is asked first, and becomes a member.
    Joins,
    /// The person has to request access and wait.
    Ask,
    /// The person is no member and there is no way in.
    NotMember,
    /// The person has to sign in again.
    SignInAgain,
    /// Nobody can sign in to the app.
    Disabled,
}

impl SignInOutcome {
    /// Whether the app gets tokens in the end.
    pub const fn gives_tokens(self) -> bool {
        matches!(self, Self::Allowed | Self::Consent | Self::Joins)
    }
}

/// What an app would get if the viewer signed in to it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestSignInView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The app.
    pub app: AppCard,
    /// Who would sign in.
    pub email: String,
    /// The scopes that are asked for: all there are.
    pub scopes: Vec<String>,
    /// What would come of it.
    pub outcome: SignInOutcome,
    /// The claims that the app would get, if it would.
    pub claims: Option<TestClaims>,
    /// The server's time.
    pub now: i64,
}

/// Claims as an app reads them, each set as a JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestClaims {
    /// Of the ID token, but for those that only a real request brings: `nonce` and `at_hash`.
    pub id_token: String,
    /// From the userinfo endpoint.
    pub userinfo: String,
}
