//! Trying a provider out: the same way there and back as a sign-in, which signs nobody in and links nobody. What it came to is for
//! the session that began it.

use super::{
    Connections,
    begin::Begun,
    callback::{Outcome, Returning},
    manage::card,
    newcomer::Newcomer,
    trace::{self, failed, person, shown, step},
};
use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit, upstream::Heard},
    ctx::Acting,
};
use iam_domain::{
    audit::{ConnectionRefusal, Told},
    connections::{
        attempt::{Attempt, Purpose, Said},
        connection::Connection,
    },
    sign_in::email_challenge::ReturnTo,
};
use iam_store::WorkspaceTx;
use iam_types::{
    ConnectionAttemptId, ConnectionId, ErrorCode, SessionId, Slug,
    view::{ConnectionTestView, ConnectionTrace, TestResult, TestStage, TestStep},
};
use url::Url;

/// A test that begins.
pub enum TrialBegun {
    /// The browser goes to the provider.
    Sent(Begun),
    /// It is over: there is no way there.
    Over(ConnectionAttemptId),
}

/// Why a sign-in came to nothing, and how far it came.
pub(super) struct RefusedAt {
    pub at: TestStage,
    pub why: ConnectionRefusal,
}

impl From<ConnectionRefusal> for RefusedAt {
    /// Of what went wrong when a code was redeemed.
    fn from(why: ConnectionRefusal) -> Self {
        use ConnectionRefusal as Why;
        let at = match why {
            Why::OtherIssuer
            | Why::OtherAudience
            | Why::OtherNonce
            | Why::Expired
            | Why::Signature
            | Why::Token
            | Why::OtherTenant => TestStage::Claims,
            Why::Discovery => TestStage::Provider,
            _ => TestStage::Token,
        };
        Self { at, why }
    }
}

impl Connections<'_> {
    /// Sends somebody to a provider to try it out, be it shut or not.
    ///
    /// # Errors
    /// As [`create`](Self::create); [`ErrorCode::NotFound`], [`ErrorCode::RateLimited`].
    pub async fn begin_test(self, ctx: &Ctx, slug: &Slug, id: ConnectionId) -> Result<TrialBegun, IamError> {
        let mut scope = self.core.enter_for_connections(ctx, slug).await?;
        scope.require_recent()?;
        let connection = scope.tx.connection(id).await?.ok_or(ErrorCode::NotFound)?;
        let session = scope.actor.session.id;
        drop(scope);
        self.core.limit(Limit::ConnectionBegin, &ctx.network()).await?;
        let what_for = (Purpose::Test(session), ReturnTo::default(), None);
        let (attempt, begun) = self.core.way_to_provider(ctx, slug, &connection, what_for).await;
        match begun {
            Ok(begun) => {
                let begun = self.core.keep_attempt(ctx, slug, &attempt, begun).await?;
                Ok(TrialBegun::Sent(begun))
            }
            Err(why) => {
                let refused = RefusedAt {
                    at: TestStage::Provider,
                    why,
                };
                let mut tx = self.core.in_workspace_behind(slug).await?;
                tx.insert_attempt(&attempt, &ctx.here()).await?;
                tx.consume_attempt(attempt.id, self.core.now()).await?;
                self.core
                    .conclude_test(tx, ctx, (&attempt, &connection), failed(refused, Vec::new()))
                    .await?;
                Ok(TrialBegun::Over(attempt.id))
            }
        }
    }

    /// What a test came to, for the session that began it and for as long as the test could have taken.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`].
    pub async fn test(
        self,
        ctx: &Ctx,
        slug: &Slug,
        (id, test): (ConnectionId, ConnectionAttemptId),
    ) -> Result<ConnectionTestView, IamError> {
        let mut scope = self.core.enter_for_connections(ctx, slug).await?;
        let own = Purpose::Test(scope.actor.session.id);
        let attempt = scope.tx.attempt(test).await?;
        let attempt = attempt.and_then(|attempt| attempt.at(&ctx.here()));
        let found = attempt.filter(|attempt| {
            attempt.connection_id == id && attempt.purpose == own && self.core.now() < attempt.expires_at
        });
        found.ok_or(ErrorCode::NotFound)?;
        let sealed = scope.tx.trace(test).await?.ok_or(ErrorCode::NotFound)?;
        let plain = self.core.deps.master_keys.open(&row(test), &sealed)?;
        let trace = serde_json::from_slice(&plain).map_err(|_| IamError::Fault("trace of a test"))?;
        let connection = scope.tx.connection(id).await?.ok_or(ErrorCode::NotFound)?;
        Ok(ConnectionTestView {
            connection: card(&connection),
            workspace: scope.card(),
            trace,
        })
    }
}

impl Core {
    /// That whoever comes back from a test is the session that began it, and still may.
    pub(super) async fn require_tester(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        session: SessionId,
    ) -> Result<(), IamError> {
        let scope = self.enter_for_connections(ctx, slug).await?;
        if scope.actor.session.id == session {
            Ok(())
        } else {
            Err(ErrorCode::ConnectionExpired.into())
        }
    }

