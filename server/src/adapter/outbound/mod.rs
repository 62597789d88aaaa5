//! The one client for addresses that people name: identity providers and, one day, webhooks. It asks public addresses over TLS
//! and those that the operator allows, follows nobody, and takes so much in so long and no more.

pub mod reach;

use async_trait::async_trait;
use http::{Request, Response};
use iam::port::outbound::{Outbound, OutboundError};
use reach::Allowed;
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use std::{error::Error, fmt, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::lookup_host, time::timeout};
use url::Url;

/// How much an answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Until somebody answers at all.
    pub connect: Duration,
    /// Until the answer is read to its end.
    pub total: Duration,
    /// So many bytes.
    pub bytes: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            total: Duration::from_secs(5),
            bytes: 256 * 1024,
        }
    }
}

/// The client.
pub struct HttpOutbound {
    allowed: Arc<Allowed>,
    caps: Caps,
    secure: Client,
    plain: Client,
}

impl HttpOutbound {
    /// A client that asks what is public and what is `allowed`.
    ///
    /// # Errors
    /// This machine has no certificates to check others by.
    pub fn new(allowed: Allowed, caps: Caps) -> reqwest::Result<Self> {
        let allowed = Arc::new(allowed);
        let client = |tls| {
            Client::builder()
                .dns_resolver(Checked {
                    allowed: Arc::clone(&allowed),
                    tls,
                })
                .https_only(tls)
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .connect_timeout(caps.connect)
                // No connection outlives the answer for which its address was checked.
                .pool_max_idle_per_host(0)
                .user_agent(concat!("rooiam/", env!("CARGO_PKG_VERSION")))
                .build()
        };
        Ok(Self {
            secure: client(true)?,
            plain: client(false)?,
            allowed,
            caps,
        })
    }

    async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| OutboundError::Barred)?;
        if !self.allowed.may_ask(&url) {
            return Err(OutboundError::Barred);
        }
        let client = if url.scheme() == "https" {
            &self.secure
        } else {
            &self.plain
        };
        let sent = client
            .request(parts.method, url)
            .headers(parts.headers)
            .body(body)
            .send();
        let mut answer = sent.await.map_err(|error| failure(&error))?;
        if answer.status().is_redirection() {
            return Err(OutboundError::Redirected);
        }
        let mut response = Response::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        let body = response.body_mut();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + chunk.len() > self.caps.bytes {
                return Err(OutboundError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response)
    }
}

#[async_trait]
impl Outbound for HttpOutbound {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError> {
        let asked = timeout(self.caps.total, self.ask(request)).await;
        asked.unwrap_or(Err(OutboundError::Slow))
    }
}

/// Nothing of what a name resolves to may be asked.
#[derive(Debug)]
struct Barred;

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no address that may be asked")
    }
}

impl Error for Barred {}

/// Resolves a name and leaves of its addresses those that may be asked: whoever connects gets no others, however often the name
/// changes.
struct Checked {
    allowed: Arc<Allowed>,
    tls: bool,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, tls) = (Arc::clone(&self.allowed), self.tls);
        Box::pin(async move {
            let name = name.as_str();
            let found = lookup_host((name, 0)).await?;
            let good: Vec<SocketAddr> = found
                .filter(|address| allowed.lets_through(name, address.ip(), tls))
                .collect();
            if good.is_empty() {
                return Err(Barred.into());
            }
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}

fn failure(error: &reqwest::Error) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<Barred>() {
            return OutboundError::Barred;
        }
        cause = error.source();
    }
    if error.is_timeout() {
        OutboundError::Slow
    } else {
        OutboundError::Unreachable
    }
}

#[cfg(test)]
mod tests;
