//! Connected providers.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    connections::{
        claims::{Claim, Claims},
        connection::{Connection, Settings},
        issuer::Issuer,
    },
    core::visible::VisibleName,
    provider::grant::RevokeReason,
};
use iam_types::{ConnectionId, UserId, WorkspaceId};

struct Row {
    id: uuid::Uuid,
    name: String,
    preset: String,
    issuer: String,
    client_id: String,
    client_secret: Vec<u8>,
    scopes: Vec<String>,
    provisioning: String,
    trusts_addresses: bool,
    tenants: Vec<String>,
    domains: Vec<String>,
    everywhere: bool,
    name_claim: String,
    address_claim: String,
    groups_claim: Option<String>,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Connection {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = |_| StoreError::Inconsistent("connections");
        Ok(Self {
            id: ConnectionId::from_uuid(row.id),
            preset: row.preset.parse().map_err(inconsistent)?,
            issuer: Issuer::stored(row.issuer),
            settings: Settings {
                name: VisibleName::stored(row.name),
                client_id: row.client_id,
                scopes: row.scopes,
                provisioning: row.provisioning.parse().map_err(inconsistent)?,
                trusts_addresses: row.trusts_addresses,
                tenants: row.tenants,
                domains: row.domains,
                everywhere: row.everywhere,
                claims: Claims {
                    name: Claim::stored(row.name_claim),
                    address: Claim::stored(row.address_claim),
                },
            },
            client_secret: row.client_secret,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
            groups_claim: row.groups_claim.map(Claim::stored),
        })
    }
}

impl WorkspaceTx {
    /// The workspace's providers, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn connections(&mut self) -> Result<Vec<Connection>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            r#"SELECT id, name, preset, issuer, client_id, client_secret, scopes, provisioning, trusts_addresses, tenants, created_at, disabled_at,
                      name_claim, address_claim, groups_claim,
                      kept_domains || ARRAY(SELECT d.domain FROM sign_in_domains d
                                            WHERE d.workspace_id = c.workspace_id AND d.connection_id = c.id ORDER BY 1) AS "domains!",
                      EXISTS (SELECT 1 FROM sign_in_domains d
                              WHERE d.workspace_id = c.workspace_id AND d.connection_id = c.id AND d.everywhere) AS "everywhere!"
               FROM connections c WHERE workspace_id = $1 ORDER BY lower(name)"#,
            workspace_id
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(Connection::try_from)
        .collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn connection(&mut self, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            r#"SELECT id, name, preset, issuer, client_id, client_secret, scopes, provisioning, trusts_addresses, tenants, created_at, disabled_at,
                      name_claim, address_claim, groups_claim,
                      kept_domains || ARRAY(SELECT d.domain FROM sign_in_domains d
                                            WHERE d.workspace_id = c.workspace_id AND d.connection_id = c.id ORDER BY 1) AS "domains!",
                      EXISTS (SELECT 1 FROM sign_in_domains d
                              WHERE d.workspace_id = c.workspace_id AND d.connection_id = c.id AND d.everywhere) AS "everywhere!"
               FROM connections c WHERE workspace_id = $1 AND id = $2"#,
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?
        .map(Connection::try_from)
        .transpose()
    }

