//! Signed-in browsers.

use crate::{Store, StoreError, WorkspaceTx, account::user::User};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::{
    account::{email::Email, preferences::Preferences},
    core::origin::{Bound, Origin},
    core::secret_hash::SecretHash,
    sign_in::session::{IDLE, Session, TOUCH_EVERY, Through},
};
use iam_types::{ConnectionId, PictureId, SessionId, UserId, WorkspaceId};

struct Row {
    id: uuid::Uuid,
    user_id: uuid::Uuid,
    amr: Vec<String>,
    user_agent: String,
    client_ip: String,
    created_at: DateTime<Utc>,
    authenticated_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    longest_idle: i32,
    expires_at: DateTime<Utc>,
    connection_workspace_id: Option<uuid::Uuid>,
    connection_id: Option<uuid::Uuid>,
    slug: Option<String>,
    model: Option<uuid::Uuid>,
}

/// The provider of a session, of which all is there or nothing.
pub(super) fn through(
    workspace_id: Option<uuid::Uuid>,
    connection_id: Option<uuid::Uuid>,
    slug: Option<String>,
) -> Result<Option<Through>, StoreError> {
    match (workspace_id, connection_id, slug.map(|slug| slug.parse())) {
        (None, None, _) => Ok(None),
        (Some(workspace_id), Some(connection_id), Some(Ok(slug))) => Ok(Some(Through {
            workspace_id: WorkspaceId::from_uuid(workspace_id),
            slug,
            connection_id: ConnectionId::from_uuid(connection_id),
        })),
        _ => Err(StoreError::Inconsistent("sessions")),
    }
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            through: through(row.connection_workspace_id, row.connection_id, row.slug)?,
            id: SessionId::from_uuid(row.id),
            user_id: UserId::from_uuid(row.user_id),
            amr: row.amr,
            user_agent: row.user_agent,
            client_ip: row.client_ip,
            created_at: row.created_at,
            authenticated_at: row.authenticated_at,
            last_seen_at: row.last_seen_at,
            longest_idle: TimeDelta::seconds(row.longest_idle.into()),
            expires_at: row.expires_at,
            model: row.model,
        })
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
            r#"SELECT s.id, s.user_id, s.amr, s.user_agent, s.client_ip, s.created_at, s.authenticated_at, s.last_seen_at, s.longest_idle,
                    s.expires_at, s.confined_to, s.host, s.connection_workspace_id, s.connection_id, d.slug AS "slug?",
                    CASE WHEN s.model_at = s.authenticated_at THEN s.model END AS model,
                    u.display_name, u.picture_id, u.locale, u.time_zone, u.deletion_due_at, e.address
             FROM sessions s
             LEFT JOIN workspace_directory d ON d.workspace_id = s.connection_workspace_id
             JOIN users u ON u.id = s.user_id
             JOIN user_emails e ON e.user_id = u.id AND e.is_primary
             WHERE s.secret_hash = $1 AND u.disabled_at IS NULL"#,
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
                longest_idle: TimeDelta::seconds(row.longest_idle.into()),
                expires_at: row.expires_at,
                through: through(row.connection_workspace_id, row.connection_id, row.slug)?,
                model: row.model,
            };
            let user = User {
                id: session.user_id,
                preferences: Preferences {
                    locale: row.locale,
                    time_zone: row.time_zone,
                },
                deletion_due_at: row.deletion_due_at,
                display_name: row.display_name,
                picture: row.picture_id.map(PictureId::from_uuid),
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
            r#"SELECT s.id, s.user_id, s.amr, s.user_agent, s.client_ip, s.created_at, s.authenticated_at, s.last_seen_at, s.longest_idle,
                      s.expires_at, s.connection_workspace_id, s.connection_id, d.slug AS "slug?",
                      CASE WHEN s.model_at = s.authenticated_at THEN s.model END AS model
             FROM sessions s
             LEFT JOIN workspace_directory d ON d.workspace_id = s.connection_workspace_id
             WHERE s.user_id = $1
             ORDER BY s.last_seen_at DESC
             LIMIT 200"#,
            user_id.uuid()
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Session::try_from).collect()
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

    /// Writes down the last use, and how long it was awaited if that was never longer since the sign-in. Another node that was asked at
    /// the same time finds it written.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn touch_session(&self, id: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE sessions
             SET last_seen_at = $2, longest_idle = GREATEST(longest_idle, floor(extract(epoch FROM $2 - last_seen_at))::integer)
             WHERE id = $1 AND last_seen_at <= $3",
            id.uuid(),
            now,
            now - TOUCH_EVERY
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
                  confined_to, host, connection_workspace_id, connection_id, model, model_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
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
            origin.host(),
            session.through.as_ref().map(|through| through.workspace_id.uuid()),
            session.through.as_ref().map(|through| through.connection_id.uuid()),
            session.model,
            session.model.map(|_| session.authenticated_at)
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
                 expires_at = $9, longest_idle = $12, connection_workspace_id = $10, connection_id = $11,
                 model = $13, model_at = $14
             WHERE id = $1 AND user_id = $2",
            session.id.uuid(),
            session.user_id.uuid(),
            secret_hash.as_bytes(),
            &session.amr,
            session.user_agent,
            session.client_ip,
            session.authenticated_at,
            session.last_seen_at,
            session.expires_at,
            session.through.as_ref().map(|through| through.workspace_id.uuid()),
            session.through.as_ref().map(|through| through.connection_id.uuid()),
            i32::try_from(session.longest_idle.num_seconds()).unwrap_or(i32::MAX),
            session.model,
            session.model.map(|_| session.authenticated_at)
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Holds a person who signs in, so that they do so in one browser at a time, and says in how many they may be signed in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_for_sign_in(&mut self, user_id: UserId) -> Result<Option<i32>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT p.sessions_ceiling
             FROM users u
             CROSS JOIN platform_settings p
             WHERE u.id = $1
             FOR NO KEY UPDATE OF u",
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?
        .flatten())
    }

    /// Deletes the sessions of `user_id` that were used the longest ago, so that besides `own` at most `kept` stay. Those that a
    /// provider vouched for are counted apart: whoever runs it signs nobody out elsewhere. Says how many of them were live.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_oldest_sessions(
        &mut self,
        user_id: UserId,
        own: &Session,
        kept: i32,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"WITH ended AS (
                   DELETE FROM sessions
                   WHERE id IN (
                       SELECT id FROM sessions
                       WHERE user_id = $1 AND id <> $2 AND connection_id IS NOT DISTINCT FROM $6
                       ORDER BY last_seen_at DESC, id DESC
                       OFFSET $3
                   )
                   RETURNING expires_at > $4 AND last_seen_at > $5 AS live
               )
               SELECT count(*) FILTER (WHERE live) AS "count!" FROM ended"#,
            user_id.uuid(),
            own.id.uuid(),
            i64::from(kept),
            now,
            now - IDLE,
            own.through.as_ref().map(|through| through.connection_id.uuid())
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Holds a session of `user_id` until this transaction ends; false when there is none such.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_session(&mut self, user_id: UserId, id: SessionId) -> Result<bool, StoreError> {
        let held = sqlx::query!(
            "SELECT id FROM sessions WHERE user_id = $1 AND id = $2 FOR SHARE",
            user_id.uuid(),
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(held.is_some())
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
