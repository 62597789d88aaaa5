//! Who asks, and from where.

use crate::{IamError, core::Core};
use iam_domain::{core::origin::Origin, sign_in::session::Session};
use iam_store::account::user::User;
use iam_types::{ErrorCode, Permission, Slug, UserId, WorkspaceId, paths};
use std::sync::{Arc, Mutex, PoisonError};

/// A signed-in person in their session.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person.
    pub user: User,
    /// Their session.
    pub session: Session,
    /// Whether the request comes from another network than the one in which they signed in.
    pub elsewhere: bool,
}

/// A workspace's own host, which a request came to.
#[derive(Debug, Clone)]
pub struct CustomDomain {
    /// The workspace.
    pub id: WorkspaceId,
    /// Its slug.
    pub slug: Slug,
    /// Its name, normalised.
    pub host: String,
    /// `{scheme}://{host}` with the port, if any.
    pub origin: String,
    /// Whether passkeys of the platform work there.
    pub passkeys: bool,
}

/// The facts of one request.
#[derive(Debug, Clone, Default)]
pub struct Ctx {
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// Whose session it is while their account ends: they can keep it, and are nobody otherwise.
    pub ending: Option<Actor>,
    /// Client address, from forwarding headers only behind configured proxies.
    pub client_ip: String,
    /// `User-Agent`, at most 400 characters.
    pub user_agent: String,
    /// Correlates logs and audit events.
    pub request_id: String,
    /// Language tag.
    pub locale: String,
    /// The cookie that names this browser while nobody is signed in.
    pub browser: Option<String>,
    /// The cookie that says which addresses were proved in this browser.
    pub known_browser: Option<String>,
    /// The cookie by which this browser stands for a second factor.
    pub trusted_browser: Option<String>,
    /// Whose own host the request came to; nothing at the platform's.
    pub custom_domain: Option<CustomDomain>,
    /// What was refused, for the log.
    pub denials: Denials,
}

/// A try that was refused.
#[derive(Debug, Clone, Copy)]
pub struct Denial {
    pub(crate) workspace: WorkspaceId,
    pub(crate) person: UserId,
    pub(crate) reason: &'static str,
    pub(crate) permission: Option<Permission>,
}

/// The first try of a request that was refused, until its transactions are over and it can be written down.
#[derive(Debug, Clone, Default)]
pub struct Denials(Arc<Mutex<Option<Denial>>>);

