//! Mail that waits to be sent. Written in the transaction that caused it; claimed with a lease, so that a crashed
//! worker's mail is picked up by another. No row is locked while a mail is on its way.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::email::Email,
    core::mail::{LEASE, Lane},
};
use iam_types::{MailId, view::Delivery};
use std::collections::HashMap;
use uuid::Uuid;

/// A mail that is to be sent.
#[derive(Debug)]
pub struct NewMail<'a> {
    /// Which one.
    pub id: MailId,
    /// What kind of mail the content is.
    pub kind: &'static str,
    /// How urgent it is.
    pub lane: Lane,
    /// Pseudonym of the receiver's domain.
    pub receiver: &'a str,
    /// What it is about, if that can end or should show its failure.
    pub about: Option<Uuid>,
    /// Sealed content.
    pub payload: &'a [u8],
    /// From when on it is of no use.
    pub expires_at: DateTime<Utc>,
}

/// A mail taken for sending.
#[derive(Debug)]
pub struct ClaimedMail {
    /// Which one.
    pub id: MailId,
    /// What kind of mail the content is.
    pub kind: String,
    /// How urgent it is.
    pub lane: Lane,
    /// Sealed content.
    pub payload: Vec<u8>,
    /// Tries including this one; tells this claim from later ones.
    pub attempts: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// From when on it must not leave.
    pub expires_at: DateTime<Utc>,
}

impl WorkspaceTx {
    /// Puts a mail into the outbox.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn enqueue_mail(&mut self, mail: NewMail<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO outbox_mails (id, kind, lane, receiver, about, payload, created_at, expires_at, next_attempt_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
            mail.id.uuid(),
            mail.kind,
            mail.lane.number(),
            mail.receiver,
            mail.about,
            mail.payload,
            now,
            mail.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Forgets mail about something that has ended or gets a newer mail, unless it has left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn drop_mail_about(&mut self, what: Uuid) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM outbox_mails WHERE about = $1 AND sent_at IS NULL",
            what
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Forgets sign-in mail to `address` whose challenge a newer one has replaced, unless it has left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn drop_superseded_mail(&mut self, address: &Email) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM outbox_mails m USING magic_links l
             WHERE l.address = $1 AND l.superseded_at IS NOT NULL
               AND m.about = l.id AND m.sent_at IS NULL AND m.failed_at IS NULL",
            address.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// How far the latest mail about each of these has come.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn deliveries(&mut self, about: &[Uuid]) -> Result<HashMap<Uuid, Delivery>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT DISTINCT ON (about) about AS "about!", attempts, last_error,
                      sent_at IS NOT NULL AS "sent!", failed_at IS NOT NULL AS "failed!"
               FROM outbox_mails
               WHERE about = ANY ($1)
               ORDER BY about, created_at DESC, id DESC"#,
            about
        )
        .fetch_all(self.conn())
        .await?;
        let rows = rows.into_iter().map(|row| {
            let reason = row.last_error.unwrap_or_default();
            let delivery = match (row.sent, row.failed) {
                (true, _) => Delivery::Left,
                (_, true) => Delivery::Failed(reason),
                _ if reason.is_empty() => Delivery::Waiting,
                _ => Delivery::Delayed(reason),
            };
            (row.about, delivery)
        });
        Ok(rows.collect())
    }
}

