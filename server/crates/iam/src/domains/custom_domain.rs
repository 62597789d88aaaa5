//! A workspace's own domain, which its people and apps reach it at.

use crate::{IamError, ctx::CustomDomain, domains::Domains};

impl Domains<'_> {
    /// The workspace whose own host this is; nothing for the platform's, and for hosts that nobody has proved.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn custom_domain(self, host: &str) -> Result<Option<CustomDomain>, IamError> {
        if self.core.is_platform_host(host) {
            return Ok(None);
        }
        let Some((id, slug)) = self.core.deps.store.workspace_of_host(host).await? else {
            return Ok(None);
        };
        let mut url = self.core.deps.public_url.clone();
        url.set_host(Some(host))
            .map_err(|_| IamError::Fault("stored host"))?;
        Ok(Some(CustomDomain {
            id,
            slug,
            host: host.to_owned(),
            origin: url.origin().ascii_serialization(),
        }))
    }
}
