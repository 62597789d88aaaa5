//! Failures as pages get them: a code, never a detail.

use iam_types::ErrorCode;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

/// Why a server function did not do it. Carries nothing private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// What happened.
    pub code: ErrorCode,
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Self { code }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match error {
            ServerFnErrorErr::Request(_) => ErrorCode::Unavailable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => ErrorCode::InvalidInput,
            _ => ErrorCode::Internal,
        };
        Self { code }
    }
}

impl From<iam::IamError> for AppError {
    fn from(error: iam::IamError) -> Self {
        let code = error.code();
        if let Some(secs) = error.retry_after() {
            crate::server::context::set_retry_after(secs);
        }
        if code.status() >= 500 {
            leptos::logging::error!(
                "server function failed: {error}: {:?}",
                std::error::Error::source(&error).map(ToString::to_string)
            );
        }
        code.into()
    }
}