impl Store {
    /// Takes the most urgent mail that is due, of those up to `last`, and leases it to the caller. Passes over
    /// receivers that have as many sends on their way as they may.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim_mail(
        &self,
        now: DateTime<Utc>,
        last: Lane,
    ) -> Result<Option<ClaimedMail>, StoreError> {
        let row = sqlx::query!(
            r#"WITH busy AS (
                   SELECT receiver, lane
                   FROM outbox_mails
                   WHERE sent_at IS NULL AND failed_at IS NULL AND leased_until > $1
                   GROUP BY receiver, lane
                   HAVING count(*) >= CASE lane WHEN $4 THEN $5::bigint ELSE $6::bigint END
               )
               UPDATE outbox_mails SET attempts = attempts + 1, next_attempt_at = $2, leased_until = $2
               WHERE id = (
                   SELECT m.id FROM outbox_mails m
                   WHERE m.sent_at IS NULL AND m.failed_at IS NULL
                     AND m.next_attempt_at <= $1 AND m.expires_at > $1 AND m.lane <= $3
                     AND NOT EXISTS (SELECT 1 FROM busy b WHERE b.receiver = m.receiver AND b.lane = m.lane)
                   ORDER BY m.lane, m.next_attempt_at
                   LIMIT 1
                   FOR UPDATE SKIP LOCKED
               )
               RETURNING id, kind, lane, payload AS "payload!", attempts, created_at, expires_at"#,
            now,
            now + LEASE,
            last.number(),
            Lane::SignIn.number(),
            Lane::SignIn.per_receiver(),
            Lane::Notice.per_receiver()
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(ClaimedMail {
                id: MailId::from_uuid(row.id),
                kind: row.kind,
                lane: row
                    .lane
                    .try_into()
                    .map_err(|_| StoreError::Inconsistent("outbox_mails"))?,
                payload: row.payload,
                attempts: row.attempts,
                created_at: row.created_at,
                expires_at: row.expires_at,
            })
        })
        .transpose()
    }

    /// Whether a claimed mail is still the claimer's, and still to be sent.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn holds_mail(&self, mail: &ClaimedMail, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM outbox_mails
                   WHERE id = $1 AND attempts = $2 AND leased_until > $3 AND expires_at > $3
                     AND sent_at IS NULL AND failed_at IS NULL
               ) AS "holds!""#,
            mail.id.uuid(),
            mail.attempts,
            now
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// Marks a mail as sent and forgets its content. Counts also when the lease has run out meanwhile: it has left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mail_sent(&self, mail: &ClaimedMail, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE outbox_mails SET sent_at = $2, payload = NULL, last_error = NULL, leased_until = NULL
             WHERE id = $1 AND sent_at IS NULL AND failed_at IS NULL",
            mail.id.uuid(),
            now
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Gives a mail up for `reason`, which names no person, and forgets its content.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mail_refused(
        &self,
        mail: &ClaimedMail,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE outbox_mails SET failed_at = $3, payload = NULL, last_error = $4, leased_until = NULL
             WHERE id = $1 AND attempts = $2 AND sent_at IS NULL AND failed_at IS NULL",
            mail.id.uuid(),
            mail.attempts,
            now,
            reason
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Puts a mail back for another try at `next`, or gives it up when it would be of no use by then.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mail_postponed(
        &self,
        mail: &ClaimedMail,
        reason: &str,
        now: DateTime<Utc>,
        next: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE outbox_mails
             SET last_error = $3, next_attempt_at = $5, leased_until = NULL,
                 failed_at = CASE WHEN expires_at <= $5 THEN $4::timestamptz END,
                 payload = CASE WHEN expires_at <= $5 THEN NULL ELSE payload END
             WHERE id = $1 AND attempts = $2 AND sent_at IS NULL AND failed_at IS NULL",
            mail.id.uuid(),
            mail.attempts,
            reason,
            now,
            next
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Gives up what nobody sent in time, and says how many mails that were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn give_up_expired_mail(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "UPDATE outbox_mails
             SET failed_at = $1, payload = NULL, last_error = coalesce(last_error, 'expired'), leased_until = NULL
             WHERE sent_at IS NULL AND failed_at IS NULL AND expires_at <= $1
               AND (leased_until IS NULL OR leased_until <= $1)",
            now
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Whether the mail about this was given up.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mail_failed(&self, about: Uuid) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM outbox_mails WHERE about = $1 AND failed_at IS NOT NULL) AS "failed!""#,
            about
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// Why mails were given up or wait for another try, and how many for each reason; the `limit` most frequent.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mail_reasons(&self, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT last_error AS "reason!", count(*) AS "count!"
               FROM outbox_mails
               WHERE last_error IS NOT NULL
               GROUP BY last_error
               ORDER BY count(*) DESC, last_error
               LIMIT $1"#,
            limit
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| (row.reason, row.count)).collect())
    }
}
