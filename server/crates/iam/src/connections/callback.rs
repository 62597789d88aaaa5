//! The way back from a provider.

use crate::{
    Ctx, IamError,
    connections::{Connections, link::code_of, newcomer::Newcomer, trial::RefusedAt},
    core::{Core, secret::SecretKind, upstream::Heard},
    ctx::Acting,
    sign_in::arrival::{Proved, SignInStep},
};
use iam_domain::{
    account::email::Email,
    audit::{ConnectionRefusal, Told},
    connections::{
        attempt::{Attempt, Purpose, Said},
        connection::{Connection, Preset},
    },
    core::origin::Bound,
    sign_in::{email_challenge::ReturnTo, session::Through},
};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::{
    AuthorizationId, ConnectionAttemptId, ConnectionId, EmailChallengeId, ErrorCode, Slug, UserId,
    view::TestStage,
};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// How somebody proved who they are whom a provider vouches for.
const METHODS: [&str; 1] = ["fed"];
/// How long a browser that comes back twice waits for what the first time comes to.
const WAITS: usize = 40;
const WAIT: Duration = Duration::from_millis(150);

/// What a provider's answer carries (OpenID Connect Core 1.0, 3.1.2.5 and 3.1.2.6; RFC 9207 2).
#[derive(Debug, Clone, Copy)]
pub struct Returning<'a> {
    /// Names the sign-in.
    pub state: &'a str,
    /// To be redeemed.
    pub code: Option<&'a str>,
    /// What the provider says is wrong.
    pub error: Option<&'a str>,
    /// The same in words.
    pub error_description: Option<&'a str>,
    /// Who the provider says it is.
    pub iss: Option<&'a str>,
    /// What Apple says a person is called, unsigned, the first time.
    pub name: Option<&'a str>,
    /// What the address that it came to ends in, where only one kind of provider sends people there.
    pub kind: Option<&'a str>,
}

/// What a sign-in at a provider came to.
pub enum Outcome {
    /// They are signed in.
    Proved(Box<SignInStep>),
    /// They are to prove an address first, by the mail of this challenge.
    ProveAddress(EmailChallengeId),
    /// The account that was signed in is linked.
    Linked,
    /// It was a test, and this is what it came to.
    Tested(ConnectionId, ConnectionAttemptId),
}

/// Where a sign-in began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeganAt {
    /// A login page.
    Login,
    /// The account whose person wanted to link it.
    Account,
    /// The page of the provider that was tested.
    Connection(ConnectionId),
}

/// A sign-in that came back, or that nobody here began.
pub struct CameBack {
    /// What it came to.
    pub outcome: Result<Outcome, IamError>,
    /// The app's request that waits for it.
    pub authorization_id: Option<AuthorizationId>,
    /// Where it began.
    pub began: BeganAt,
}

impl Connections<'_> {
    /// Takes what a provider answered, in the browser that began: once, and again within moments with the same result.
    pub async fn callback(self, ctx: &Ctx, slug: &Slug, answer: Returning<'_>) -> CameBack {
        let found = self.core.own_attempt(ctx, slug, answer.state).await;
        let (attempt, refused) = match found {
            Ok(attempt) => (Some(attempt), None),
            Err(error) => (None, Some(error)),
        };
        CameBack {
            authorization_id: attempt.as_ref().and_then(|attempt| attempt.authorization_id),
            began: attempt
                .as_ref()
                .map_or(BeganAt::Login, |attempt| match attempt.purpose {
                    Purpose::SignIn => BeganAt::Login,
                    Purpose::Link(_) => BeganAt::Account,
                    Purpose::Test(_) => BeganAt::Connection(attempt.connection_id),
                }),
            outcome: match (attempt, refused) {
                (Some(attempt), _) => self.core.come_back(ctx, slug, attempt, answer).await,
                (None, error) => Err(error.unwrap_or(ErrorCode::ConnectionExpired.into())),
            },
        }
    }
}

impl Core {
    /// The sign-in that this browser began here.
    async fn own_attempt(&self, ctx: &Ctx, slug: &Slug, state: &str) -> Result<Attempt, IamError> {
        let expired = IamError::Refused(ErrorCode::ConnectionExpired);
        self.limit_code_try(ctx).await?;
        let Some(state) = self.hash_secret(SecretKind::ConnectionState, state) else {
            return Err(expired);
        };
        let mut tx = self.in_workspace_behind(slug).await?;
        let Some(bound) = tx.attempt_by_state(&state).await? else {
            return Err(expired);
        };
        let id = bound.for_the_log().connection_id;
        let browser = ctx.browser.as_deref();
        let browser = browser.and_then(|browser| self.hash_secret(SecretKind::Browser, browser));
        let own = bound.at(&ctx.here()).filter(|attempt| {
            browser.is_some_and(|browser| bool::from(browser.ct_eq(&attempt.browser_hash)))
        });
        match own {
            Some(attempt) => Ok(attempt),
            None => {
                let name = tx
                    .connection(id)
                    .await?
                    .map(|connection| connection.settings.name);
                let name = name.as_ref().map_or("", |name| name.as_str());
                let told = Told::connection_refused(id, name, ConnectionRefusal::OtherBrowser);
                self.refuse(tx, Acting::Unknown(ctx), told, expired).await
            }
        }
    }

