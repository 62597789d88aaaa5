//! What is kept of a test for whoever began it: no secrets, and not all that others say.

use super::trial::RefusedAt;
use iam_domain::{connections::attempt::Said, core::visible::drawn};
use iam_types::view::{ConnectionTrace, TestResult, TestStage, TestStep};
use serde_json::Value;

/// The most that is shown of one value.
const LONGEST: usize = 300;
/// The most bytes of all, before they are sealed: the column takes 64 KB.
const MOST_KEPT: usize = 60 * 1024;
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

pub(super) fn failed(refused: RefusedAt, mut steps: Vec<TestStep>) -> ConnectionTrace {
    steps.retain(|step| step.stage <= refused.at);
    let missing = TestStage::ALL
        .into_iter()
        .filter(|stage| *stage <= refused.at && steps.iter().all(|step| step.stage != *stage));
    let missing: Vec<_> = missing.map(|stage| step(stage, Vec::new())).collect();
    steps.extend(missing);
    ConnectionTrace {
        steps,
        address: None,
        groups: None,
        result: TestResult::Refused(refused.at, refused.why.as_str().to_owned()),
    }
}

pub(super) fn person(said: &Said) -> Vec<(String, String)> {
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
pub(super) fn step(stage: TestStage, facts: Vec<(String, String)>) -> TestStep {
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

pub(super) fn shown(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// What others say may be long, and hold signs that do things to a page's text.
fn cut(text: &str) -> String {
    let mut seen = drawn(text);
    let mut short: String = seen.by_ref().take(LONGEST).collect();
    if seen.next().is_some() {
        short.push('…');
    }
    short
}

/// A trace as it is kept, cut to what there is room for: the longest step gives way.
pub(super) fn kept(trace: &mut ConnectionTrace) -> serde_json::Result<Vec<u8>> {
    loop {
        let plain = serde_json::to_vec(trace)?;
        let longest = trace.steps.iter_mut().max_by_key(|step| size(step));
        match longest.filter(|step| plain.len() > MOST_KEPT && step.facts.len() > 1) {
            Some(step) => shorten(step),
            None => return Ok(plain),
        }
    }
}

fn size(step: &TestStep) -> usize {
    step.facts
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum()
}

fn shorten(step: &mut TestStep) {
    step.facts.truncate(step.facts.len() / 2);
    if let Some(last) = step.facts.last_mut() {
        *last = ("…".to_owned(), "…".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_domain::audit::ConnectionRefusal;

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
    fn what_turns_the_direction_of_text_is_not_kept() {
        let bad = "Ada\u{202e}ecalevoL\u{2066}\u{200f}\u{0}";
        assert_eq!(cut(bad), "AdaecalevoL");
        assert_eq!(cut("عادة ما"), "عادة ما");
    }

    #[test]
    fn a_trace_is_as_long_as_there_is_room_and_keeps_its_steps() -> serde_json::Result<()> {
        let facts = |sign: &str| {
            let value = sign.repeat(LONGEST);
            (0..MOST).map(|_| (value.clone(), value.clone())).collect()
        };
        let steps = TestStage::ALL.map(|stage| step(stage, facts("😀")));
        let mut trace = ConnectionTrace {
            steps: steps.into(),
            address: None,
            groups: None,
            result: TestResult::SignsIn,
        };
        let plain = kept(&mut trace)?;
        assert!(
            (MOST_KEPT / 4..=MOST_KEPT).contains(&plain.len()),
            "{}",
            plain.len()
        );
        assert_eq!(trace.steps.len(), TestStage::ALL.len());
        for step in &trace.steps {
            assert_eq!(step.facts.last().map(|(name, _)| name.as_str()), Some("…"));
        }
        // One that fits stays as it is.
        let mut short = ConnectionTrace {
            steps: vec![step(TestStage::Person, facts("x"))],
            address: None,
            groups: None,
            result: TestResult::SignsIn,
        };
        let before = short.clone();
        kept(&mut short)?;
        assert_eq!(short, before);
        Ok(())
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