impl Denials {
    /// Remembers that `person` may not do something in `workspace`.
    pub(crate) fn add(
        &self,
        workspace: WorkspaceId,
        person: UserId,
        reason: &'static str,
        permission: Option<Permission>,
    ) {
        let denial = Denial {
            workspace,
            person,
            reason,
            permission,
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(denial);
    }

    /// What there is to write, once.
    pub(crate) fn take(&self) -> Option<Denial> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Who acts, for the log and for what bounds it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Acting<'a> {
    /// A person, in their request.
    User(UserId, &'a Ctx),
    /// Somebody of the operator's support, in a workspace that lets it in.
    Support(UserId, &'a Ctx),
    /// An app, which presents what somebody let it have.
    App(Option<UserId>, &'a Ctx),
    /// Somebody who has not proved who they are, in their request.
    Unknown(&'a Ctx),
    /// Whatever was counted together, be it a person or a network.
    Counted(&'a str),
    /// The server itself, or whoever is at its machine; says at which work.
    System(&'static str),
}

impl<'a> Acting<'a> {
    /// The person who acts, or in whose name.
    pub(crate) fn user(self) -> Option<UserId> {
        match self {
            Self::User(id, _) | Self::Support(id, _) => Some(id),
            Self::App(id, _) => id,
            Self::Counted(source) => source.parse().ok(),
            Self::Unknown(_) | Self::System(_) => None,
        }
    }

    /// The request in which that happens, if it is one.
    pub(crate) fn request(self) -> Option<&'a Ctx> {
        match self {
            Self::User(_, ctx) | Self::Support(_, ctx) | Self::App(_, ctx) | Self::Unknown(ctx) => Some(ctx),
            Self::Counted(_) | Self::System(_) => None,
        }
    }
}

impl Ctx {
    /// Takes whoever is signed in into account.
    pub fn admit(&mut self, actor: Actor) {
        if let Some(locale) = &actor.user.preferences.locale {
            self.locale.clone_from(locale);
        }
        if actor.user.deletion_due_at.is_some() {
            self.ending = Some(actor);
        } else {
            self.actor = Some(actor);
        }
    }

    /// Whoever holds the session of this browser, be it that their account ends.
    pub(crate) fn holder(&self) -> Option<&Actor> {
        self.actor.as_ref().or(self.ending.as_ref())
    }

    /// The signed-in person, where everything of theirs may be shown: never at a workspace's own host, nor to whom a
    /// workspace's provider vouched for.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub fn actor(&self) -> Result<&Actor, IamError> {
        self.actor
            .as_ref()
            .filter(|actor| self.custom_domain.is_none() && actor.session.is_whole())
            .ok_or(IamError::Refused(ErrorCode::SignInRequired))
    }

    /// The signed-in person, as far as the workspace `slug` is concerned.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] at another workspace's own host; [`ErrorCode::SignInRequired`], also where another workspace's
    /// provider vouched for them.
    pub fn actor_in(&self, slug: &Slug) -> Result<&Actor, IamError> {
        if self.custom_domain.as_ref().is_some_and(|own| own.slug != *slug) {
            return Err(ErrorCode::NotFound.into());
        }
        self.actor
            .as_ref()
            .filter(|actor| actor.session.counts_in(slug))
            .ok_or(IamError::Refused(ErrorCode::SignInRequired))
    }

    /// Where the request came to: what it asks for counts there, and only what was asked for there counts.
    pub fn here(&self) -> Origin {
        self.custom_domain
            .as_ref()
            .map_or(Origin::Platform, |own| Origin::CustomDomain {
                workspace_id: own.id,
                host: own.host.clone(),
            })
    }

    /// The key for limits by network: the whole IPv4 address, or the /64 of an IPv6 one, which a single customer owns.
    pub fn network(&self) -> String {
        network_of(&self.client_ip)
    }

    /// Whoever makes this request.
    pub(crate) fn acting(&self) -> Acting<'_> {
        match &self.actor {
            Some(actor) => Acting::User(actor.user.id, self),
            None => Acting::Unknown(self),
        }
    }
}

/// The network of an address, as [`Ctx::network`] tells it.
pub(crate) fn network_of(client_ip: &str) -> String {
    match client_ip.parse::<std::net::IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(std::net::IpAddr::V6(ip)) => format!("{:x}", ip.to_bits() >> 64),
        Ok(ip) => ip.to_string(),
        Err(_) => "unknown".to_owned(),
    }
}

impl Core {
    /// Whether this, in lower case and without a port, is the host of the configured public origin.
    pub(crate) fn is_platform_host(&self, host: &str) -> bool {
        self.deps.public_url.host_str() == Some(host)
    }

    /// Where this request's browser reaches us.
    pub(crate) fn origin_for<'a>(&'a self, ctx: &'a Ctx) -> &'a str {
        ctx.custom_domain
            .as_ref()
            .map_or_else(|| self.origin(), |own| own.origin.as_str())
    }

    /// The workspace's issuer identifier, as this request's client knows it.
    pub(crate) fn issuer_for(&self, ctx: &Ctx, slug: &Slug) -> String {
        format!("{}{}", self.origin_for(ctx), paths::issuer(slug))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_and_neighbours_of_an_address_share_its_limit() {
        assert_eq!(
            network_of("2001:db8:1:2::1"),
            network_of("2001:0db8:0001:0002:ffff::9")
        );
        assert_ne!(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
        assert_eq!(network_of("::ffff:203.0.113.9"), network_of("203.0.113.9"));
        assert_ne!(network_of("203.0.113.9"), network_of("203.0.113.10"));
        assert_eq!(network_of("junk"), network_of(""));
    }
}
