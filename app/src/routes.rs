//! Which page is where.

use crate::{
    feature::{
        access, account, apps, branding, connections, dev, domains, members, platform, provider, sign_in,
        workspaces,
    },
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

/// All pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let l = i18n::use_locale();
    view! {
        <Router>
            <a class="skip" href="#content">{crate::text!(l, common.skip)}</a>
            <Routes fallback=NotFound>
                <Route path=StaticSegment("") view=workspaces::Home ssr=SsrMode::Async />
                <Route path=path!("/login") view=sign_in::LoginPage ssr=SsrMode::Async />
                <Route path=path!("/login/sent") view=sign_in::SentPage ssr=SsrMode::Async />
                <Route path=path!("/login/verify") view=sign_in::VerifyPage ssr=SsrMode::Async />
                <Route path=path!("/login/not-me") view=sign_in::DisownPage ssr=SsrMode::Async />
                <Route path=path!("/login/password") view=sign_in::PasswordLoginPage ssr=SsrMode::Async />
                <Route path=path!("/login/recovery") view=sign_in::RecoveryPage ssr=SsrMode::Async />
                <Route path=path!("/login/passkey") view=sign_in::PasskeyOfferPage ssr=SsrMode::Async />
                <Route path=path!("/login/two-step") view=sign_in::TwoStepPage ssr=SsrMode::Async />
                <Route path=path!("/login/step-up") view=sign_in::StepUpPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/login") view=sign_in::WorkspaceLoginPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/login/password") view=sign_in::PasswordLoginPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/login/callback") view=connections::CallbackPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/login/callback/:kind") view=connections::CallbackPage ssr=SsrMode::Async />
                <Route path=path!("/login/callback") view=connections::CallbackPage ssr=SsrMode::Async />
                <Route path=path!("/login/callback/:kind") view=connections::CallbackPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/consent") view=provider::ConsentPage ssr=SsrMode::Async />
                <Route path=path!("/workspaces") view=workspaces::WorkspacesPage ssr=SsrMode::Async />
                <Route path=path!("/workspaces/new") view=workspaces::NewWorkspacePage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin") view=workspaces::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/apps") view=apps::AppsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/apps/new") view=apps::NewAppPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/apps/:id") view=apps::AppPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/apps/:id/test") view=apps::TestSignInPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/members") view=members::MembersPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/members/change") view=members::BulkPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/members/check") view=members::AccessCheckPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/members/:id") view=members::MemberPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/invitations") view=members::InvitationsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/roles") view=access::RolesPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/roles/:id") view=access::RolePage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/groups") view=access::GroupsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/groups/:id") view=access::GroupPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/connections") view=connections::ConnectionsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/connections/new") view=connections::NewConnectionPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/connections/:id") view=connections::ConnectionPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/connections/:id/tests/:test") view=connections::ConnectionTestPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/domains") view=domains::DomainsPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/branding") view=branding::BrandingPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/ask") view=members::JoinPathPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/join") view=members::JoinPage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/leave") view=members::LeavePage ssr=SsrMode::Async />
                <Route path=path!("/w/:slug/admin/settings") view=workspaces::SettingsPage ssr=SsrMode::Async />
                <Route path=path!("/platform") view=platform::PlatformPage ssr=SsrMode::Async />
                <Route path=path!("/platform/connections") view=connections::ConnectionsPage ssr=SsrMode::Async />
                <Route path=path!("/platform/connections/new") view=connections::NewConnectionPage ssr=SsrMode::Async />
                <Route path=path!("/platform/connections/:id") view=connections::ConnectionPage ssr=SsrMode::Async />
                <Route path=path!("/platform/connections/:id/tests/:test") view=connections::ConnectionTestPage ssr=SsrMode::Async />
                <Route path=path!("/platform/people") view=platform::UsersPage ssr=SsrMode::Async />
                <Route path=path!("/platform/people/:id") view=platform::UserPage ssr=SsrMode::Async />
                <Route path=path!("/platform/health") view=platform::HealthPage ssr=SsrMode::Async />
                <Route path=path!("/platform/settings") view=platform::PlatformSettingsPage ssr=SsrMode::Async />
                <Route path=path!("/platform/workspaces/:slug") view=platform::PlatformWorkspacePage ssr=SsrMode::Async />
                <Route path=path!("/account") view=account::ProfilePage ssr=SsrMode::Async />
                <Route path=path!("/account/addresses") view=account::AddressesPage ssr=SsrMode::Async />
                <Route path=path!("/account/addresses/verify") view=account::VerifyAddressPage ssr=SsrMode::Async />
                <Route path=path!("/account/addresses/restore") view=account::RestoreAddressPage ssr=SsrMode::Async />
                <Route path=path!("/account/security") view=account::SecurityPage ssr=SsrMode::Async />
                <Route path=path!("/account/security/password") view=account::PasswordPage ssr=SsrMode::Async />
                <Route path=path!("/account/security/authenticator") view=account::AuthenticatorPage ssr=SsrMode::Async />
                <Route path=path!("/account/security/recovery-codes") view=account::RecoveryCodesPage ssr=SsrMode::Async />
                <Route path=path!("/account/sessions") view=account::SessionsPage ssr=SsrMode::Async />
                <Route path=path!("/account/apps") view=account::ConnectedAppsPage ssr=SsrMode::Async />
                <Route path=path!("/account/activity") view=account::ActivityPage ssr=SsrMode::Async />
                <Route path=path!("/account/delete") view=account::DeletionPage ssr=SsrMode::Async />
                <Route path=path!("/account/data") view=account::DataPage ssr=SsrMode::Async />
                <Route path=path!("/dev/mailbox") view=dev::MailboxPage ssr=SsrMode::Async />
                <Route path=path!("/dev/style") view=dev::StylePage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
