//! What a test of a connection shows.

use crate::view::{ConnectionCard, WorkspaceCard};
use serde::{Deserialize, Serialize};

/// A part of a sign-in at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TestStage {
    /// What the provider publishes, or where it is.
    Provider,
    /// What it is asked.
    Request,
    /// What the browser brings back.
    Answer,
    /// What the code becomes.
    Token,
    /// What the provider says of the person.
    Claims,
    /// Who that is here.
    Person,
}

impl TestStage {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [
        Self::Provider,
        Self::Request,
        Self::Answer,
        Self::Token,
        Self::Claims,
        Self::Person,
    ];
}

/// What one of them came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStep {
    /// Which one.
    pub stage: TestStage,
    /// Names and values as the protocol has them. No secret is among them.
    pub facts: Vec<(String, String)>,
}

/// Whether the address counts that a provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressWord {
    /// It says none that is one.
    Missing,
    /// It does not say that it verified it.
    Unverified,
    /// It does not say that the account is one of the address's domain.
    NotOfDomain,
    /// The address is at no domain of the workspace.
    OtherDomain,
    /// It counts.
    Counts,
}

/// What a sign-in would have come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TestResult {
    /// An account that is linked is signed in.
    SignsIn,
    /// A new account is made.
    MakesAccount,
    /// The address is proved by mail first.
    ProvesAddress,
    /// Nothing, and why.
    Refused(TestStage, String),
}

/// What a test came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTrace {
    /// What was done, in order. Where the test failed, the last one did.
    pub steps: Vec<TestStep>,
    /// Whether the address counts, where the test came so far.
    pub address: Option<AddressWord>,
    /// What a sign-in would have come to.
    pub result: TestResult,
    /// The names of the groups that it would give a member, where it gives any.
    #[serde(default)]
    pub groups: Option<Vec<String>>,
}

/// The page of a test, for whoever began it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTestView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The provider.
    pub connection: ConnectionCard,
    /// What it came to.
    pub trace: ConnectionTrace,
}
