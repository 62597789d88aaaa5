//! Which page is where.

use crate::{
    feature::{account, apps, branding, consent, dev, domains, login, members, platform, roles, workspace},
    i18n,
    ui::layout::NotFound,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
    path,
};

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
