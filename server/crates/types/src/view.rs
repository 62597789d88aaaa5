//! What pages show. Times are Unix seconds; no view ever carries a secret, but for the one shown once.

use crate::{
    AppId, GrantId, GroupId, InvitationId, Permission, Permissions, Role, RoleId, SessionId, Slug, UserId,
};
use serde::{Deserialize, Serialize};

/// Who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
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
    /// When it signed in.
    pub created_at: i64,
    /// When it was last used.
    pub last_seen_at: i64,
    /// Whether it is the viewer's own.
    pub current: bool,
}

/// The account overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Whose.
    pub viewer: Viewer,
    /// Signed-in browsers, the latest first.
    pub sessions: Vec<SessionView>,
    /// The server's time, so that both halves of the page say the same "3 minutes ago".
    pub now: i64,
}

/// A workspace the viewer belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceCard {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The viewer's role in it.
    pub role: Role,
    /// All that the viewer may do in it; empty where workspaces are only listed.
    pub may: Permissions,
    /// Why the operator has suspended it, if so.
    pub suspended: Option<String>,
    /// When everything in it will be deleted, if an owner wants that.
    pub delete_after: Option<i64>,
    /// Until when the viewer looks at it as the operator's support, if that is what they are.
    pub support_until: Option<i64>,
}

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
pub struct PersonCard {
    /// Which one.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Since when they are known.
    pub created_at: i64,
    /// Whether they may not sign in.
    pub disabled: bool,
}

/// People, as operators see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    /// Those that were asked for, by address.
    pub people: Page<PersonCard>,
    /// The server's time.
    pub now: i64,
}

/// A workspace that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonWorkspace {
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
pub struct PersonView {
    /// Who.
    pub person: PersonCard,
    /// How many browsers are signed in.
    pub sessions: i64,
    /// Where they are a member.
    pub workspaces: Vec<PersonWorkspace>,
    /// Whether the viewer may disable them and end their sessions.
    pub may_update: bool,
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
    /// The server's time.
    pub now: i64,
}

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
}

/// Members that were picked from a list, to change them together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Who was picked.
    pub members: Vec<MemberCard>,
    /// The roles that the viewer may give to all of them.
    pub givable: Vec<Role>,
    /// The groups that the viewer may put them into.
    pub groups: Vec<GroupCard>,
    /// Whether the viewer may take all of them out.
    pub may_remove: bool,
    /// The server's time.
    pub now: i64,
}

/// Ownership of a workspace that is offered to the viewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingOffer {
    /// Who offers it.
    pub from: UserId,
    /// The workspace's address.
    pub slug: Slug,
    /// The workspace's name.
    pub workspace: String,
    /// Address of who offers it.
    pub from_email: String,
}

/// A domain that a workspace claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCard {
    /// Which one, in punycode.
    pub name: String,
    /// Where its proof must stand in DNS.
    pub record_name: String,
    /// What the proof is.
    pub record_value: String,
    /// Whether it is proved.
    pub verified: bool,
    /// When the proof was last looked at.
    pub checked_at: Option<i64>,
    /// Since when a proof that once stood there is missing.
    pub failing_since: Option<i64>,
    /// Who may join by it: `nobody`, `requests` or `everybody`.
    pub joining: String,
    /// Whether it is the workspace's own host.
    pub is_host: bool,
}

/// The domains of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those that it claims, by name.
    pub domains: Vec<DomainCard>,
    /// Whether the viewer may change them.
    pub may_update: bool,
    /// The server's time.
    pub now: i64,
}

/// How somebody who is no member may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DoorState {
    /// At once.
    Open,
    /// By asking.
    Ask,
    /// They have asked and wait.
    Asked,
}

/// A workspace that the viewer could join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachableWorkspace {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// How.
    pub state: DoorState,
}

/// A workspace as somebody sees it who could join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorView {
    /// Its name.
    pub workspace: String,
    /// The viewer's address.
    pub email: String,
    /// How they may come in.
    pub state: DoorState,
}

/// Somebody who asks to join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequestCard {
    /// Who.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Since when.
    pub asked_at: i64,
}

