//! Where providers are decided about and people sign in through them: those of a workspace below its own address, those of the platform,
//! which is the workspace `platform`, below the platform's.

use super::{LOGIN, LOGIN_AGAIN, PLATFORM, query, workspace_login_again};
use crate::{ConnectionAttemptId, ConnectionId, Slug};

fn login(slug: &Slug) -> String {
    if slug.is_platform() {
        LOGIN.to_owned()
    } else {
        format!("/w/{slug}/login")
    }
}

/// Sign in anew where it is decided about providers, though somebody is signed in.
pub fn login_to_connect(slug: &Slug) -> String {
    if slug.is_platform() {
        LOGIN_AGAIN.to_owned()
    } else {
        workspace_login_again(slug.as_str())
    }
}

/// Where the form is sent that leads to a provider.
pub fn begin_connection(slug: &Slug) -> String {
    format!("{}/connection", login(slug))
}

/// Where a provider sends people back to: its redirect URI, below the origin. Some kinds have one of their own.
pub fn connection_callback(slug: &Slug, kind: Option<&str>) -> String {
    let page = login(slug);
    match kind {
        Some(kind) => format!("{page}/callback/{kind}"),
        None => format!("{page}/callback"),
    }
}

/// Where Apple lets the browser send its answer. Nothing of ours comes along with a form of another site, so it leads on.
pub fn apple_answer(slug: &Slug) -> String {
    format!("{}/apple", login(slug))
}

/// Where that leads, with what was sent.
pub fn apple_callback(slug: &Slug, sent: &[(&str, &str)]) -> String {
    format!("{}{}", connection_callback(slug, Some("apple")), query(sent))
}

/// The providers of a workspace, or of the platform.
pub fn connections(slug: &Slug) -> String {
    if slug.is_platform() {
        format!("{PLATFORM}/connections")
    } else {
        format!("/w/{slug}/admin/connections")
    }
}

/// Connect a provider.
pub fn new_connection(slug: &Slug) -> String {
    format!("{}/new", connections(slug))
}

/// Connect a provider of a kind that is known.
pub fn new_connection_to(slug: &Slug, preset: &str) -> String {
    format!("{}{}", new_connection(slug), query(&[("preset", preset)]))
}

/// One provider.
pub fn connection(slug: &Slug, id: ConnectionId) -> String {
    format!("{}/{id}", connections(slug))
}

/// What a test of one came to.
pub fn connection_test(slug: &Slug, id: ConnectionId, test: ConnectionAttemptId) -> String {
    format!("{}/tests/{test}", connection(slug, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn what_is_the_platforms_is_below_the_platforms_addresses() -> Result<(), ErrorCode> {
        let (acme, platform) = (Slug::choose("acme")?, Slug::platform());
        assert_eq!(connections(&acme), "/w/acme/admin/connections");
        assert_eq!(connections(&platform), "/platform/connections");
        assert_eq!(connection_callback(&platform, None), "/login/callback");
        assert_eq!(begin_connection(&acme), "/w/acme/login/connection");
        Ok(())
    }
}
