//! Where each page lives. Links are built here, never spelled out elsewhere.

use crate::{
    feature::{account, apps, branding, consent, dev, domains, login, members, platform, roles, workspace},
    i18n,
    layout::NotFound,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
    path,
};

/// Addresses of pages.
pub mod paths {
    use iam_types::{AppId, AuthorizationId, GroupId, MagicLinkId, RoleId, Slug, UserId};
    use leptos_router::params::ParamsMap;

    /// Sign in to the platform.
    pub const LOGIN: &str = "/login";
    /// The viewer's workspaces.
    pub const WORKSPACES: &str = "/workspaces";
    /// Create a workspace.
    pub const NEW_WORKSPACE: &str = "/workspaces/new";
    /// The viewer's account.
    pub const ACCOUNT: &str = "/account";

    /// Where the form that signs a browser out is sent.
    pub const SIGN_OUT: &str = "/fn/sign_out";

    /// What the palette asks for the viewer's workspaces.
    pub const PLACES: &str = "/fn/list_places";

    /// All workspaces, for operators.
    pub const PLATFORM: &str = "/platform";

    /// What the platform decides for all.
    pub const PLATFORM_SETTINGS: &str = "/platform/settings";

    /// All people, for operators.
    pub const PEOPLE: &str = "/platform/people";

    /// How the platform is.
    pub const HEALTH: &str = "/platform/health";

    /// A page of people: `after` is where the page ahead of it ended.
    pub fn people_page(search: &str, after: &str) -> String {
        let mut query = ParamsMap::new();
        query.insert("q", search.to_owned());
        query.insert("after", after.to_owned());
        format!("{PEOPLE}{}", query.to_query_string())
    }

    /// One person, for operators.
    pub fn person(id: UserId) -> String {
        format!("{PEOPLE}/{id}")
    }

    /// A page of them: `after` is where the page ahead of it ended.
    pub fn platform_page(search: &str, after: &str) -> String {
        let mut query = ParamsMap::new();
        query.insert("q", search.to_owned());
        query.insert("after", after.to_owned());
        format!("{PLATFORM}{}", query.to_query_string())
    }

    /// One workspace, for operators.
    pub fn platform_workspace(slug: &Slug) -> String {
        format!("{PLATFORM}/workspaces/{slug}")
    }

    /// Sign in to the platform anew, though somebody is signed in.
    pub const LOGIN_AGAIN: &str = "/login?again=1";

    /// Sign in to a workspace anew, though somebody is signed in.
    pub fn workspace_login_again(slug: &str) -> String {
        format!("/w/{slug}/login?again=1")
    }

    /// Check your mail, type the code.
    pub fn login_sent(challenge: MagicLinkId) -> String {
        format!("/login/sent?challenge={challenge}")
    }

    /// Sign in to a workspace, on the way to an app or not.
    pub fn workspace_login(slug: &Slug, request: Option<AuthorizationId>) -> String {
        match request {
            Some(id) => format!("/w/{slug}/login?request={id}"),
            None => format!("/w/{slug}/login"),
        }
    }

    /// Take an app's request one step further.
    pub fn go_on(slug: &Slug, request: AuthorizationId) -> String {
        format!("/w/{slug}/continue?request={request}")
    }

    /// Says in [`go_on_from_app`] that links and redirects alone led there.
    pub const APP: &str = "app";

    /// As [`go_on`], from the app's own request: no form of ours comes before it.
    pub fn go_on_from_app(slug: &Slug, request: AuthorizationId) -> String {
        format!("/w/{slug}/continue?from={APP}&request={request}")
    }

    /// Ask for consent.
    pub fn consent(slug: &Slug, request: AuthorizationId) -> String {
        format!("/w/{slug}/consent?request={request}")
    }

    /// The apps of a workspace.
    pub fn apps(slug: &Slug) -> String {
        format!("/w/{slug}/admin/apps")
    }

    /// A page of them: `before` is where the page ahead of it ended.
    pub fn apps_page(slug: &Slug, search: &str, before: &str) -> String {
        let mut query = ParamsMap::new();
        query.insert("q", search.to_owned());
        query.insert("before", before.to_owned());
        format!("{}{}", apps(slug), query.to_query_string())
    }

    /// Register an app.
    pub fn new_app(slug: &Slug) -> String {
        format!("/w/{slug}/admin/apps/new")
    }

    /// One app.
    pub fn app(slug: &Slug, id: AppId) -> String {
        format!("/w/{slug}/admin/apps/{id}")
    }

    /// The members of a workspace.
    pub fn members(slug: &Slug) -> String {
        format!("/w/{slug}/admin/members")
    }

    /// A page of them, by search, role, order and the member that ended the page before.
    pub fn members_page(slug: &Slug, asked: [&str; 4]) -> String {
        let mut query = ParamsMap::new();
        for (name, value) in ["q", "role", "order", "after"].into_iter().zip(asked) {
            if !value.is_empty() {
                query.insert(name, value.to_owned());
            }
        }
        format!("{}{}", members(slug), query.to_query_string())
    }

