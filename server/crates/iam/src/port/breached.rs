//! Passwords that became known.

/// Knows passwords that became known.
pub trait BreachedPasswords: Send + Sync {
    /// Whether the password with this SHA-1 is one of them. May read files.
    ///
    /// # Errors
    /// What it knows cannot be read.
    fn contains(&self, sha1: &[u8; 20]) -> std::io::Result<bool>;
}
