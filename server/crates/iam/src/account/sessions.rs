//! Where a person is signed in.

use crate::{Ctx, IamError, account::Account, core::Core};
use iam_domain::sign_in::{session::Session, user_agent};
use iam_types::{
    SessionId,
    view::{SessionView, SessionsView},
};

impl Account<'_> {
    /// The browsers in which the person is signed in.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub async fn sessions(self, ctx: &Ctx) -> Result<SessionsView, IamError> {
        let actor = ctx.actor()?;
        let now = self.core.now();
        let sessions = self.core.deps.store.sessions_of(actor.user.id).await?;
        let live = sessions.into_iter().filter(|session| session.is_live(now));
        Ok(SessionsView {
            sessions: live
                .map(|session| self.core.shown_session(session, ctx, actor.session.id))
                .collect(),
            now: now.timestamp(),
        })
    }
}

impl Core {
    /// A session as lists show it, in the browser whose is `own`.
    pub(crate) fn shown_session(&self, session: Session, ctx: &Ctx, own: SessionId) -> SessionView {
        let (browser, system) = user_agent::label(&session.user_agent);
        SessionView {
            id: session.id,
            browser: browser.to_owned(),
            system: system.to_owned(),
            place: self.place_of(&session.client_ip, ctx).unwrap_or_default(),
            client_ip: session.client_ip,
            amr: session.amr,
            created_at: session.created_at.timestamp(),
            last_seen_at: session.last_seen_at.timestamp(),
            current: session.id == own,
        }
    }

    /// Roughly where a client address is, in the language of whoever asks.
    pub(crate) fn place_of(&self, client_ip: &str, ctx: &Ctx) -> Option<String> {
        let places = self.deps.places.as_ref()?;
        places.place(client_ip.parse().ok()?, &ctx.locale)
    }
}
