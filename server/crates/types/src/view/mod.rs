//! What pages show. Times are Unix seconds; no view ever carries a secret, but for the one shown once.

mod access_check;
mod account;
mod app;
mod branding;
mod connection;
mod connection_test;
mod domain;
mod event;
mod member;
mod models;
mod outcome;
mod platform;
mod recovery;
mod role;
mod workspace;

pub use access_check::{AccessCheck, AccessCheckView, Finding};
pub use account::{
    ActivityRow, ActivityView, AddressView, AddressesView, ConnectedApp, ConnectedAppsView, DeletionView,
    EndedSessions, OwnedWorkspace, PasskeyView, PasswordPageView, PasswordView, PendingAddress, SecurityView,
    SessionView, SessionsView, TotpSetUpView, TrustedBrowserView, TwoStepView, Viewer,
};
pub use app::{
    AppCard, AppSession, AppView, AppsView, ConsentView, SignInOutcome, SignInView, TestClaims,
    TestSignInView, WhyAgain,
};
pub use branding::{Brand, BrandingView};
pub use connection::{
    ConnectionButton, ConnectionCard, ConnectionSettingsView, ConnectionView, ConnectionsView, HomeView,
    NewConnectionView, OwnConnection, OwnConnectionsView,
};
pub use connection_test::{
    AddressWord, ConnectionTestView, ConnectionTrace, TestResult, TestStage, TestStep,
};
pub use domain::{DomainCard, DomainsView, JoinPathState, JoinPathView, JoinRequestCard, ReachableWorkspace};
pub use event::EventRow;
pub use member::{
    BulkView, Delivery, InvitationCard, InvitationsView, JoinState, JoinView, ListedMemberCard, MOST_CHANGED,
    MemberCard, MemberView, MembersView, Reason, Right, WaitingInvitation,
};
pub use models::{ModelView, ModelsView};
pub use outcome::{Done, Told};
pub use platform::{
    CaughtMail, HealthView, OWNERLESS, PlatformSettingsView, PlatformView, PlatformWorkspace,
    PlatformWorkspaceView, RelatedHostView, SupportVisit, SupportWindow, UserCard, UserView, UserWorkspace,
    UsersView,
};
pub use recovery::{Recoverable, RecoveryCard, RecoveryView};
pub use role::{GroupCard, GroupView, GroupsView, RoleCard, RoleChoice, RoleView, RolesView};
pub use workspace::{
    Attention, Day, FirstStep, OverviewView, SignInPolicyView, WaitingOffer, WorkspaceCard,
    WorkspaceSettingsView, WorkspacesView,
};

use serde::{Deserialize, Serialize};

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
