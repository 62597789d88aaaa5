//! RFC 9457 problem details.

use iam_types::ErrorCode;
use serde::Serialize;

/// `application/problem+json`.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A failure as API clients read it.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// `about:blank` with the status's own title (RFC 9457 4.2.1).
    pub r#type: &'static str,
    /// Short summary.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable name of the failure.
    pub code: ErrorCode,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Problem {
    /// The problem for `code`.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            r#type: "about:blank",
            title: code.as_str().replace('_', " "),
            status: code.status(),
            code,
            field: None,
        }
    }
}