/// How a workspace looks to those who sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// The workspace's name.
    pub name: String,
    /// Address of its logo on this server.
    pub logo: Option<String>,
    /// Address of its colours on this server, as a style sheet.
    pub style: Option<String>,
    /// What it says to those who sign in, empty for nothing.
    pub login_text: String,
    /// Where they get help, empty for nowhere.
    pub support: String,
}

/// The page where a workspace's look is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandingView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// How it looks now.
    pub brand: Brand,
    /// Its accent colour, `#rrggbb`, or empty for ours.
    pub accent: String,
    /// Whether the viewer may change it.
    pub may_update: bool,
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

/// A part of a long list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The first `size` of `rows`, of which one more was asked for to know whether a page follows; `cursor` names the
    /// row that ends this one.
    pub fn cut<R>(
        mut rows: Vec<R>,
        size: usize,
        cursor: impl Fn(&R) -> String,
        shown: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more).map(cursor);
        Self {
            rows: rows.into_iter().map(shown).collect(),
            next,
        }
    }
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

/// A workspace's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceSettingsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// `members`, `requests` or `open`.
    pub admission: String,
    /// How old a sign-in may be, in seconds; empty for as old as a session gets.
    pub sign_in_max_age: String,
    /// Until when, and why, the operator's support may look.
    pub support: Option<SupportWindow>,
    /// Whom the viewer has offered their ownership to.
    pub offered_to: Option<String>,
    /// The server's time.
    pub now: i64,
    /// Whether the viewer may change it.
    pub may_update: bool,
}

/// A member in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCard {
    /// The person.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub joined_at: i64,
    /// Whether it is the viewer.
    pub own: bool,
}

/// The members of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those that were asked for.
    pub members: Page<MemberCard>,
    /// How many there are in all.
    pub total: i64,
    /// Whether the viewer may invite people.
    pub may_invite: bool,
    /// Whether the viewer may change several at once.
    pub may_change: bool,
    /// The server's time.
    pub now: i64,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// What, `noun.verb`.
    pub action: String,
    /// Address of who did it, empty if unknown.
    pub actor: String,
    /// When.
    pub occurred_at: i64,
}

/// Why somebody may do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Their built-in role.
    BuiltIn(Role),
    /// A role that was given to them.
    Role(String),
    /// A role of a group they are in.
    Group {
        /// The group.
        group: String,
        /// Its role.
        role: String,
    },
}

/// Something that a member may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// What.
    pub permission: Permission,
    /// Why; at least one reason.
    pub because: Vec<Reason>,
}

/// A role in a form that gives it to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoice {
    /// Which one.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// The app that it belongs to, if it is one of an app.
    pub app: Option<String>,
    /// Whether they have it.
    pub held: bool,
    /// Whether the viewer may give and take it.
    pub givable: bool,
}

/// A role of a workspace's own making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCard {
    /// Which one.
    pub id: RoleId,
    /// Its name; of an app's role, what its tokens say.
    pub name: String,
    /// What it lets its holders do in the workspace.
    pub permissions: Permissions,
    /// Counts changes.
    pub version: i32,
    /// How many members have it, by themselves or through a group.
    pub holders: i64,
    /// Whether the viewer may change it.
    pub may_change: bool,
}

/// The roles of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolesView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those of its own making, by name.
    pub roles: Vec<RoleCard>,
    /// What the viewer may put into a role; none when they may change no role.
    pub grantable: Permissions,
}

/// One role of a workspace's own making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The role.
    pub role: RoleCard,
}

/// A group in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCard {
    /// Which one.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// How many members are in it.
    pub members: i64,
}

/// The groups of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Its groups, by name.
    pub groups: Vec<GroupCard>,
    /// Whether the viewer may make one.
    pub may_create: bool,
}

/// A group's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The group.
    pub group: GroupCard,
    /// The roles that it could carry.
    pub roles: Vec<RoleChoice>,
    /// Who is in it.
    pub members: Page<MemberCard>,
    /// Whether the viewer may change it.
    pub may_update: bool,
    /// The server's time.
    pub now: i64,
}

