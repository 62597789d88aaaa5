//! How workspaces look.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{branding::brand::Colour, core::visible::TextLines};
use iam_types::LogoId;

/// How a workspace looks.
#[derive(Debug, Clone)]
pub struct BrandSettings {
    /// Its name.
    pub name: String,
    /// Its accent colour.
    pub accent: Option<Colour>,
    /// What it says to those who sign in, empty for nothing.
    pub login_text: String,
    /// Where they get help, empty for nowhere.
    pub support: String,
    /// Its logo.
    pub logo: Option<LogoId>,
}

impl WorkspaceTx {
    /// How the workspace looks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn brand_settings(&mut self) -> Result<BrandSettings, StoreError> {
        let id = self.workspace_id.uuid();
        let row = sqlx::query!(
            r#"SELECT w.name, w.accent, w.login_text, w.support, g.id AS "logo?"
               FROM workspaces w
               LEFT JOIN workspace_logos g ON g.workspace_id = w.id
               WHERE w.id = $1"#,
            id
        )
        .fetch_one(self.conn())
        .await?;
        Ok(BrandSettings {
            name: row.name,
            accent: row
                .accent
                .map(|text| text.parse())
                .transpose()
                .map_err(|_| StoreError::Inconsistent("workspaces"))?,
            login_text: row.login_text,
            support: row.support,
            logo: row.logo.map(LogoId::from_uuid),
        })
    }

    /// Changes how it looks, but for the logo.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_brand_settings(
        &mut self,
        accent: Option<Colour>,
        login_text: &TextLines,
        support: &str,
    ) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspaces SET accent = $2, login_text = $3, support = $4 WHERE id = $1",
            id,
            accent.map(|colour| colour.to_string()),
            login_text.as_str(),
            support
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Puts a logo in place of any other, or takes it away.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_logo(
        &mut self,
        logo: Option<(LogoId, &[u8])>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "DELETE FROM workspace_logos WHERE workspace_id = $1",
            workspace_id
        )
        .execute(self.conn())
        .await?;
        if let Some((id, png)) = logo {
            sqlx::query!(
                "INSERT INTO workspace_logos (workspace_id, id, png, created_at) VALUES ($1, $2, $3, $4)",
                workspace_id,
                id.uuid(),
                png,
                now
            )
            .execute(self.conn())
            .await?;
        }
        Ok(())
    }

    /// A logo's PNG.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn logo(&mut self, id: LogoId) -> Result<Option<Vec<u8>>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT png FROM workspace_logos WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?)
    }
}
