//! Recovery of people who lost their second factors.

use crate::RecoveryId;
use serde::{Deserialize, Serialize};

/// A recovery under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCard {
    /// Which one.
    pub id: RecoveryId,
    /// Whether an operator began it, not an admin of a workspace.
    pub by_operator: bool,
    /// The name of that workspace, or of the platform.
    pub place: String,
    /// Primary address of who began it, empty when they are gone.
    pub begun_by: String,
    /// Why.
    pub reason: String,
    /// Whether it takes passkeys too.
    pub with_passkeys: bool,
    /// When it began.
    pub begun_at: i64,
    /// From when on it counts.
    pub counts_at: i64,
    /// Until when.
    pub expires_at: i64,
    /// When the person objected.
    pub objected_at: Option<i64>,
}

/// Who recovers somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recoverable {
    /// The viewer.
    Here,
    /// Operators alone.
    ByOperators,
    /// Nobody: there is no second factor that could be lost.
    NotNeeded,
}

/// How somebody can be recovered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryView {
    /// By whom.
    pub by: Recoverable,
    /// What is under way.
    pub running: Option<RecoveryCard>,
}
