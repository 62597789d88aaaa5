//! What a person sees of their own account.

use crate::{Ctx, Iam, IamError};
use iam_domain::user_agent;
use iam_types::{
    Permissions,
    view::{AccountView, SessionView, Viewer, WorkspaceCard},
};

impl Iam {
    /// The account overview with its signed-in browsers.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub async fn account(&self, ctx: &Ctx) -> Result<AccountView, IamError> {
        let actor = ctx.actor()?;
        let now = self.now();
        let sessions = self.parts.store.sessions_of(actor.person.id).await?;
        let sessions = sessions
            .into_iter()
            .filter(|session| session.is_live(now))
            .map(|session| {
                let (browser, system) = user_agent::label(&session.user_agent);
                SessionView {
                    id: session.id,
                    browser: browser.to_owned(),
                    system: system.to_owned(),
                    client_ip: session.client_ip,
                    created_at: session.created_at.timestamp(),
                    last_seen_at: session.last_seen_at.timestamp(),
                    current: session.id == actor.session.id,
                }
            });
        Ok(AccountView {
            viewer: self.viewer(ctx)?,
            sessions: sessions.collect(),
            now: now.timestamp(),
        })
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub fn viewer(&self, ctx: &Ctx) -> Result<Viewer, IamError> {
        let person = &ctx.actor()?.person;
        Ok(Viewer {
            email: person.email.clone(),
            display_name: person.display_name.clone(),
        })
    }

    /// The person's workspaces.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub async fn my_workspaces(&self, ctx: &Ctx) -> Result<Vec<WorkspaceCard>, IamError> {
        let mut tx = self.parts.store.as_person(ctx.actor()?.person.id).await?;
        let memberships = tx.memberships().await?;
        Ok(memberships
            .into_iter()
            .map(|m| WorkspaceCard {
                slug: m.workspace.slug,
                name: m.workspace.name,
                role: m.role,
                may: Permissions::NONE,
                suspended: m.suspended,
                delete_after: m.delete_after.map(|moment| moment.timestamp()),
                support_until: None,
            })
            .collect())
    }
}
