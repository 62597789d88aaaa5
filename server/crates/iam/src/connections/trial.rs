//! Trying a provider out: the same way there and back as a sign-in, which signs nobody in and links nobody. What it came to is for
//! the session that began it.

use super::{
    Connections,
    begin::Begun,
    callback::{Outcome, Returning},
    manage::card,
    newcomer::Newcomer,
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
};
use iam_store::WorkspaceTx;
use iam_types::{
    ConnectionAttemptId, ConnectionId, ErrorCode, SessionId, Slug,
    view::{ConnectionTestView, ConnectionTrace, TestResult, TestStage, TestStep},
};
use serde_json::Value;
use url::Url;

/// The most that is shown of one value.
const LONGEST: usize = 300;
/// The most values of one step.
const MOST: usize = 60;
/// What is kept from sight: secrets, and what is worth nothing to people.
const HIDDEN: [&str; 8] = [
    "state",
    "nonce",
    "code_challenge",
    "at_hash",
    "c_hash",
    "s_hash",
    "jti",
    "sid",
];

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
        let what_for = (Purpose::Test(session), None, None);
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
                ConnectionTrace {
                    steps,
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
        trace: ConnectionTrace,
    ) -> Result<(), IamError> {
        let actor = ctx.actor.as_ref().ok_or(ErrorCode::SignInRequired)?;
        let plain = serde_json::to_vec(&trace).map_err(|_| IamError::Fault("trace of a test"))?;
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

fn failed(refused: RefusedAt, mut steps: Vec<TestStep>) -> ConnectionTrace {
    steps.retain(|step| step.stage <= refused.at);
    let missing = TestStage::ALL
        .into_iter()
        .filter(|stage| *stage <= refused.at && steps.iter().all(|step| step.stage != *stage));
    let missing: Vec<_> = missing.map(|stage| step(stage, Vec::new())).collect();
    steps.extend(missing);
    ConnectionTrace {
        steps,
        address: None,
        result: TestResult::Refused(refused.at, refused.why.as_str().to_owned()),
    }
}

fn person(said: &Said) -> Vec<(String, String)> {
    let facts = [
        ("subject", Some(said.subject.clone())),
        ("email", said.email.clone()),
        ("email_verified", said.email_verified.map(|says| says.to_string())),
        ("name", said.name.clone()),
    ];
    let facts = facts.into_iter();
    facts
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// A step, with what may be seen of it.
fn step(stage: TestStage, facts: Vec<(String, String)>) -> TestStep {
    let seen = |(name, value): (String, String)| {
        let hidden = HIDDEN.contains(&name.as_str());
        let value = if hidden { "…".to_owned() } else { cut(&value) };
        (cut(&name), value)
    };
    TestStep {
        stage,
        facts: facts.into_iter().take(MOST).map(seen).collect(),
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// What others say may be long, and hold signs that do things to a page's text.
fn cut(text: &str) -> String {
    let plain = text.chars().filter(|sign| !sign.is_control());
    let mut short: String = plain.take(LONGEST).collect();
    if short.len() < text.len() && text.chars().count() > LONGEST {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_or_long_is_not_shown() {
        let facts = [
            ("state", "s3cret"),
            ("scope", "openid"),
            ("name", &"x".repeat(400)),
        ];
        let facts = facts.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let shown = step(TestStage::Request, facts.into()).facts;
        assert_eq!(shown[0].1, "…");
        assert_eq!(shown[1].1, "openid");
        assert_eq!(shown[2].1.chars().count(), LONGEST + 1);
    }

    #[test]
    fn a_test_that_failed_ends_with_the_step_that_did() {
        let done = || {
            [TestStage::Provider, TestStage::Request, TestStage::Answer]
                .map(|stage| step(stage, Vec::new()))
                .to_vec()
        };
        let last = |why: ConnectionRefusal| {
            let trace = failed(RefusedAt::from(why), done());
            trace.steps.iter().map(|step| step.stage).collect::<Vec<_>>()
        };
        assert_eq!(last(ConnectionRefusal::Code), TestStage::ALL[..4]);
        assert_eq!(last(ConnectionRefusal::Signature), TestStage::ALL[..5]);
        let denied = RefusedAt {
            at: TestStage::Answer,
            why: ConnectionRefusal::Denied,
        };
        assert_eq!(failed(denied, done()).steps.len(), 3);
        let nowhere = RefusedAt {
            at: TestStage::Provider,
            why: ConnectionRefusal::Slow,
        };
        assert_eq!(failed(nowhere, Vec::new()).steps.len(), 1);
    }
}
