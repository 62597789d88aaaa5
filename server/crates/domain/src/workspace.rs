//! A workspace and a person's place in it.

use crate::app::stored_as_text;
use iam_types::{ErrorCode, Role, Slug, WorkspaceId};
use std::{fmt, str::FromStr};

/// Who may sign in to a workspace's apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Only people who are members already.
    Members,
    /// Whoever proves an address joins as a member.
    Open,
}

stored_as_text!(Admission { Members = "members", Open = "open" });

/// A workspace's settings.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Which one.
    pub id: WorkspaceId,
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Who may sign in to its apps.
    pub admission: Admission,
}

/// A workspace as one of its members sees it.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The workspace.
    pub workspace: Workspace,
    /// The person's role in it.
    pub role: Role,
}

/// Parses a name shown to people: trimmed, 1 to 80 characters, no control characters.
///
/// # Errors
/// [`ErrorCode::InvalidName`].
pub fn parse_name(text: &str) -> Result<String, ErrorCode> {
    let name = text.trim();
    let fits = (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits {
        Ok(name.to_owned())
    } else {
        Err(ErrorCode::InvalidName)
    }
}
