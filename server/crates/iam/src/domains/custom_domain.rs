//! A workspace's own domain, which its people and apps reach it at.

use crate::{IamError, core::Core, ctx::CustomDomain, domains::Domains};
use iam_types::ErrorCode;
use serde::Serialize;

/// What `/.well-known/webauthn` says (WebAuthn Level 3, 5.11.1).
#[derive(Debug, Serialize)]
pub struct RelatedOrigins {
    /// The origins that may use passkeys of the platform.
    pub origins: Vec<String>,
}

impl Domains<'_> {
    /// The workspace whose own host this is; nothing for the platform's, and for hosts that nobody has proved.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn custom_domain(self, host: &str) -> Result<Option<CustomDomain>, IamError> {
        if self.core.is_platform_host(host) {
            return Ok(None);
        }
        let Some(own) = self.core.deps.store.workspace_of_host(host).await? else {
            return Ok(None);
        };
        Ok(Some(CustomDomain {
            id: own.workspace_id,
            slug: own.slug,
            host: host.to_owned(),
            origin: self.core.origin_of_host(host)?,
            passkeys: own.passkeys && self.core.relying_party.is_some(),
        }))
    }

    /// The origins of own hosts at which passkeys of the platform work (WebAuthn Level 3, 5.11). Browsers ask for them at the host
    /// that passkeys belong to.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where there are none; [`IamError::Store`].
    pub async fn related_origins(self) -> Result<RelatedOrigins, IamError> {
        let hosts = match self.core.relying_party {
            Some(_) => self.core.deps.store.hosts_with_passkeys().await?,
            None => Vec::new(),
        };
        if hosts.is_empty() {
            return Err(ErrorCode::NotFound.into());
        }
        let origins = hosts.iter().map(|host| self.core.origin_of_host(host));
        Ok(RelatedOrigins {
            origins: origins.collect::<Result<_, _>>()?,
        })
    }
}

impl Core {
    /// How a workspace's own host is reached: as the platform is, but for the name.
    fn origin_of_host(&self, host: &str) -> Result<String, IamError> {
        let mut url = self.deps.public_url.clone();
        url.set_host(Some(host))
            .map_err(|_| IamError::Fault("stored host"))?;
        Ok(url.origin().ascii_serialization())
    }
}
