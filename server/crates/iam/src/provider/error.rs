//! Failures of the provider's use cases.

use crate::IamError;
use iam_protocol::{jose::JoseError, oauth::error::OAuthError};
use iam_store::StoreError;
use iam_types::ErrorCode;
use thiserror::Error;

/// Why an app does not get what it asked for.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// An answer in OAuth's own words.
    #[error("{}", .0.error.as_str())]
    OAuth(OAuthError),
    /// As any use case fails.
    #[error(transparent)]
    Iam(#[from] IamError),
}

impl From<OAuthError> for ProviderError {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<ErrorCode> for ProviderError {
    fn from(code: ErrorCode) -> Self {
        Self::Iam(code.into())
    }
}

impl From<StoreError> for ProviderError {
    fn from(error: StoreError) -> Self {
        Self::Iam(error.into())
    }
}

impl From<JoseError> for ProviderError {
    fn from(error: JoseError) -> Self {
        Self::Iam(error.into())
    }
}
