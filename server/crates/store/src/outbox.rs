//! Mail that waits to be sent. Written in the transaction that caused it; claimed with a lease, so that a crashed
//! worker's mail is picked up by another.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::MailId;

/// A mail taken for sending.
#[derive(Debug)]
pub struct ClaimedMail {
    /// Which one.
    pub id: MailId,
    /// What kind of mail the content is.
    pub kind: String,
    /// Sealed content.
    pub payload: Vec<u8>,
    /// Tries including this one.
    pub attempts: i32,
}

impl WorkspaceTx {
    /// Puts a sealed mail of a `kind` into the outbox.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn enqueue_mail(
        &mut self,
        id: MailId,
        kind: &str,
        payload: &[u8],
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO outbox_mails (id, kind, payload, created_at, expires_at, next_attempt_at) VALUES ($1, $2, $3, $4, $5, $4)",
            id.uuid(),
            kind,
            payload,
            now,
            expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}

impl Store {
    /// Takes the next due mail and hides it from other workers for `lease`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_mail(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> Result<Option<ClaimedMail>, StoreError> {
        let row = sqlx::query!(
            r#"UPDATE outbox_mails SET attempts = attempts + 1, next_attempt_at = $2
               WHERE id = (
                   SELECT id FROM outbox_mails
                   WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= $1
                   ORDER BY next_attempt_at
                   LIMIT 1
                   FOR UPDATE SKIP LOCKED
               )
               RETURNING id, kind, payload AS "payload!", attempts"#,
            now,
            now + lease
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| ClaimedMail {
            id: MailId::from_uuid(row.id),
            kind: row.kind,
            payload: row.payload,
            attempts: row.attempts,
        }))
    }

    /// Marks a mail as sent and forgets its content.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mail_sent(&self, id: MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE outbox_mails SET sent_at = $2, payload = NULL, last_error = NULL WHERE id = $1",
            id.uuid(),
            now
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Puts a mail back for another try at `next`, or gives it up when it would be of no use by then.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mail_failed(
        &self,
        id: MailId,
        error: &str,
        now: DateTime<Utc>,
        next: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE outbox_mails
             SET last_error = $2, next_attempt_at = $4,
                 failed_at = CASE WHEN expires_at <= $4 THEN $3::timestamptz END,
                 payload = CASE WHEN expires_at <= $4 THEN NULL ELSE payload END
             WHERE id = $1",
            id.uuid(),
            error,
            now,
            next
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