    /// Keeps what a test came to. Nothing else is written: nobody is signed in, linked or made.
    pub(super) async fn end_test(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        (attempt, connection): (&Attempt, &Connection),
        answer: Returning<'_>,
        heard: Result<Heard, RefusedAt>,
    ) -> Result<Outcome, IamError> {
        let mut steps = self.steps_before(ctx, slug, (attempt, connection), answer).await;
        let mut tx = self.in_workspace_behind(slug).await?;
        let trace = match heard {
            Err(refused) => failed(refused, steps),
            Ok(heard) => {
                steps.push(step(TestStage::Token, Vec::new()));
                let claims = heard.claims.into_iter();
                let claims = claims.map(|(name, value)| (name, shown(value)));
                steps.push(step(TestStage::Claims, claims.collect()));
                steps.push(step(TestStage::Person, person(&heard.said)));
                let groups = match &heard.groups {
                    Some((_, values)) => Some(self.names_of_mapped(&mut tx, connection.id, values).await?),
                    None => None,
                };
                ConnectionTrace {
                    steps,
                    groups,
                    address: Some(self.word_on(&mut tx, connection, &heard.said).await?),
                    result: self.would_come_to(&mut tx, connection, &heard.said).await?,
                }
            }
        };
        self.conclude_test(tx, ctx, (attempt, connection), trace).await?;
        Ok(Outcome::Tested(connection.id, attempt.id))
    }

    /// What was done before the code was redeemed.
    async fn steps_before(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        (attempt, connection): (&Attempt, &Connection),
        answer: Returning<'_>,
    ) -> Vec<TestStep> {
        let Ok(upstream) = self.upstream(connection).await else {
            return Vec::new();
        };
        let facts = upstream.facts().into_iter();
        let facts = facts.map(|(name, value)| (name.to_owned(), value)).collect();
        let redirect_uri = self.redirect_uri(ctx, slug, connection.preset);
        let ties = self.ties(attempt.id, &redirect_uri);
        let asked = upstream
            .authorize_url(connection, ("", None), &ties)
            .unwrap_or_default();
        let asked = Url::parse(&asked).ok();
        let asked = asked.iter().flat_map(Url::query_pairs);
        let asked = asked.map(|(name, value)| (name.into_owned(), value.into_owned()));
        let mut steps = vec![
            step(TestStage::Provider, facts),
            step(TestStage::Request, asked.collect()),
        ];
        let hidden = answer.code.map(|_| "…");
        let facts = [
            ("code", hidden),
            ("iss", answer.iss),
            ("error", answer.error),
            ("error_description", answer.error_description),
        ];
        let facts = facts.into_iter();
        let facts = facts.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        steps.push(step(TestStage::Answer, facts.collect()));
        steps
    }

    async fn names_of_mapped(
        &self,
        tx: &mut WorkspaceTx,
        id: ConnectionId,
        values: &[String],
    ) -> Result<Vec<String>, IamError> {
        let mapped = self.mapped_groups(tx, id, values).await?;
        let groups = tx.groups(None).await?.into_iter();
        let given = groups.filter(|group| mapped.iter().any(|(_, id)| *id == group.id));
        Ok(given.map(|group| group.name).collect())
    }

    /// What a sign-in would come to, asked of the same steps that decide it.
    async fn would_come_to(
        &self,
        tx: &mut WorkspaceTx,
        connection: &Connection,
        said: &Said,
    ) -> Result<TestResult, IamError> {
        let refused =
            |why: ConnectionRefusal| TestResult::Refused(TestStage::Person, why.as_str().to_owned());
        let known = tx
            .identity(connection.id, &connection.issuer, &said.subject)
            .await?;
        if let Some(person) = known {
            return Ok(match tx.hold_user(person).await? {
                Some(_) => TestResult::SignsIn,
                None => refused(ConnectionRefusal::Disabled),
            });
        }
        Ok(match self.newcomer(tx, connection, said).await? {
            Newcomer::LetIn(_) => TestResult::MakesAccount,
            Newcomer::Prove(_) => TestResult::ProvesAddress,
            Newcomer::Refuse(why) => refused(why),
        })
    }

    async fn conclude_test(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        (attempt, connection): (&Attempt, &Connection),
        mut trace: ConnectionTrace,
    ) -> Result<(), IamError> {
        let actor = ctx.actor.as_ref().ok_or(ErrorCode::SignInRequired)?;
        let plain = trace::kept(&mut trace).map_err(|_| IamError::Fault("trace of a test"))?;
        tx.keep_trace(attempt.id, &self.seal(&row(attempt.id), &plain)?)
            .await?;
        let result = match &trace.result {
            TestResult::SignsIn => "signs_in",
            TestResult::MakesAccount => "makes_account",
            TestResult::ProvesAddress => "proves_address",
            TestResult::Refused(_, why) => why,
        };
        let told = Told::connection_tested(connection.id, connection.settings.name.as_str(), result);
        self.commit(tx, Acting::User(actor.user.id, ctx), told).await
    }
}

fn row(id: ConnectionAttemptId) -> String {
    format!("trace of {id}")
}
