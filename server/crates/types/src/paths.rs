//! Where everything lives. Every address is built here, never spelled out elsewhere.

use crate::{AppId, AuthorizationId, EmailChallengeId, GroupId, InvitationId, LogoId, RoleId, Slug, UserId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

mod account;
mod connections;

pub use account::*;
pub use connections::*;

/// `?name=value&…`, encoded (RFC 3986 3.4).
fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        query.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
    }
    query
}

/// What stands before the slug in the address of a workspace.
pub const WORKSPACE: &str = "/w/";

/// Sign in to the platform.
pub const LOGIN: &str = "/login";
/// The viewer's workspaces.
pub const WORKSPACES: &str = "/workspaces";
/// Create a workspace.
pub const NEW_WORKSPACE: &str = "/workspaces/new";
/// The viewer's account: who they are.
pub const ACCOUNT: &str = "/account";
/// Where the viewer is signed in.
pub const SESSIONS: &str = "/account/sessions";
/// What the viewer let apps have.
pub const CONNECTED_APPS: &str = "/account/apps";
/// What happened with the viewer's account.
pub const ACTIVITY: &str = "/account/activity";

/// What is kept of the viewer.
pub const ACCOUNT_DATA: &str = "/account/data";
/// All of that, as a file.
pub const ACCOUNT_EXPORT: &str = "/account/data/export";

/// A page of what happened: `before` is the event that ended the page ahead of it.
pub fn activity_page(before: &str) -> String {
    format!("{ACTIVITY}{}", query(&[("before", before)]))
}

/// How the viewer signs in.
pub const SECURITY: &str = "/account/security";

/// What a login page asks for before it turns to an authenticator.
pub const BEGIN_PASSKEY_SIGN_IN: &str = "/fn/begin_passkey_sign_in";

/// What is asked for before a passkey is added.
pub const BEGIN_ADDING_PASSKEY: &str = "/fn/begin_adding_passkey";

/// Where the form that signs a browser out is sent.
pub const SIGN_OUT: &str = "/fn/sign_out";

/// What the palette asks for the viewer's workspaces.
pub const PLACES: &str = "/fn/list_places";

/// All workspaces, for operators.
pub const PLATFORM: &str = "/platform";

/// What the platform decides for all.
pub const PLATFORM_SETTINGS: &str = "/platform/settings";

/// All people, for operators.
pub const USERS: &str = "/platform/people";

/// How the platform is.
pub const HEALTH: &str = "/platform/health";

/// A page of people: `after` is where the page ahead of it ended.
pub fn users_page(search: &str, after: &str) -> String {
    format!("{USERS}{}", query(&[("q", search), ("after", after)]))
}

/// One person, for operators.
pub fn user(id: UserId) -> String {
    format!("{USERS}/{id}")
}

/// A page of them: `after` is where the page ahead of it ended.
pub fn platform_page(search: &str, after: &str) -> String {
    format!("{PLATFORM}{}", query(&[("q", search), ("after", after)]))
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
pub fn login_sent(challenge: EmailChallengeId) -> String {
    format!("/login/sent?challenge={challenge}")
}

/// Sign in to a workspace, on the way to an app or not.
pub fn workspace_login(slug: &Slug, request: Option<AuthorizationId>) -> String {
    match request {
        Some(id) => format!("/w/{slug}/login?request={id}"),
        None => format!("/w/{slug}/login"),
    }
}

/// Sign in with a password: to a workspace, on the way to an app or not, or to the platform; `again`, though somebody is signed in.
pub fn password_login(slug: Option<&Slug>, request: Option<AuthorizationId>, again: bool) -> String {
    let page = slug.map_or_else(
        || PASSWORD_LOGIN.to_owned(),
        |slug| format!("/w/{slug}/login/password"),
    );
    match (request, again) {
        (Some(id), _) => format!("{page}?request={id}"),
        (None, true) => format!("{page}?again=1"),
        (None, false) => page,
    }
}

/// What all pages of a workspace begin with.
pub fn workspace_pages(slug: &Slug) -> String {
    format!("/w/{slug}/")
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
    format!("{}{}", apps(slug), query(&[("q", search), ("before", before)]))
}

/// Register an app.
pub fn new_app(slug: &Slug) -> String {
    format!("/w/{slug}/admin/apps/new")
}

/// One app.
pub fn app(slug: &Slug, id: AppId) -> String {
    format!("/w/{slug}/admin/apps/{id}")
}

/// What an app would get from the viewer.
pub fn test_sign_in(slug: &Slug, id: AppId) -> String {
    format!("/w/{slug}/admin/apps/{id}/test")
}

/// The members of a workspace.
pub fn members(slug: &Slug) -> String {
    format!("/w/{slug}/admin/members")
}

/// A page of them, by search, role, order and the member that ended the page before.
pub fn members_page(slug: &Slug, asked: [&str; 4]) -> String {
    let pairs = ["q", "role", "order", "after"].into_iter().zip(asked);
    let given: Vec<_> = pairs.filter(|(_, value)| !value.is_empty()).collect();
    format!("{}{}", members(slug), query(&given))
}

/// One member.
pub fn member(slug: &Slug, id: UserId) -> String {
    format!("/w/{slug}/admin/members/{id}")
}

/// Change members that were picked in the list.
pub fn bulk(slug: &Slug) -> String {
    format!("/w/{slug}/admin/members/change")
}

/// Change all members that a search and a role let through.
pub fn bulk_of(slug: &Slug, search: &str, role: &str) -> String {
    format!(
        "{}{}",
        bulk(slug),
        query(&[("all", "1"), ("q", search), ("role", role)])
    )
}

/// Where it is asked why an address does not get in.
pub fn access_check(slug: &Slug) -> String {
    format!("/w/{slug}/admin/members/check")
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
    format!("{group}{}", query(&[("after", after)]))
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
pub fn join_path(slug: &Slug, request: Option<AuthorizationId>) -> String {
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

/// A workspace's issuer identifier, below the origin (OpenID Connect Discovery 3).
pub fn issuer(slug: &Slug) -> String {
    format!("/w/{slug}")
}

/// An issuer's metadata (OpenID Connect Discovery 4).
pub fn discovery(issuer: &str) -> String {
    format!("{issuer}/.well-known/openid-configuration")
}

/// Where a consent page's answer is sent to.
pub fn decide(slug: &str) -> String {
    format!("/w/{slug}/decide")
}

/// The page behind a sign-in mail's link.
pub fn login_verify(token: &str) -> String {
    format!("/login/verify?token={token}")
}

/// Answer an invitation.
pub fn join(slug: &Slug, id: InvitationId) -> String {
    format!("/w/{slug}/join?invitation={id}")
}

/// A workspace's logo.
pub fn logo(slug: &Slug, id: LogoId) -> String {
    format!("/w/{slug}/logo/{id}")
}

/// The style sheet of a colour, by its six digits.
pub fn brand_style(digits: &str) -> String {
    format!("/brand/{digits}.css")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_look_for_is_encoded() {
        assert_eq!(
            users_page("a&b=c ü", ""),
            "/platform/people?q=a%26b%3Dc%20%C3%BC&after="
        );
        let acme: Slug = "acme".parse().unwrap();
        assert_eq!(
            members_page(&acme, ["", "owner", "", ""]),
            "/w/acme/admin/members?role=owner"
        );
        assert_eq!(members_page(&acme, [""; 4]), "/w/acme/admin/members");
    }
}
