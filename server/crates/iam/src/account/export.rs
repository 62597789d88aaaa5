//! Everything that is kept of a person, as a file for themselves.

use super::activity::Lived;
use crate::{Ctx, IamError, account::Account, core::limits::Limit, ctx::Acting};
use iam_domain::audit::Told;
use iam_types::WorkspaceId;
use serde_json::{Value, json};

/// How many events the file holds: whoever makes more in a lifetime does so to cost us memory.
const EVENTS: usize = 10_000;

impl Account<'_> {
    /// Everything of the person: who they are, where they are signed in, what they are in each workspace, what they let apps
    /// have, what happened. The log tells that they took it.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`], [`iam_types::ErrorCode::SignInAgain`],
    /// [`iam_types::ErrorCode::RateLimited`].
    pub async fn export(self, ctx: &Ctx) -> Result<Value, IamError> {
        let actor = ctx.actor()?;
        self.core.require_account_change(actor).await?;
        let person = actor.user.id;
        self.core.limit(Limit::OwnExport, &person.to_string()).await?;
        let store = &self.core.deps.store;
        let tx = store.in_workspace(WorkspaceId::PLATFORM).await?;
        let told = Told::user_exported(person);
        self.core.commit(tx, Acting::User(person, ctx), told).await?;
        let mut own = store.as_user(person).await?;
        let profile = own.own_data().await?;
        let memberships = own.memberships().await?;
        drop(own);
        let mut workspaces = Vec::new();
        let mut tx = store.in_workspace(WorkspaceId::PLATFORM).await?;
        for membership in memberships {
            tx = tx.switch_workspace(membership.workspace.id).await?;
            workspaces.extend(tx.own_data_of(person).await?);
        }
        drop(tx);
        let events = self.core.lived(person, None, EVENTS).await?;
        let events: Vec<_> = events.into_iter().map(told_in_file).collect();
        Ok(json!({
            "exported_at": self.core.now(),
            "profile": profile,
            "workspaces": workspaces,
            "events": events,
        }))
    }
}

/// An event as the file tells it: of what others did, only what it was.
fn told_in_file(lived: Lived) -> Value {
    let (own, event) = (lived.event.own, lived.event.event);
    let mut told = json!({
        "at": event.occurred_at,
        "action": event.action,
        "by_you": own,
        "workspace": lived.place,
        "app": event.subject,
        "group": event.group,
    });
    if own {
        told["client_ip"] = event.client_ip.into();
        told["user_agent"] = event.user_agent.into();
        told["detail"] = event.detail;
    }
    told
}
