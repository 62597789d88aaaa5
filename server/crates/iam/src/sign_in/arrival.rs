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
    account::email::Email,
    audit::Told,
    sign_in::{
        assurance::Assurance,
        email_challenge::{EmailChallenge, Progress, ReturnTo},
        session::Through,
    },
};
use iam_store::{WorkspaceTx, account::user::Found, audit::event::Event};
use iam_types::{ErrorCode, PendingSignInId, Slug, UserId};
use uuid::Uuid;

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

/// What somebody has proved, and where that leads.
pub(crate) struct Proved<'a> {
    /// Who they are.
    pub user_id: UserId,
    /// An address of theirs, which this browser is known by from now on.
    pub address: &'a Email,
    /// By which methods (RFC 8176).
    pub methods: Vec<String>,
    /// Where they wanted to go.
    pub return_to: ReturnTo,
    /// Whether their account came into being with this sign-in.
    pub is_new: bool,
    /// Whether they proved no more than a second factor, in the session that this goes on with.
    pub steps_up: bool,
    /// The step that began it. The secret of the session comes from that.
    pub step: Uuid,
    /// Through which provider, if through one.
    pub through: Option<Through>,
    /// The model of the authenticator whose passkey it took, if that was shown.
    pub model: Option<Uuid>,
    /// What else the log is to be told of it.
    pub made: Vec<Event>,
}

/// What a step of a sign-in comes to.
pub enum SignInStep {
    /// The person is signed in.
    Done(SignedIn),
    /// They are to prove a second factor in the same browser.
    SecondFactor(PendingSignInId),
}

/// A finished sign-in.
pub struct SignedIn {
    /// The session's cookie value.
    pub session: Secret,
    /// Where it leads.
    pub arrival: Arrival,
    /// What this browser is known by from now on.
    pub known_browser: String,
    /// Whether it counts in one workspace alone.
    pub is_confined: bool,
    /// Who signed in.
    pub(crate) user_id: UserId,
}

impl Core {
    /// Redeems, in a transaction where it leads to, a challenge in the browser and at the origin that asked for it. The browser
    /// that does so again within moments, because somebody clicked twice or the answer got lost, comes to the same session.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::LinkReplaced`]; [`ErrorCode::AddressReserved`].
    pub(crate) async fn finish(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        link: EmailChallenge,
    ) -> Result<SignInStep, IamError> {
        let now = self.now();
        if link.can_be_repeated(now) {
            drop(tx);
            return self.repeat_link(ctx, &link).await;
        }
        if !link.is_open(now) {
            return Err(ended(&link));
        }
        if !tx.consume_challenge(link.id, now).await? {
            drop(tx);
            return self.repeat_link(ctx, &link).await;
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
            Found::Reserved => return Err(ErrorCode::AddressReserved.into()),
        };
        let made = match link.attempt_id {
            // Whoever has a second factor links a provider once they have proved it: a mail alone is not them.
            Some(id) if !self.has_second_factor(&mut tx, user_id).await? => {
                self.link_proved(&mut tx, ctx, id, (user_id, &link.address))
                    .await?
            }
            Some(_) | None => None,
        };
        let proved = Proved {
            user_id,
            address: &link.address,
            methods: vec!["email".to_owned()],
            return_to: link.return_to,
            is_new: created.is_some(),
            steps_up: false,
            model: None,
            step: link.id.uuid(),
            through: None,
            made: made.into_iter().collect(),
        };
        self.let_in(tx, ctx, proved, created).await
    }

    /// Signs somebody in who has proved who they are, in the transaction that used up what they proved it with: the end of
    /// every first factor. Whoever has a second one is asked for it first, unless they proved two things at once, or trust this browser.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn let_in(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        mut proved: Proved<'_>,
        created: Option<Event>,
    ) -> Result<SignInStep, IamError> {
        proved.made.splice(0..0, created);
        let is_enough = Assurance::of(&proved.methods) >= Assurance::Two;
        if !is_enough && self.has_second_factor(&mut tx, proved.user_id).await? {
            if let Some(event) = self.stands_for_second_factor(&mut tx, ctx, &proved).await? {
                proved.made.push(event);
                return self.sign_in(tx, ctx, proved).await.map(SignInStep::Done);
            }
            let pending = self.ask_for_second_factor(tx, ctx, proved).await?;
            return Ok(SignInStep::SecondFactor(pending));
        }
        self.sign_in(tx, ctx, proved).await.map(SignInStep::Done)
    }

    /// Signs somebody in who has proved enough: the end of every way to sign in.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn sign_in(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        mut proved: Proved<'_>,
    ) -> Result<SignedIn, IamError> {
        if Assurance::of(&proved.methods) >= Assurance::Two {
            let stopped = self.stop_disproved_recovery(&mut tx, ctx, proved.user_id).await?;
            proved.made.extend(stopped);
        }
        let secret = self.step_secret(ctx, proved.step);
        let (session, started) = self.start_session(&mut tx, ctx, &proved, &secret).await?;
        if !proved.is_new {
            self.tell_of_new_browser(&mut tx, ctx, &proved, session).await?;
        }
        let arrival = arrival(&mut tx, proved.return_to, proved.user_id).await?;
        let known_browser = self.known_browser_after(ctx, &proved);
        tx.commit(started.after(proved.made)).await?;
        Ok(SignedIn {
            session: secret,
            arrival,
            known_browser,
            is_confined: proved.through.is_some_and(|through| through.confines()),
            user_id: proved.user_id,
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

    /// What a step came to that this browser has taken a moment ago: the session that it made, if that lives, and where it
    /// leads; or the second factor that it waits for. The browser is known by `address`, or by the person's own.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn repeat(
        &self,
        ctx: &Ctx,
        return_to: ReturnTo,
        step: Uuid,
        address: Option<&Email>,
    ) -> Result<Option<SignInStep>, IamError> {
        let secret = self.step_secret(ctx, step);
        let found = self.deps.store.session_by_secret(secret.hash()).await?;
        let Some((session, person)) = found
            .and_then(|session| session.at(&ctx.here()))
            .filter(|(session, _)| session.is_live(self.now()))
        else {
            let pending = self.waits_for_second_factor(ctx, step).await?;
            return Ok(pending.map(SignInStep::SecondFactor));
        };
        let own = person.address()?;
        let mut tx = self.deps.store.in_workspace(return_to.place()).await?;
        Ok(Some(SignInStep::Done(SignedIn {
            session: secret,
            arrival: arrival(&mut tx, return_to, session.user_id).await?,
            known_browser: if session.is_whole() {
                self.remember_browser(ctx, address.unwrap_or(&own))
            } else {
                self.same_browser(ctx)
            },
            is_confined: !session.is_whole(),
            user_id: session.user_id,
        })))
    }

    async fn repeat_link(&self, ctx: &Ctx, link: &EmailChallenge) -> Result<SignInStep, IamError> {
        let repeated = self
            .repeat(ctx, link.return_to, link.id.uuid(), Some(&link.address))
            .await?;
        repeated.ok_or(ErrorCode::LinkInvalid.into())
    }

    /// The secret of the session that a step makes. It takes the browser's own secret, which is stored nowhere.
    pub(crate) fn step_secret(&self, ctx: &Ctx, step: Uuid) -> Secret {
        let browser = ctx.browser.as_deref().unwrap_or_default();
        self.derived_secret(SecretKind::Session, &[step.as_bytes(), browser.as_bytes()])
    }
}

pub(super) async fn arrival(
    tx: &mut WorkspaceTx,
    return_to: ReturnTo,
    user_id: UserId,
) -> Result<Arrival, IamError> {
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