    /// One member.
    pub fn member(slug: &Slug, id: UserId) -> String {
        format!("/w/{slug}/admin/members/{id}")
    }

    /// Change members that were picked in the list.
    pub fn selection(slug: &Slug) -> String {
        format!("/w/{slug}/admin/members/change")
    }

    /// The invitations of a workspace.
    pub fn invitations(slug: &Slug) -> String {
        format!("/w/{slug}/admin/invitations")
    }

    /// The roles of a workspace.
    pub fn roles(slug: &Slug) -> String {
        format!("/w/{slug}/admin/roles")
    }

    /// One role.
    pub fn role(slug: &Slug, id: RoleId) -> String {
        format!("/w/{slug}/admin/roles/{id}")
    }

    /// The groups of a workspace.
    pub fn groups(slug: &Slug) -> String {
        format!("/w/{slug}/admin/groups")
    }

    /// One group.
    pub fn group(slug: &Slug, id: GroupId) -> String {
        format!("/w/{slug}/admin/groups/{id}")
    }

    /// A further page of its members: `after` is the address that ended the page before.
    pub fn group_page(group: &str, after: &str) -> String {
        let mut query = ParamsMap::new();
        query.insert("after", after.to_owned());
        format!("{group}{}", query.to_query_string())
    }

    /// The domains of a workspace.
    pub fn domains(slug: &Slug) -> String {
        format!("/w/{slug}/admin/domains")
    }

    /// How a workspace looks.
    pub fn branding(slug: &Slug) -> String {
        format!("/w/{slug}/admin/branding")
    }

    /// Where its logo is sent to.
    pub fn logo_upload(slug: &Slug) -> String {
        format!("/w/{slug}/admin/branding/logo")
    }

    /// Ask to join a workspace, on the way to an app or not.
    pub fn door(slug: &Slug, request: Option<AuthorizationId>) -> String {
        match request {
            Some(id) => format!("/w/{slug}/ask?request={id}"),
            None => format!("/w/{slug}/ask"),
        }
    }

    /// Leave a workspace.
    pub fn leave(slug: &Slug) -> String {
        format!("/w/{slug}/leave")
    }

    /// A workspace at a glance.
    pub fn overview(slug: &Slug) -> String {
        format!("/w/{slug}/admin")
    }

    /// Everything a workspace holds, as a file.
    pub fn export(slug: &Slug) -> String {
        format!("/w/{slug}/admin/export")
    }

    /// Settings of a workspace.
    pub fn settings(slug: &Slug) -> String {
        format!("/w/{slug}/admin/settings")
    }
}

/// All pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let l = i18n::use_locale();
    view! {
        <Router>
            <a class="skip" href="#content">{crate::text!(l, common.skip)}</a>
            <Routes fallback=NotFound>
                <Route path=StaticSegment("") view=workspace::Home ssr=SsrMode::Async />
                <Route path=path!("/login") view=login::LoginPage ssr=SsrMode::Async />
                <Route path=path!("/login/sent") view=login::SentPage ssr=SsrMode::Async />
                <Route path=path!("/login/verify") view=login::VerifyPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/login") view=login::WorkspaceLoginPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/consent") view=consent::ConsentPage ssr=SsrMode::Async />
                <Route path=path!("/workspaces") view=workspace::WorkspacesPage ssr=SsrMode::Async />
                <Route path=path!("/workspaces/new") view=workspace::NewWorkspacePage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin") view=workspace::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/apps") view=apps::AppsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/apps/new") view=apps::NewAppPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/apps/:id") view=apps::AppPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/members") view=members::MembersPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/members/change") view=members::SelectionPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/members/:id") view=members::MemberPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/invitations") view=members::InvitationsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/roles") view=roles::RolesPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/roles/:id") view=roles::RolePage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/groups") view=roles::GroupsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/groups/:id") view=roles::GroupPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/domains") view=domains::DomainsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/branding") view=branding::BrandingPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/ask") view=domains::DoorPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/join") view=members::JoinPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/leave") view=members::LeavePage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/settings") view=workspace::SettingsPage ssr=SsrMode::Async />
                <Route path=path!("/platform") view=platform::PlatformPage ssr=SsrMode::Async />
                <Route path=path!("/platform/people") view=platform::PeoplePage ssr=SsrMode::Async />
                <Route path=path!("/platform/people/:id") view=platform::PersonPage ssr=SsrMode::Async />
                <Route path=path!("/platform/health") view=platform::HealthPage ssr=SsrMode::Async />
                <Route path=path!("/platform/settings") view=platform::PlatformSettingsPage ssr=SsrMode::Async />
                <Route path=path!("/platform/workspaces/:slug") view=platform::PlatformWorkspacePage ssr=SsrMode::Async />
                <Route path=path!("/account") view=account::AccountPage ssr=SsrMode::Async />
                <Route path=path!("/dev/mailbox") view=dev::MailboxPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
