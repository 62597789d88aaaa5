//! At which domains people sign in through a provider.

use crate::{Store, StoreError, WorkspaceTx};
use iam_types::{ConnectionId, Slug};

/// Where people with addresses at a domain sign in.
#[derive(Debug, Clone)]
pub struct SignInDomain {
    /// The workspace that has proved the domain.
    pub slug: Slug,
    /// Its provider.
    pub connection: ConnectionId,
    /// Whether they are led there from the platform's login page too.
    pub everywhere: bool,
}

impl Store {
    /// Where people with addresses at `domain` sign in, as some workspace has it that is open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_in_domain(&self, domain: &str) -> Result<Option<SignInDomain>, StoreError> {
        let row = sqlx::query!(
            "SELECT d.slug, s.connection_id, s.everywhere
             FROM sign_in_domains s
             JOIN workspace_directory d ON d.workspace_id = s.workspace_id
             WHERE s.domain = $1 AND d.suspended_at IS NULL AND d.delete_after IS NULL AND d.deleted_at IS NULL",
            domain
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            let slug = row.slug.parse();
            Ok(SignInDomain {
                slug: slug.map_err(|_| StoreError::Inconsistent("workspace_directory"))?,
                connection: ConnectionId::from_uuid(row.connection_id),
                everywhere: row.everywhere,
            })
        })
        .transpose()
    }
}

impl WorkspaceTx {
    /// Says at which domains, all proved, people sign in through a provider: at these and no others. One that had another provider of
    /// the workspace has this one now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_sign_in_domains(
        &mut self,
        id: ConnectionId,
        domains: &[String],
        everywhere: bool,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "DELETE FROM sign_in_domains WHERE workspace_id = $1 AND connection_id = $2 AND domain <> ALL ($3)",
            workspace_id,
            id.uuid(),
            domains
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO sign_in_domains (domain, workspace_id, connection_id, everywhere)
             SELECT domain, $1, $2, $4 FROM unnest($3::text[]) AS domain
             ON CONFLICT (domain) DO UPDATE SET connection_id = excluded.connection_id, everywhere = excluded.everywhere",
            workspace_id,
            id.uuid(),
            domains,
            everywhere
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Says of which domains a provider of the platform keeps the accounts: of these and no others. One that another of them kept is this
    /// one's now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_kept_domains(&mut self, id: ConnectionId, domains: &[String]) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE connections SET kept_domains = CASE
                 WHEN id = $2 THEN $3
                 ELSE ARRAY(SELECT unnest(kept_domains) EXCEPT SELECT unnest($3) ORDER BY 1)
             END
             WHERE workspace_id = $1 AND (id = $2 OR kept_domains && $3)",
            workspace_id,
            id.uuid(),
            domains
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// The open provider of the platform that keeps the accounts of a domain.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keeper_of(&mut self, domain: &str) -> Result<Option<(ConnectionId, String)>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            "SELECT id, name FROM connections WHERE workspace_id = $1 AND $2 = ANY (kept_domains) AND disabled_at IS NULL",
            workspace_id,
            domain
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| (ConnectionId::from_uuid(row.id), row.name)))
    }
}
