//! Browsers in which people are not asked for a second factor.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::secret_hash::SecretHash,
    sign_in::trusted_browser::{MOST, Trusted, TrustedBrowser},
};
use iam_types::{TrustedBrowserId, UserId};

/// The trust that stood for the second factor of a sign-in, as far as it is still there.
pub(crate) fn trusted(
    id: Option<uuid::Uuid>,
    since: Option<DateTime<Utc>>,
    days: Option<i32>,
) -> Option<Trusted> {
    Some(Trusted::new(TrustedBrowserId::from_uuid(id?), since?, days?))
}

impl Store {
    /// The browsers of a person that were trusted after `after`, the latest used first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn trusted_browsers_of(
        &self,
        person: UserId,
        after: DateTime<Utc>,
    ) -> Result<Vec<TrustedBrowser>, StoreError> {
        let rows = sqlx::query!(
            "SELECT id, user_agent, trusted_at, last_used_at FROM trusted_browsers
             WHERE user_id = $1 AND trusted_at > $2
             ORDER BY last_used_at DESC, id",
            person.uuid(),
            after
        )
        .fetch_all(&self.pool)
        .await?;
        let browsers = rows.into_iter().map(|row| TrustedBrowser {
            id: TrustedBrowserId::from_uuid(row.id),
            user_agent: row.user_agent,
            trusted_at: row.trusted_at,
            last_used_at: row.last_used_at,
        });
        Ok(browsers.collect())
    }

    /// Whether a browser with this secret is trusted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_trusted_browser(&self, secret_hash: &SecretHash) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM trusted_browsers WHERE secret_hash = $1) AS "is!""#,
            secret_hash.as_bytes()
        )
        .fetch_one(&self.pool)
        .await?)
    }
}

impl WorkspaceTx {
    /// For how many days operators let browsers be trusted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn trust_days(&mut self) -> Result<i32, StoreError> {
        Ok(sqlx::query_scalar!("SELECT trust_days FROM platform_settings")
            .fetch_one(self.conn())
            .await?)
    }

    /// Lets a browser of a person stand for their second factor, if it was trusted after `after`, and says when it was.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_trusted_browser(
        &mut self,
        person: UserId,
        secret_hash: &SecretHash,
        [after, now]: [DateTime<Utc>; 2],
    ) -> Result<Option<(TrustedBrowserId, DateTime<Utc>)>, StoreError> {
        let row = sqlx::query!(
            "UPDATE trusted_browsers SET last_used_at = $4
             WHERE user_id = $1 AND secret_hash = $2 AND trusted_at > $3
             RETURNING id, trusted_at",
            person.uuid(),
            secret_hash.as_bytes(),
            after,
            now
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| (TrustedBrowserId::from_uuid(row.id), row.trusted_at)))
    }

    /// Trusts a browser of a person under a new secret. What it was trusted under `before` ends, and so does the oldest beyond what
    /// a person can have.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn trust_browser(
        &mut self,
        person: UserId,
        new: &TrustedBrowser,
        secret_hash: &SecretHash,
        before: Option<&SecretHash>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM trusted_browsers
             WHERE secret_hash = $2 OR id IN (
                 SELECT id FROM trusted_browsers WHERE user_id = $1 ORDER BY trusted_at DESC, id DESC OFFSET $3
             )",
            person.uuid(),
            before.map(SecretHash::as_bytes),
            MOST - 1
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO trusted_browsers (id, user_id, secret_hash, user_agent, trusted_at, last_used_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            new.id.uuid(),
            person.uuid(),
            secret_hash.as_bytes(),
            new.user_agent,
            new.trusted_at,
            new.last_used_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Trusts a browser of a person no more. False when it is not theirs or gone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_trusted_browser(
        &mut self,
        person: UserId,
        id: TrustedBrowserId,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM trusted_browsers WHERE user_id = $1 AND id = $2",
            person.uuid(),
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Trusts no browser of a person any more, and says how many there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_trusted_browsers_of(&mut self, person: UserId) -> Result<u64, StoreError> {
        let done = sqlx::query!("DELETE FROM trusted_browsers WHERE user_id = $1", person.uuid())
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected())
    }

    /// Trusts no browser any more that was not trusted after `after`, whosever it is: it does not come back when more is allowed again.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_browsers_trusted_before(&mut self, after: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM trusted_browsers WHERE trusted_at <= $1", after)
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