    async fn come_back(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        attempt: Attempt,
        answer: Returning<'_>,
    ) -> Result<Outcome, IamError> {
        let now = self.now();
        if let Purpose::Test(session) = attempt.purpose {
            self.require_tester(ctx, slug, session).await?;
        }
        if attempt.can_be_repeated(now) {
            return self.repeat_attempt(ctx, slug, attempt.id).await;
        }
        if !attempt.is_open(now) {
            return Err(ErrorCode::ConnectionExpired.into());
        }
        let mut tx = self.in_workspace_behind(slug).await?;
        let Some(connection) = tx.connection(attempt.connection_id).await? else {
            return Err(ErrorCode::ConnectionExpired.into());
        };
        if !tx.consume_attempt(attempt.id, now).await? {
            drop(tx);
            return self.repeat_attempt(ctx, slug, attempt.id).await;
        }
        self.under_way(tx).await?;
        let id = attempt.id;
        let outcome = self.conclude(ctx, slug, (attempt, connection), answer).await;
        if outcome.is_err()
            && let Err(error) = self.give_up(slug, id).await
        {
            tracing::warn!(%error, "a sign-in at a provider was not given up");
        }
        outcome
    }

    /// Writes down that nothing comes of a sign-in, whatever went wrong, so that who comes back once more does not wait for it.
    async fn give_up(&self, slug: &Slug, id: ConnectionAttemptId) -> Result<(), IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        tx.attempt_failed(id, self.now()).await?;
        self.under_way(tx).await
    }

    async fn conclude(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        (attempt, connection): (Attempt, Connection),
        answer: Returning<'_>,
    ) -> Result<Outcome, IamError> {
        // No transaction waits for a provider.
        let heard = self
            .ask_provider(ctx, slug, (&attempt, &connection), answer)
            .await?;
        match (heard, attempt.purpose) {
            (heard, Purpose::Test(_)) => {
                self.end_test(ctx, slug, (&attempt, &connection), answer, heard)
                    .await
            }
            (Err(refused), _) => {
                let tx = self.in_workspace_behind(slug).await?;
                self.refuse_attempt(tx, ctx, &attempt, &connection, refused.why)
                    .await
            }
            (Ok(heard), Purpose::SignIn) => self.sign_in_as(ctx, slug, attempt, heard.said).await,
            (Ok(heard), Purpose::Link(session)) => {
                self.link_session(ctx, slug, (attempt, session), heard.said).await
            }
        }
    }

    async fn ask_provider(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        (attempt, connection): (&Attempt, &Connection),
        answer: Returning<'_>,
    ) -> Result<Result<Heard, RefusedAt>, IamError> {
        let refused = |at, why| Ok(Err(RefusedAt { at, why }));
        let upstream = match self.upstream(connection).await {
            Ok(upstream) => upstream,
            Err(refusal) => return refused(TestStage::Provider, refusal),
        };
        if answer.kind != connection.preset.callback() || !upstream.sent(answer.iss) {
            return refused(TestStage::Answer, ConnectionRefusal::OtherIssuer);
        }
        let Some(code) = answer.code else {
            return refused(TestStage::Answer, ConnectionRefusal::Denied);
        };
        let secret = self.open_client_secret(connection.id, &connection.client_secret)?;
        let redirect_uri = self.redirect_uri(ctx, slug, connection.preset);
        let ties = self.ties(attempt.id, &redirect_uri);
        let code = (code, attempt.created_at);
        let heard = self.redeem_upstream(connection, &secret, code, &ties).await;
        let named = |mut heard: Heard| {
            if connection.preset == Preset::Apple {
                heard.said.name = heard.said.name.or(answer.name.map(str::to_owned));
            }
            heard
        };
        Ok(heard.map(named).map_err(RefusedAt::from))
    }

    /// Signs in whom a provider vouches for: whoever is known by it, else as [`newcomer`](Self::newcomer) has it.
    async fn sign_in_as(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        attempt: Attempt,
        said: Said,
    ) -> Result<Outcome, IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        let Some(connection) = tx.hold_connection(attempt.connection_id).await? else {
            return Err(ErrorCode::ConnectionExpired.into());
        };
        if !connection.welcomes(&said.subject) {
            let refusal = ConnectionRefusal::OtherTenant;
            return self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await;
        }
        let known = tx
            .identity(connection.id, &connection.issuer, &said.subject)
            .await?;
        if let Some(person) = known {
            tx.use_identity(connection.id, &said.subject, self.now()).await?;
            return match tx.hold_user(person).await? {
                Some(person) => {
                    let address = person.address()?;
                    let vouched = Vouched {
                        slug,
                        attempt: &attempt,
                        connection: connection.id,
                        who: (person.id, &address),
                    };
                    self.let_in_vouched(tx, ctx, vouched, (Vec::new(), None)).await
                }
                None => {
                    let refusal = ConnectionRefusal::Disabled;
                    self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await
                }
            };
        }
        match self.newcomer(&mut tx, &connection, &said).await? {
            Newcomer::LetIn(address) => {
                self.let_newcomer_in(tx, ctx, (slug, &attempt, &connection), (&said, &address))
                    .await
            }
            Newcomer::Prove(address) => {
                drop(tx);
                self.ask_for_proof(ctx, slug, &attempt, &connection, (&said, &address))
                    .await
            }
            Newcomer::Refuse(refusal) => self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await,
        }
    }

    pub(super) async fn let_in_vouched(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        vouched: Vouched<'_>,
        (made, created): (Vec<Event>, Option<Event>),
    ) -> Result<Outcome, IamError> {
        let workspace_id = tx.workspace_id();
        let proved = Proved {
            user_id: vouched.who.0,
            address: vouched.who.1,
            methods: METHODS.map(str::to_owned).to_vec(),
            return_to: ReturnTo {
                workspace_id: Some(workspace_id),
                authorization_id: vouched.attempt.authorization_id,
            },
            is_new: created.is_some(),
            steps_up: false,
            model: None,
            step: vouched.attempt.id.uuid(),
            through: Some(Through {
                workspace_id,
                slug: vouched.slug.clone(),
                connection_id: vouched.connection,
            }),
            made,
        };
        let step = self.let_in(tx, ctx, proved, created).await?;
        Ok(Outcome::Proved(Box::new(step)))
    }

    /// Refuses a sign-in for good and tells the log why.
    pub(super) async fn refuse_attempt<T>(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        attempt: &Attempt,
        connection: &Connection,
        refusal: ConnectionRefusal,
    ) -> Result<T, IamError> {
        tx.attempt_failed(attempt.id, self.now()).await?;
        let told = Told::connection_refused(connection.id, connection.settings.name.as_str(), refusal);
        self.refuse(tx, ctx.acting(), told, code_of(refusal)).await
    }

    /// What a sign-in came to that came back a moment ago, perhaps still is at the provider.
    async fn repeat_attempt(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        id: ConnectionAttemptId,
    ) -> Result<Outcome, IamError> {
        for _ in 0..WAITS {
            let mut tx = self.in_workspace_behind(slug).await?;
            let workspace_id = tx.workspace_id();
            let attempt = tx
                .attempt(id)
                .await?
                .and_then(|attempt: Bound<Attempt>| attempt.at(&ctx.here()));
            let Some(attempt) = attempt.filter(|attempt| attempt.failed_at.is_none()) else {
                break;
            };
            if let Some(challenge) = attempt.challenge_id {
                return Ok(Outcome::ProveAddress(challenge));
            }
            if let Purpose::Test(_) = attempt.purpose
                && tx.trace(id).await?.is_some()
            {
                return Ok(Outcome::Tested(attempt.connection_id, id));
            }
            if let Purpose::Link(_) = attempt.purpose {
                let person = ctx.actor()?.user.id;
                if tx.is_linked(person, attempt.connection_id).await? {
                    return Ok(Outcome::Linked);
                }
            }
            drop(tx);
            let return_to = ReturnTo {
                workspace_id: Some(workspace_id),
                authorization_id: attempt.authorization_id,
            };
            if let Some(step) = self.repeat(ctx, return_to, id.uuid(), None).await? {
                return Ok(Outcome::Proved(Box::new(step)));
            }
            tokio::time::sleep(WAIT).await;
        }
        Err(ErrorCode::ConnectionExpired.into())
    }
}

/// Somebody whom a provider vouches for.
pub(super) struct Vouched<'a> {
    pub slug: &'a Slug,
    pub attempt: &'a Attempt,
    pub connection: ConnectionId,
    pub who: (UserId, &'a Email),
}
