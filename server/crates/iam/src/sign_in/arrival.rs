//! From a proved address to a session and to where the person wanted to go.

use crate::{
    Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    sign_in::email_challenge::ended,
};
use iam_domain::{
    audit::Told,
    sign_in::email_challenge::{EmailChallenge, Progress, ReturnTo},
};
use iam_store::{WorkspaceTx, account::user::Found, audit::event::Events};
use iam_types::{ErrorCode, Slug, UserId};

/// Where a sign-in leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Where the person wanted to go.
    pub return_to: ReturnTo,
    /// The slug of the return_to's workspace.
    pub slug: Option<Slug>,
    /// Whether the person is a member there.
    pub is_member: bool,
}

/// A finished sign-in.
pub struct SignedIn {
    /// The session's cookie value.
    pub session: Secret,
    /// Where it leads.
    pub arrival: Arrival,
    /// What this browser is known by from now on.
    pub known_browser: String,
}

impl Core {
    /// Redeems, in a transaction where it leads to, a challenge in the browser and at the origin that asked for it. The browser that does so again within
    /// moments, because somebody clicked twice or the answer got lost, comes to the same session.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::LinkReplaced`].
    pub(crate) async fn finish(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        link: EmailChallenge,
    ) -> Result<SignedIn, IamError> {
        let now = self.now();
        let secret = self.session_secret(ctx, &link);
        if link.can_be_repeated(now) {
            drop(tx);
            return self.repeat(ctx, &link, secret).await;
        }
        if !link.is_open(now) {
            return Err(ended(&link));
        }
        if !tx.consume_challenge(link.id, now).await? {
            drop(tx);
            return self.repeat(ctx, &link, secret).await;
        }
        let (user_id, created) = match tx
            .find_or_create_user(&link.address, UserId::from_uuid(self.new_uuid()), now)
            .await?
        {
            Found::Known(id) => (id, None),
            Found::New(id) => {
                let event = self
                    .event(&mut tx, Acting::User(id, ctx), Told::user_created(id))
                    .await?;
                (id, Some(event))
            }
            // The same words as for a dead link: a stranger learns nothing about the account.
            Found::Disabled => return Err(ErrorCode::LinkInvalid.into()),
        };
        let started = self
            .start_session(&mut tx, ctx, user_id, &["email"], &secret)
            .await?;
        let arrival = arrival(&mut tx, link.return_to, user_id).await?;
        tx.commit(Events::from(started).after(created)).await?;
        Ok(SignedIn {
            session: secret,
            arrival,
            known_browser: self.remember_browser(ctx, &link.address),
        })
    }

    /// Where the viewer got to, if it was they who redeemed the challenge.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn arrived(
        &self,
        ctx: &Ctx,
        link: &EmailChallenge,
    ) -> Result<Option<Arrival>, IamError> {
        let (Some(actor), Progress::Redeemed(_)) = (&ctx.actor, link.progress) else {
            return Ok(None);
        };
        let mut tx = self.at_challenge(link).await?;
        if !tx.owns_address(actor.user.id, &link.address).await? {
            return Ok(None);
        }
        arrival(&mut tx, link.return_to, actor.user.id).await.map(Some)
    }

    async fn repeat(&self, ctx: &Ctx, link: &EmailChallenge, secret: Secret) -> Result<SignedIn, IamError> {
        let session = self.deps.store.session_by_secret(secret.hash()).await?;
        let (session, _) = session
            .and_then(|session| session.at(&ctx.here()))
            .filter(|(session, _)| session.is_live(self.now()))
            .ok_or(ErrorCode::LinkInvalid)?;
        let mut tx = self.at_challenge(link).await?;
        Ok(SignedIn {
            session: secret,
            arrival: arrival(&mut tx, link.return_to, session.user_id).await?,
            known_browser: self.remember_browser(ctx, &link.address),
        })
    }

    /// The secret of the session that this challenge makes. It takes the browser's own secret, which is stored nowhere.
    fn session_secret(&self, ctx: &Ctx, link: &EmailChallenge) -> Secret {
        let browser = ctx.browser.as_deref().unwrap_or_default();
        let challenge = link.id.to_string();
        self.derived_secret(SecretKind::Session, &[challenge.as_bytes(), browser.as_bytes()])
    }
}

async fn arrival(tx: &mut WorkspaceTx, return_to: ReturnTo, user_id: UserId) -> Result<Arrival, IamError> {
    let (slug, is_member) = match return_to.workspace_id {
        Some(_) => (
            Some(tx.workspace().await?.slug),
            tx.role_of(user_id).await?.is_some(),
        ),
        None => (None, false),
    };
    Ok(Arrival {
        return_to,
        slug,
        is_member,
    })
}
