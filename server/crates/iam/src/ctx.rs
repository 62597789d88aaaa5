//! Who asks, and from where.

use crate::{Iam, IamError, workspace::Scope};
use iam_domain::{audit::Action, session::Session};
use iam_store::{WorkspaceTx, audit::NewEvent, people::Person};
use iam_types::{ErrorCode, EventId, UserId};
use serde_json::Value;

/// A signed-in person in their session.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person.
    pub person: Person,
    /// Their session.
    pub session: Session,
}

/// The facts of one request.
#[derive(Debug, Clone, Default)]
pub struct Ctx {
    /// Who is signed in.
    pub actor: Option<Actor>,
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
}

impl Ctx {
    /// The signed-in person.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub fn actor(&self) -> Result<&Actor, IamError> {
        self.actor
            .as_ref()
            .ok_or(IamError::Refused(ErrorCode::SignInRequired))
    }

    /// The key for limits by network: the whole IPv4 address, or the /64 of an IPv6 one, which a single customer owns.
    pub fn network(&self) -> String {
        match self
            .client_ip
            .parse::<std::net::IpAddr>()
            .map(|ip| ip.to_canonical())
        {
            Ok(std::net::IpAddr::V6(ip)) => format!("{:x}", ip.to_bits() >> 64),
            Ok(ip) => ip.to_string(),
            Err(_) => "unknown".to_owned(),
        }
    }
}

impl Iam {
    /// Writes an event about `target` into the log of `tx`'s workspace.
    pub(crate) async fn audit(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        action: Action,
        target: impl ToString + Send,
        detail: Value,
    ) -> Result<(), IamError> {
        tx.insert_event(NewEvent {
            id: EventId::from_uuid(self.new_uuid()),
            occurred_at: self.now(),
            action,
            actor_id,
            target: target.to_string(),
            client_ip: &ctx.client_ip,
            user_agent: &ctx.user_agent,
            request_id: &ctx.request_id,
            detail,
        })
        .await?;
        Ok(())
    }
}

impl Iam {
    /// Writes the event of a member's change and makes both last.
    pub(crate) async fn conclude(
        &self,
        ctx: &Ctx,
        mut scope: Scope,
        action: Action,
        target: impl ToString + Send,
        detail: Value,
    ) -> Result<(), IamError> {
        let actor = Some(scope.actor.person.id);
        self.audit(&mut scope.tx, ctx, actor, action, target, detail)
            .await?;
        Ok(scope.tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(client_ip: &str) -> String {
        Ctx {
            client_ip: client_ip.to_owned(),
            ..Ctx::default()
        }
        .network()
    }

    #[test]
    fn other_spellings_and_neighbours_of_an_address_share_its_limit() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:0db8:0001:0002:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:203.0.113.9"), network("203.0.113.9"));
        assert_ne!(network("203.0.113.9"), network("203.0.113.10"));
        assert_eq!(network("junk"), network(""));
    }
}
