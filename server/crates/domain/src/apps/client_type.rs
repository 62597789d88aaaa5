//! Kinds of OAuth clients.

use crate::core::text::stored_as_text;

/// Whether the app can keep a secret (RFC 6749 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientType {
    /// A server that authenticates with its secret.
    Confidential,
    /// A browser or native app that has none.
    Public,
}

stored_as_text!(ClientType { Confidential = "confidential", Public = "public" });