    /// One of them that people sign in through, as it stays until this transaction ends: whoever shuts it meanwhile waits, and then
    /// ends what came of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold_connection(&mut self, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            r#"SELECT id, name, preset, issuer, client_id, client_secret, scopes, provisioning, trusts_addresses, tenants, created_at, disabled_at,
                      name_claim, address_claim, groups_claim,
                      kept_domains || ARRAY(SELECT d.domain FROM sign_in_domains d
                                            WHERE d.workspace_id = c.workspace_id AND d.connection_id = c.id ORDER BY 1) AS "domains!",
                      EXISTS (SELECT 1 FROM sign_in_domains d
                              WHERE d.workspace_id = c.workspace_id AND d.connection_id = c.id AND d.everywhere) AS "everywhere!"
               FROM connections c WHERE workspace_id = $1 AND id = $2 AND disabled_at IS NULL
               FOR SHARE"#,
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?
        .map(Connection::try_from)
        .transpose()
    }

    /// Connects a provider.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another one has its name.
    pub async fn insert_connection(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let settings = &connection.settings;
        sqlx::query!(
            "INSERT INTO connections (workspace_id, id, name, preset, issuer, client_id, client_secret, scopes, provisioning,
                                      trusts_addresses, tenants, created_at, name_claim, address_claim)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            workspace_id,
            connection.id.uuid(),
            settings.name.as_str(),
            connection.preset.as_str(),
            connection.issuer.as_str(),
            settings.client_id,
            connection.client_secret,
            &settings.scopes,
            settings.provisioning.as_str(),
            settings.trusts_addresses,
            &settings.tenants,
            connection.created_at,
            settings.claims.name.as_str(),
            settings.claims.address.as_str()
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Changes a provider's settings, and its secret where there is another. False when it is gone.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another one has its name.
    pub async fn update_connection(
        &mut self,
        id: ConnectionId,
        settings: &Settings,
        secret: Option<&[u8]>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE connections
             SET name = $3, client_id = $4, scopes = $5, provisioning = $6, trusts_addresses = $7,
                 client_secret = coalesce($8, client_secret), tenants = $9, name_claim = $10, address_claim = $11
             WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            settings.name.as_str(),
            settings.client_id,
            &settings.scopes,
            settings.provisioning.as_str(),
            settings.trusts_addresses,
            secret,
            &settings.tenants,
            settings.claims.name.as_str(),
            settings.claims.address.as_str()
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(done.rows_affected() == 1)
    }

    /// Shuts a provider, or opens it again. False when it is so already, or gone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_connection_state(
        &mut self,
        id: ConnectionId,
        disabled_at: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE connections SET disabled_at = $3
             WHERE workspace_id = $1 AND id = $2 AND (disabled_at IS NULL) <> ($3::timestamptz IS NULL)",
            workspace_id,
            id.uuid(),
            disabled_at
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Disconnects a provider, with all that is linked there. False when it is gone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_connection(&mut self, id: ConnectionId) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "DELETE FROM connections WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends what came of sign-ins through a provider: sessions, and what apps of this workspace got in them or keep of them, of all
    /// workspaces where it is the platform's; of one `person`, or of everybody. Says how many sessions there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_what_came_through(
        &mut self,
        id: ConnectionId,
        person: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let person = person.map(UserId::uuid);
        // Held first: a code that is being issued to one of them leaves a family that is ended next.
        sqlx::query!(
            "SELECT id FROM sessions
             WHERE connection_workspace_id = $1 AND connection_id = $2 AND ($3::uuid IS NULL OR user_id = $3)
             ORDER BY id
             FOR UPDATE",
            workspace_id,
            id.uuid(),
            person
        )
        .fetch_all(self.conn())
        .await?;
        // What outlived its session is known by how it began.
        sqlx::query!(
            "UPDATE token_grants g SET revoked_at = $4, revoke_reason = $5
             WHERE (g.workspace_id = $1 OR $1 = $6) AND g.revoked_at IS NULL AND ($3::uuid IS NULL OR g.user_id = $3)
               AND (g.session_id IN (SELECT s.id FROM sessions s WHERE s.connection_workspace_id = $1 AND s.connection_id = $2)
                    OR (g.session_id IS NULL AND 'fed' = ANY (g.amr)
                        AND g.user_id IN (SELECT i.user_id FROM connection_identities i
                                          WHERE i.workspace_id = $1 AND i.connection_id = $2)))",
            workspace_id,
            id.uuid(),
            person,
            now,
            RevokeReason::Withdrawn.as_str(),
            WorkspaceId::PLATFORM.uuid()
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM pending_sign_ins
             WHERE connection_workspace_id = $1 AND connection_id = $2 AND ($3::uuid IS NULL OR user_id = $3)",
            workspace_id,
            id.uuid(),
            person
        )
        .execute(self.conn())
        .await?;
        let done = sqlx::query!(
            "DELETE FROM sessions
             WHERE connection_workspace_id = $1 AND connection_id = $2 AND ($3::uuid IS NULL OR user_id = $3)",
            workspace_id,
            id.uuid(),
            person
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }

    /// Whether the workspace has proved the domain of an address.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_proved(&mut self, domain: &str) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM workspace_domains WHERE workspace_id = $1 AND domain = $2 AND verified_at IS NOT NULL
               ) AS "proved!""#,
            workspace_id,
            domain
        )
        .fetch_one(self.conn())
        .await?)
    }
}
