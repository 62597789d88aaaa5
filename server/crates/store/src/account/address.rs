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

/// An address that its person removes.
#[derive(Debug, Clone, Copy)]
pub struct NewRemoval<'a> {
    /// Which removal.
    pub id: RemovedAddressId,
    /// Who removes it.
    pub user_id: UserId,
    /// The address.
    pub address: &'a Email,
    /// Until when it can be put back.
    pub restorable_until: DateTime<Utc>,
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
            "SELECT r.address, r.user_id, r.verified_at, r.restorable_until, r.restored_at
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
                verified_at: row.verified_at,
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

    /// Gives a person an address that they proved at `verified_at`. Safe against two at once, and against whoever signs up
    /// with it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_address(
        &mut self,
        id: UserId,
        address: &Email,
        verified_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Claimed, StoreError> {
        self.hold_address(address).await?;
        self.lock_user(id).await?;
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
            "INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at) VALUES ($1, $2, false, $3, $4)",
            id.uuid(),
            address.as_str(),
            verified_at,
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
        self.lock_user(id).await?;
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
        removed: &NewRemoval<'_>,
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
        self.hold_address(removed.address).await?;
        self.lock_user(removed.user_id).await?;
        let verified_at = sqlx::query_scalar!(
            r#"DELETE FROM user_emails
               WHERE user_id = $1 AND address = $2 AND verified_at IS NOT NULL AND NOT is_primary
               RETURNING verified_at AS "verified_at!""#,
            removed.user_id.uuid(),
            address
        )
        .fetch_optional(self.conn())
        .await?;
        let Some(verified_at) = verified_at else {
            return Ok(false);
        };
        sqlx::query!(
            "INSERT INTO removed_addresses (address, id, user_id, verified_at, removed_at, restorable_until)
             VALUES ($1, $2, $3, $6, $4, $5)
             ON CONFLICT (address) DO UPDATE SET id = excluded.id, user_id = excluded.user_id, verified_at = excluded.verified_at,
                 removed_at = excluded.removed_at, restorable_until = excluded.restorable_until, restored_at = NULL",
            address,
            removed.id.uuid(),
            removed.user_id.uuid(),
            now,
            removed.restorable_until,
            verified_at
        )
        .execute(self.conn())
        .await?;
        Ok(true)
    }

    /// The addresses that a person had before `since`, has removed since and can still put back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn addresses_removed_since(
        &mut self,
        id: UserId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Email, DateTime<Utc>)>, StoreError> {
        let rows = sqlx::query!(
            "SELECT address, verified_at FROM removed_addresses
             WHERE user_id = $1 AND removed_at >= $2 AND verified_at < $2 AND restored_at IS NULL AND restorable_until > $3
             ORDER BY address",
            id.uuid(),
            since,
            now
        )
        .fetch_all(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| Ok((parse(&row.address)?, row.verified_at)))
            .collect()
    }

    /// The oldest address of a person, if they proved it before `before`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn oldest_address(
        &mut self,
        id: UserId,
        before: DateTime<Utc>,
    ) -> Result<Option<Email>, StoreError> {
        let address = sqlx::query_scalar!(
            "SELECT address FROM user_emails
             WHERE user_id = $1 AND verified_at < $2
             ORDER BY verified_at, address
             LIMIT 1",
            id.uuid(),
            before
        )
        .fetch_optional(self.conn())
        .await?;
        address.map(|address| parse(&address)).transpose()
    }

    /// Whether a person's primary address was proved since `since`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_primary_new(&mut self, id: UserId, since: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM user_emails WHERE user_id = $1 AND is_primary AND verified_at >= $2
               ) AS "new!""#,
            id.uuid(),
            since
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Takes away the addresses that a person has proved since `since`, but for the primary one, and says which.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_addresses_since(
        &mut self,
        id: UserId,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "DELETE FROM user_emails WHERE user_id = $1 AND verified_at >= $2 AND NOT is_primary RETURNING address",
            id.uuid(),
            since
        )
        .fetch_all(self.conn())
        .await?)
    }

    /// Lets no address come back that a person had for a short while only: whoever was in the account for a moment may have
    /// left it there. The one that the account began with stays theirs.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_young_removals_of(&mut self, id: UserId) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM removed_addresses r USING users u
             WHERE r.user_id = $1 AND u.id = $1 AND r.restored_at IS NULL
               AND r.verified_at > r.removed_at - (r.restorable_until - r.removed_at) AND r.verified_at > u.created_at",
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
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
}

pub(super) fn parse(address: &str) -> Result<Email, StoreError> {
    address
        .parse()
        .map_err(|_| StoreError::Inconsistent("user_emails"))
}