/// A member's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The member.
    pub member: MemberCard,
    /// The roles the viewer may give them; none when the viewer may not change them.
    pub givable: Vec<Role>,
    /// Whether the viewer may take them out.
    pub may_remove: bool,
    /// All they may do, and why.
    pub rights: Vec<Right>,
    /// Roles of the workspace's own making that they could have.
    pub roles: Vec<RoleChoice>,
    /// Whether the viewer may change which of them they have.
    pub may_assign: bool,
    /// Their groups.
    pub groups: Vec<GroupCard>,
    /// What apps still may do in their name.
    pub app_sessions: Vec<AppSession>,
    /// Whether the viewer may end those.
    pub may_end: bool,
    /// What they did and what happened to them; none when the viewer may not know.
    pub history: Option<Vec<EventRow>>,
    /// The server's time.
    pub now: i64,
}

/// An invitation that waits for an answer, as the workspace sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationCard {
    /// Which one.
    pub id: InvitationId,
    /// Who is asked.
    pub email: String,
    /// As what they would join.
    pub role: Role,
    /// Address of who invited them.
    pub invited_by: String,
    /// When it was sent.
    pub sent_at: i64,
    /// Whether it is too late to accept it.
    pub expired: bool,
    /// Whether the viewer may send it again or take it back.
    pub may_change: bool,
}

/// The invitations of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those that wait, the newest first.
    pub invitations: Page<InvitationCard>,
    /// People who ask to join, the longest waiting first.
    pub requests: Vec<JoinRequestCard>,
    /// The roles the viewer may give; none when the viewer may not invite.
    pub givable: Vec<Role>,
    /// The server's time.
    pub now: i64,
}

/// An invitation as the invited person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingInvitation {
    /// Which one.
    pub id: InvitationId,
    /// The workspace's address.
    pub slug: Slug,
    /// The workspace's name.
    pub workspace: String,
    /// As what they would join.
    pub role: Role,
    /// Address of who invited them.
    pub invited_by: String,
    /// The invited address.
    pub email: String,
}

/// Whether whoever looks at an invitation can accept it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JoinState {
    /// Nobody is signed in.
    SignedOut,
    /// The invited person is.
    Ready,
    /// Somebody with this address is, who is not the invited one.
    SomebodyElse(String),
}

/// The page behind the link of an invitation mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinView {
    /// The invitation.
    pub waiting: WaitingInvitation,
    /// Whether it can be accepted here.
    pub state: JoinState,
}

/// The viewer's workspaces and the invitations that wait for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspacesView {
    /// Where they are a member.
    pub workspaces: Vec<WorkspaceCard>,
    /// Ownership that is offered to them.
    pub offers: Vec<WaitingOffer>,
    /// Whether they may create a workspace.
    pub may_create: bool,
    /// The server's time.
    pub now: i64,
    /// Where they could be.
    pub invitations: Vec<WaitingInvitation>,
    /// Where they could be without an invitation.
    pub reachable: Vec<ReachableWorkspace>,
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

/// A workspace's page for operators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformWorkspaceView {
    /// The workspace.
    pub workspace: PlatformWorkspace,
    /// Its issuer.
    pub issuer: String,
    /// Whether the viewer may suspend and resume it.
    pub may_suspend: bool,
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
    /// How old a sign-in may be that enters a workspace, in seconds, empty for no ceiling.
    pub sign_in_ceiling: String,
    /// Whether the viewer may change it.
    pub may_update: bool,
}

/// How often something happened on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day in UTC, as `2026-11-24`.
    pub date: String,
    /// How often.
    pub count: i64,
}

/// Something that somebody should look after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attention {
    /// If the one owner loses their mail, nobody else can help.
    OneOwner,
    /// So many people ask to join.
    JoinRequests(i64),
    /// So many proved domains miss their proof.
    FailingDomains(i64),
    /// So many invitations can be accepted no more.
    ExpiredInvitations(i64),
    /// So many apps are disabled.
    DisabledApps(i64),
    /// There is no app to sign in to.
    NoApp,
}

/// A workspace at a glance. What the viewer may not know is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// How many members.
    pub members: Option<i64>,
    /// How many invitations wait for an answer.
    pub waiting_invitations: Option<i64>,
    /// How many apps.
    pub apps: Option<i64>,
    /// What somebody should look after.
    pub attention: Vec<Attention>,
    /// Sign-ins to apps by day, the latest last.
    pub sign_ins: Vec<Day>,
}
