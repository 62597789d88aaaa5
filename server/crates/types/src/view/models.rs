//! Models of authenticators, where somebody cares which.

use serde::{Deserialize, Serialize};

/// A model of authenticators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelView {
    /// Which one: its AAGUID.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
}

/// The models that count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelsView {
    /// Those that are named; any counts where none is.
    pub named: Vec<ModelView>,
    /// Names of those that can be named too.
    pub offered: Vec<String>,
}
