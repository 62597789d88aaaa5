//! Signed-in browsers.

use crate::{Store, StoreError, WorkspaceTx, account::user::User};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::{email::Email, preferences::Preferences},
    core::origin::{Bound, Origin},
    core::secret_hash::SecretHash,
    sign_in::session::Session,
};
use iam_types::{SessionId, UserId, WorkspaceId};

struct Row {
    id: uuid::Uuid,
    user_id: uuid::Uuid,
    amr: Vec<String>,
    user_agent: String,
    client_ip: String,
    created_at: DateTime<Utc>,
    authenticated_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: SessionId::from_uuid(row.id),
            user_id: UserId::from_uuid(row.user_id),
            amr: row.amr,
            user_agent: row.user_agent,
            client_ip: row.client_ip,
            created_at: row.created_at,
            authenticated_at: row.authenticated_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
        }
    }
}

impl Store {
    /// The session with this secret and whose it is, an enabled person. Whether it is live is for the domain to say.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn session_by_secret(
        &self,
        secret_hash: &SecretHash,
    ) -> Result<Option<Bound<(Session, User)>>, StoreError> {
        let row = sqlx::query!(
            "SELECT s.id, s.user_id, s.amr, s.user_agent, s.client_ip, s.created_at, s.authenticated_at, s.last_seen_at, s.expires_at,
                    s.confined_to, s.host, u.display_name, u.locale, u.time_zone, u.deletion_due_at, e.address
             FROM sessions s
             JOIN users u ON u.id = s.user_id
             JOIN user_emails e ON e.user_id = u.id AND e.is_primary
             WHERE s.secret_hash = $1 AND u.disabled_at IS NULL",
            secret_hash.as_bytes()
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            let origin = match (row.confined_to, row.host) {
                (None, None) => Origin::Platform,
                (Some(id), Some(host)) => Origin::stored(WorkspaceId::from_uuid(id), Some(host)),
                _ => return Ok(None),
            };
            let session = Session {
                id: SessionId::from_uuid(row.id),
                user_id: UserId::from_uuid(row.user_id),
                amr: row.amr,
                user_agent: row.user_agent,
                client_ip: row.client_ip,
                created_at: row.created_at,
                authenticated_at: row.authenticated_at,
                last_seen_at: row.last_seen_at,
                expires_at: row.expires_at,
            };
            let user = User {
                id: session.user_id,
                preferences: Preferences {
                    locale: row.locale,
                    time_zone: row.time_zone,
                },
                deletion_due_at: row.deletion_due_at,
                display_name: row.display_name,
                email: row.address,
            };
            Ok(Some(Bound::new(origin, (session, user))))
        })
        .transpose()
        .map(Option::flatten)
    }

    /// A person's sessions, the latest used first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sessions_of(&self, user_id: UserId) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            "SELECT id, user_id, amr, user_agent, client_ip, created_at, authenticated_at, last_seen_at, expires_at
             FROM sessions
             WHERE user_id = $1
             ORDER BY last_seen_at DESC
             LIMIT 200",
            user_id.uuid()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// From where somebody is signed in who owns `address`: client addresses.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn signed_in_from(&self, address: &Email) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT DISTINCT s.client_ip
             FROM sessions s
             JOIN user_emails e ON e.user_id = s.user_id
             WHERE e.address = $1
             LIMIT 100",
            address.as_str()
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Writes down the last use.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn touch_session(&self, id: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2",
            id.uuid(),
            now
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

impl WorkspaceTx {
    /// Writes a new session.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_session(
        &mut self,
        session: &Session,
        secret_hash: &SecretHash,
        origin: &Origin,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO sessions
                 (id, user_id, secret_hash, amr, user_agent, client_ip, created_at, authenticated_at, last_seen_at, expires_at,
                  confined_to, host)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            session.id.uuid(),
            session.user_id.uuid(),
            secret_hash.as_bytes(),
            &session.amr,
            session.user_agent,
            session.client_ip,
            session.created_at,
            session.authenticated_at,
            session.last_seen_at,
            session.expires_at,
            origin.confined_to().map(WorkspaceId::uuid),
            origin.host()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Gives a session of the same person a new secret and what a new sign-in proved, so that what apps got through it
    /// lives on. False when it is gone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn renew_session(
        &mut self,
        session: &Session,
        secret_hash: &SecretHash,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE sessions
             SET secret_hash = $3, amr = $4, user_agent = $5, client_ip = $6, authenticated_at = $7, last_seen_at = $8,
                 expires_at = $9
             WHERE id = $1 AND user_id = $2",
            session.id.uuid(),
            session.user_id.uuid(),
            secret_hash.as_bytes(),
            &session.amr,
            session.user_agent,
            session.client_ip,
            session.authenticated_at,
            session.last_seen_at,
            session.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Deletes a session of `user_id`; false when there is none such.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_session(&mut self, user_id: UserId, id: SessionId) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM sessions WHERE user_id = $1 AND id = $2",
            user_id.uuid(),
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Deletes all sessions of `user_id` but `kept`, and says how many there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_sessions_but(&mut self, user_id: UserId, kept: SessionId) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM sessions WHERE user_id = $1 AND id <> $2",
            user_id.uuid(),
            kept.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }
}
