//! Who is who at providers.

use crate::{StoreError, UserTx, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::email::Email,
    connections::{connection::Identity, issuer::Issuer},
};
use iam_types::{ConnectionId, Slug, UserId, WorkspaceId};

/// A provider that a person has linked, or could, for themselves.
#[derive(Debug, Clone)]
pub struct OwnConnection {
    /// The workspace whose provider it is.
    pub slug: Slug,
    /// Its name; empty where it is the platform.
    pub workspace: String,
    /// The provider.
    pub id: ConnectionId,
    /// Its name.
    pub name: String,
    /// Whether people can sign in through it.
    pub enabled: bool,
    /// What it called them when they were linked, if they are.
    pub label: Option<String>,
    /// Since when they are.
    pub linked_at: Option<DateTime<Utc>>,
    /// When they last signed in through it, if ever.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl WorkspaceTx {
    /// Whose account is linked with `subject` at a provider, held until this transaction ends.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn identity(
        &mut self,
        connection: ConnectionId,
        issuer: &Issuer,
        subject: &str,
    ) -> Result<Option<UserId>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let found = sqlx::query_scalar!(
            "SELECT user_id FROM connection_identities
             WHERE workspace_id = $1 AND connection_id = $2 AND issuer = $3 AND subject = $4
             FOR NO KEY UPDATE",
            workspace_id,
            connection.uuid(),
            issuer.as_str(),
            subject
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(found.map(UserId::from_uuid))
    }

    /// Links an account with who its person is at a provider. False when the identity is linked already, or the account
    /// with another one there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_identity(
        &mut self,
        identity: &Identity,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "INSERT INTO connection_identities (workspace_id, connection_id, issuer, subject, user_id, label, linked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT DO NOTHING",
            workspace_id,
            identity.connection_id.uuid(),
            identity.issuer.as_str(),
            identity.subject,
            identity.user_id.uuid(),
            identity.label,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes down that somebody signed in by it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_identity(
        &mut self,
        connection: ConnectionId,
        subject: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE connection_identities SET last_used_at = $4
             WHERE workspace_id = $1 AND connection_id = $2 AND subject = $3",
            workspace_id,
            connection.uuid(),
            subject,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Whether a person is linked at a provider.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_linked(&mut self, person: UserId, connection: ConnectionId) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM connection_identities WHERE workspace_id = $1 AND connection_id = $2 AND user_id = $3
               ) AS "linked!""#,
            workspace_id,
            connection.uuid(),
            person.uuid()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Undoes what links a person at a provider; false when nothing does.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_identity(
        &mut self,
        person: UserId,
        connection: ConnectionId,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "DELETE FROM connection_identities WHERE workspace_id = $1 AND connection_id = $2 AND user_id = $3",
            workspace_id,
            connection.uuid(),
            person.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Who owns an address, and whether they are a member here. Says nothing about whether they may sign in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn owner_of_address(&mut self, address: &Email) -> Result<Option<(UserId, bool)>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            r#"SELECT e.user_id, m.user_id IS NOT NULL AS "member!"
               FROM user_emails e
               LEFT JOIN memberships m ON m.workspace_id = $1 AND m.user_id = e.user_id
               WHERE e.address = $2 AND e.verified_at IS NOT NULL"#,
            workspace_id,
            address.as_str()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| (UserId::from_uuid(row.user_id), row.member)))
    }
}

impl UserTx {
    /// The providers that the person has linked, wherever, and those of the platform and their workspaces that they could.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_connections(&mut self) -> Result<Vec<OwnConnection>, StoreError> {
        let person = self.user_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT d.slug, w.name AS "workspace?", c.id, c.name, c.disabled_at IS NULL AS "enabled!",
                      i.label AS "label?", i.linked_at AS "linked_at?", i.last_used_at
               FROM connections c
               LEFT JOIN workspaces w ON w.id = c.workspace_id AND w.id <> $2
               JOIN workspace_directory d ON d.workspace_id = c.workspace_id
               LEFT JOIN connection_identities i
                   ON i.workspace_id = c.workspace_id AND i.connection_id = c.id AND i.user_id = $1
               WHERE i.user_id IS NOT NULL OR c.disabled_at IS NULL
               ORDER BY i.linked_at NULLS LAST, lower(w.name) NULLS FIRST, lower(c.name)
               LIMIT 200"#,
            person,
            WorkspaceId::PLATFORM.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| {
                let slug = row.slug.parse();
                Ok(OwnConnection {
                    slug: slug.map_err(|_| StoreError::Inconsistent("workspace_directory"))?,
                    workspace: row.workspace.unwrap_or_default(),
                    id: ConnectionId::from_uuid(row.id),
                    name: row.name,
                    enabled: row.enabled,
                    label: row.label,
                    linked_at: row.linked_at,
                    last_used_at: row.last_used_at,
                })
            })
            .collect()
    }
}
