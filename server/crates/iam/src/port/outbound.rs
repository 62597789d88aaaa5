//! Requests that this server makes of others, where somebody else said where to.

use async_trait::async_trait;
use http::{Request, Response};
use thiserror::Error;

/// Why a request came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OutboundError {
    /// The address may not be asked: it is no public one, or not reached over TLS.
    #[error("the address may not be asked")]
    Barred,
    /// There is no such name, nobody answers there, or not as who they should be.
    #[error("nobody answers")]
    Unreachable,
    /// The answer took too long.
    #[error("the answer took too long")]
    Slow,
    /// The answer is too long.
    #[error("the answer is too long")]
    TooLarge,
    /// The answer sends elsewhere. Nobody is followed.
    #[error("the answer sends elsewhere")]
    Redirected,
}

/// Asks servers that people named. The one way out but for mail and name servers.
#[async_trait]
pub trait Outbound: Send + Sync {
    /// Sends `request` and reads the whole answer. May be dropped at any moment.
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError>;
}
