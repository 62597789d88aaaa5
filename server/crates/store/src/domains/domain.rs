//! Domains that workspaces claim.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::domains::domain_name::{ClaimedDomain, DomainName, Joining};

struct Row {
    domain: String,
    token: String,
    joining: String,
    verified_at: Option<DateTime<Utc>>,
    checked_at: Option<DateTime<Utc>>,
    failing_since: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for ClaimedDomain {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = |_| StoreError::Inconsistent("workspace_domains");
        Ok(Self {
            name: row.domain.parse().map_err(inconsistent)?,
            token: row.token,
            joining: row.joining.parse().map_err(inconsistent)?,
            verified_at: row.verified_at,
            checked_at: row.checked_at,
            failing_since: row.failing_since,
        })
    }
}

impl WorkspaceTx {
    /// The domains that the workspace claims, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn domains(&mut self) -> Result<Vec<ClaimedDomain>, StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT domain, token, joining, verified_at, checked_at, failing_since
             FROM workspace_domains WHERE workspace_id = $1 ORDER BY domain",
            id
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(ClaimedDomain::try_from)
        .collect()
    }

    /// One of them, held until this transaction ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock_domain(&mut self, name: &DomainName) -> Result<Option<ClaimedDomain>, StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT domain, token, joining, verified_at, checked_at, failing_since
             FROM workspace_domains WHERE workspace_id = $1 AND domain = $2 FOR UPDATE",
            id,
            name.as_str()
        )
        .fetch_optional(self.conn())
        .await?
        .map(ClaimedDomain::try_from)
        .transpose()
    }

    /// Proved domains whose proof was last looked at before `before`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn domains_checked_before(
        &mut self,
        before: DateTime<Utc>,
    ) -> Result<Vec<ClaimedDomain>, StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT domain, token, joining, verified_at, checked_at, failing_since
             FROM workspace_domains
             WHERE workspace_id = $1 AND verified_at IS NOT NULL AND (checked_at IS NULL OR checked_at < $2)
             ORDER BY domain",
            id,
            before
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(ClaimedDomain::try_from)
        .collect()
    }

    /// Claims a domain; false when the workspace does so already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_domain(
        &mut self,
        name: &DomainName,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "INSERT INTO workspace_domains (workspace_id, domain, token, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (workspace_id, domain) DO NOTHING",
            id,
            name.as_str(),
            token,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a domain up.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_domain(&mut self, name: &DomainName) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "DELETE FROM workspace_domains WHERE workspace_id = $1 AND domain = $2",
            id,
            name.as_str()
        )
        .execute(self.conn())
        .await?;
        self.free_host(name).await
    }

    /// Writes down that the proof was seen at `now`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another workspace has proved the domain.
    pub async fn domain_proved(&mut self, name: &DomainName, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspace_domains
             SET verified_at = coalesce(verified_at, $3), checked_at = $3, failing_since = NULL
             WHERE workspace_id = $1 AND domain = $2",
            id,
            name.as_str(),
            now
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Writes down that the proof was missing at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn domain_missing(&mut self, name: &DomainName, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspace_domains
             SET checked_at = $3, failing_since = CASE WHEN verified_at IS NULL THEN NULL ELSE coalesce(failing_since, $3) END
             WHERE workspace_id = $1 AND domain = $2",
            id,
            name.as_str(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Takes a domain's proof back, and with it all that hung on it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn domain_lost(&mut self, name: &DomainName, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspace_domains
             SET verified_at = NULL, checked_at = $3, failing_since = NULL, joining = 'nobody'
             WHERE workspace_id = $1 AND domain = $2",
            id,
            name.as_str(),
            now
        )
        .execute(self.conn())
        .await?;
        self.free_host(name).await
    }

    /// Decides who may join by a domain.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_joining(&mut self, name: &DomainName, joining: Joining) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspace_domains SET joining = $3 WHERE workspace_id = $1 AND domain = $2",
            id,
            name.as_str(),
            joining.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Makes a host the workspace's own, in place of any other, or leaves it without one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is another workspace's.
    pub async fn set_host(&mut self, host: Option<&DomainName>) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspace_directory SET host = $2 WHERE workspace_id = $1",
            id,
            host.map(DomainName::as_str)
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Whether `name` is the workspace's own host.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_host(&mut self, name: &DomainName) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM workspace_directory WHERE workspace_id = $1 AND host = $2) AS "host!""#,
            id,
            name.as_str()
        )
        .fetch_one(self.conn())
        .await?)
    }

    async fn free_host(&mut self, name: &DomainName) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspace_directory SET host = NULL WHERE workspace_id = $1 AND host = $2",
            id,
            name.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
