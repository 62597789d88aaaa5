//! Models of authenticators that are believed no more.

use crate::{IamError, sign_in::SignIn};

impl SignIn<'_> {
    /// Takes back what was shown of authenticators whose models are believed no more. Every node may do so.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn withdraw_models(self) -> Result<(), IamError> {
        let known = self.core.deps.models.as_ref();
        let lost = known.map(|known| known.compromised()).unwrap_or_default();
        if lost.is_empty() {
            return Ok(());
        }
        let store = &self.core.deps.store;
        let withdrawn = store.withdraw_models(&lost).await?;
        if withdrawn > 0 {
            tracing::warn!(withdrawn, "passkeys of authenticators that are believed no more");
        }
        for workspace in store.workspace_ids().await? {
            store.withdraw_models_in(workspace, &lost).await?;
        }
        Ok(())
    }
}
