//! Addresses that people have, and those that they removed.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::account::{
    address::{MOST, RemovedAddress},
    email::Email,
};
use iam_types::{RemovedAddressId, UserId};

/// A verified address of a person.
#[derive(Debug, Clone)]
pub struct OwnAddress {
    /// The address.
    pub address: String,
    /// Whether it is the primary one.
    pub primary: bool,
    /// When it was verified.
    pub verified_at: DateTime<Utc>,
}

/// What became of an address that somebody has proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is theirs now.
    Now,
    /// It was theirs before.
    Already,
    /// Somebody else was faster, or has removed it a short while ago.
    Taken,
    /// They have as many as there can be.
    TooMany,
}

impl Store {
    /// The verified addresses of a person, the primary first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn addresses_of(&self, id: UserId) -> Result<Vec<OwnAddress>, StoreError> {
        Ok(sqlx::query_as!(
            OwnAddress,
            r#"SELECT address, is_primary AS "primary", verified_at AS "verified_at!"
               FROM user_emails
               WHERE user_id = $1 AND verified_at IS NOT NULL
               ORDER BY is_primary DESC, verified_at, address"#,
            id.uuid()
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// A removal whose person may still sign in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn removed_address(&self, id: RemovedAddressId) -> Result<Option<RemovedAddress>, StoreError> {
        let row = sqlx::query!(
            "SELECT r.address, r.user_id, r.restorable_until, r.restored_at
             FROM removed_addresses r
             JOIN users u ON u.id = r.user_id
             WHERE r.id = $1 AND u.disabled_at IS NULL",
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(RemovedAddress {
                id,
                user_id: UserId::from_uuid(row.user_id),
                address: parse(&row.address)?,
                restorable_until: row.restorable_until,
                restored_at: row.restored_at,
            })
        })
        .transpose()
    }
}

impl WorkspaceTx {
    /// Whose an address is at `now`: of whoever has proved it, or has removed it and can still put it back.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn holder_of(
        &mut self,
        address: &Email,
        now: DateTime<Utc>,
    ) -> Result<Option<UserId>, StoreError> {
        let id = sqlx::query_scalar!(
            r#"SELECT user_id AS "user_id!" FROM user_emails WHERE address = $1 AND verified_at IS NOT NULL
               UNION ALL
               SELECT user_id FROM removed_addresses
               WHERE address = $1 AND restored_at IS NULL AND restorable_until > $2
               LIMIT 1"#,
            address.as_str(),
            now
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(id.map(UserId::from_uuid))
    }

    /// Gives a person an address that they have proved. Safe against two at once, and against whoever signs up with it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_address(
        &mut self,
        id: UserId,
        address: &Email,
        now: DateTime<Utc>,
    ) -> Result<Claimed, StoreError> {
        self.hold_address(address).await?;
        self.hold_user(id).await?;
        if self.owns_address(id, address).await? {
            return Ok(Claimed::Already);
        }
        if self
            .holder_of(address, now)
            .await?
            .is_some_and(|holder| holder != id)
        {
            return Ok(Claimed::Taken);
        }
        let count = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM user_emails WHERE user_id = $1"#,
            id.uuid()
        )
        .fetch_one(self.conn())
        .await?;
        if count >= MOST {
            return Ok(Claimed::TooMany);
        }
        sqlx::query!(
            "INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at) VALUES ($1, $2, false, $3, $3)",
            id.uuid(),
            address.as_str(),
            now
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "UPDATE removed_addresses SET restored_at = $2 WHERE address = $1 AND restored_at IS NULL",
            address.as_str(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(Claimed::Now)
    }

    /// Makes another verified address the primary one, and says which it was before; nothing when it is not theirs. Their
    /// memberships follow with [`follow_primary`](Self::follow_primary).
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_primary_address(
        &mut self,
        id: UserId,
        address: &Email,
    ) -> Result<Option<String>, StoreError> {
        self.hold_user(id).await?;
        if !self.owns_address(id, address).await? {
            return Ok(None);
        }
        let old = sqlx::query_scalar!(
            "UPDATE user_emails SET is_primary = false WHERE user_id = $1 AND is_primary RETURNING address",
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        sqlx::query!(
            "UPDATE user_emails SET is_primary = true WHERE user_id = $1 AND address = $2",
            id.uuid(),
            address.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(old)
    }

    /// Lists a person here under the address that is the primary one now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn follow_primary(&mut self, id: UserId, address: &Email) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE memberships SET address = $3 WHERE workspace_id = $1 AND user_id = $2",
            workspace_id,
            id.uuid(),
            address.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Takes an address off a person's account, with all mails under way to it, and keeps it for them. False when it is not
    /// theirs, or the primary one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_address(
        &mut self,
        removed: &RemovedAddress,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let address = removed.address.as_str();
        // Before the address is held, as whoever finishes a sign-in does.
        sqlx::query!(
            "DELETE FROM magic_links
             WHERE address = $1 AND EXISTS (
                 SELECT 1 FROM user_emails e
                 WHERE e.user_id = $2 AND e.address = $1 AND e.verified_at IS NOT NULL AND NOT e.is_primary
             )",
            address,
            removed.user_id.uuid()
        )
        .execute(self.conn())
        .await?;
        self.hold_address(&removed.address).await?;
        self.hold_user(removed.user_id).await?;
        let done = sqlx::query!(
            "DELETE FROM user_emails WHERE user_id = $1 AND address = $2 AND verified_at IS NOT NULL AND NOT is_primary",
            removed.user_id.uuid(),
            address
        )
        .execute(self.conn())
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query!(
            "INSERT INTO removed_addresses (address, id, user_id, removed_at, restorable_until) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (address) DO UPDATE SET id = excluded.id, user_id = excluded.user_id, removed_at = excluded.removed_at,
                 restorable_until = excluded.restorable_until, restored_at = NULL",
            address,
            removed.id.uuid(),
            removed.user_id.uuid(),
            now,
            removed.restorable_until
        )
        .execute(self.conn())
        .await?;
        Ok(true)
    }

    /// Serialises who signs up with an address, adds, removes and restores it; the lock ends with the transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub(crate) async fn hold_address(&mut self, address: &Email) -> Result<(), StoreError> {
        sqlx::query!(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            address.as_str()
        )
        .fetch_one(self.conn())
        .await?;
        Ok(())
    }

    /// Serialises what changes a person's addresses, and who joins a workspace meanwhile.
    async fn hold_user(&mut self, id: UserId) -> Result<(), StoreError> {
        sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", id.uuid())
            .fetch_optional(self.conn())
            .await?;
        Ok(())
    }
}

pub(super) fn parse(address: &str) -> Result<Email, StoreError> {
    address
        .parse()
        .map_err(|_| StoreError::Inconsistent("user_emails"))
}
