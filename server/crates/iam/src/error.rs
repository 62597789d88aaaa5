//! Failures of use cases.

use iam_protocol::jose::JoseError;
use iam_store::{Conflict, StoreError};
use iam_types::ErrorCode;
use std::time::Duration;
use thiserror::Error;

/// Why a use case did not happen.
#[derive(Debug, Error)]
pub enum IamError {
    /// Something the caller can act on.
    #[error("{0}")]
    Refused(ErrorCode),
    /// Too much of it.
    #[error("too much of it")]
    RateLimited {
        /// When there is room for one more.
        retry_after: Duration,
    },
    /// The store failed.
    #[error("store failure")]
    Store(#[from] StoreError),
    /// A key failed.
    #[error("key failure")]
    Jose(#[from] JoseError),
    /// A sealed value failed.
    #[error("sealing failure")]
    Seal(#[from] crate::core::sealing::SealError),
    /// Something that cannot happen did.
    #[error("fault: {0}")]
    Fault(&'static str),
}

impl From<ErrorCode> for IamError {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code)
    }
}

impl IamError {
    /// The seconds after which there is room for one more, for `Retry-After` (RFC 9110 10.2.3), if that is what is wrong.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after } => {
                let begun = u64::from(retry_after.subsec_nanos() > 0);
                Some((retry_after.as_secs() + begun).max(1))
            }
            _ => None,
        }
    }

    /// The one mapping to what people and API clients see. Details of faults stay here.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(code) => *code,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::Store(StoreError::Conflict(Conflict::Name)) => ErrorCode::NameTaken,
            Self::Store(StoreError::Conflict(Conflict::Slug)) => ErrorCode::SlugTaken,
            Self::Store(StoreError::Conflict(Conflict::Domain)) => ErrorCode::DomainTaken,
            Self::Store(StoreError::Ceiling) => ErrorCode::CeilingReached,
            Self::Store(StoreError::LastOwner) => ErrorCode::LastOwner,
            Self::Store(error) if error.is_bad_value() => ErrorCode::InvalidInput,
            Self::Store(error) if error.is_unforeseen_conflict() => ErrorCode::Internal,
            Self::Store(StoreError::Database(_)) => ErrorCode::Unavailable,
            Self::Store(_) | Self::Jose(_) | Self::Seal(_) | Self::Fault(_) => ErrorCode::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_as_none() {
        let after = |millis| {
            IamError::RateLimited {
                retry_after: Duration::from_millis(millis),
            }
            .retry_after()
        };
        assert_eq!(
            [after(0), after(1), after(1000), after(1001)],
            [1, 1, 1, 2].map(Some)
        );
        assert_eq!(IamError::from(ErrorCode::NotFound).retry_after(), None);
    }
}
