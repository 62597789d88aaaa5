//! How a workspace looks.

use crate::view::WorkspaceCard;
use serde::{Deserialize, Serialize};

/// How a workspace looks to those who sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// The workspace's name.
    pub name: String,
    /// Address of its logo on this server.
    pub logo: Option<String>,
    /// Address of its colours on this server, as a style sheet.
    pub style: Option<String>,
    /// What it says to those who sign in, empty for nothing.
    pub login_text: String,
    /// Where they get help, empty for nowhere.
    pub support: String,
}

/// The page where a workspace's look is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandingView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// How it looks now.
    pub brand: Brand,
    /// Its accent colour, `#rrggbb`, or empty for ours.
    pub accent: String,
    /// Whether the viewer may change it.
    pub may_update: bool,
}
