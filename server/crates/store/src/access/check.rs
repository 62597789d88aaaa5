//! What says why somebody does not get in, as far as the workspace may know it.

use crate::{StoreError, WorkspaceTx, members::joining::joining, sign_in::policy::time};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::{account::email::Email, domains::domain_name::Joining};
use iam_types::UserId;

/// The sign-in with which a member last came to an app.
#[derive(Debug)]
pub struct LastSignIn {
    /// When.
    pub at: DateTime<Utc>,
    /// By which methods.
    pub amr: Vec<String>,
    /// The model of the authenticator whose passkey it took, if that was shown.
    pub model: Option<uuid::Uuid>,
    /// The longest time for which its browser was not heard of, as long as it is signed in.
    pub idle: TimeDelta,
}

impl WorkspaceTx {
    /// The widest door that a proved domain opens to `address`, whoever owns that, or nobody.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn joining_by(&mut self, address: &Email) -> Result<Joining, StoreError> {
        let id = self.workspace_id.uuid();
        let stored = sqlx::query_scalar!(
            "SELECT joining FROM workspace_domains
             WHERE workspace_id = $1 AND verified_at IS NOT NULL AND domain = split_part($2, '@', 2)",
            id,
            address.as_str()
        )
        .fetch_optional(self.conn())
        .await?;
        joining(stored)
    }

    /// Since when somebody asks to join whom this workspace knows by `address`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn join_request_by(&mut self, address: &Email) -> Result<Option<DateTime<Utc>>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT r.created_at
             FROM join_requests r
             JOIN users u ON u.id = r.user_id AND u.disabled_at IS NULL
             JOIN user_emails e ON e.user_id = r.user_id AND e.is_primary
             WHERE r.workspace_id = $1 AND e.address = $2",
            id,
            address.as_str()
        )
        .fetch_optional(self.conn())
        .await?)
    }

    /// The sign-in with which a member last came to an app of this workspace, as far as that is known now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_sign_in_for_an_app(
        &mut self,
        person: UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<LastSignIn>, StoreError> {
        let id = self.workspace_id.uuid();
        let row = sqlx::query!(
            r#"SELECT g.auth_time, g.amr, g.model, s.longest_idle AS "longest_idle?", s.last_seen_at AS "last_seen_at?"
               FROM token_grants g
               LEFT JOIN sessions s ON s.id = g.session_id
               WHERE g.workspace_id = $1 AND g.user_id = $2
               ORDER BY g.auth_time DESC
               LIMIT 1"#,
            id,
            person.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| {
            let longest = time(row.longest_idle).unwrap_or_default();
            LastSignIn {
                at: row.auth_time,
                amr: row.amr,
                model: row.model,
                idle: row.last_seen_at.map_or(longest, |seen| longest.max(now - seen)),
            }
        }))
    }

    /// The names of apps that let nobody in, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn disabled_apps(&mut self, limit: i64) -> Result<Vec<String>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT name FROM apps WHERE workspace_id = $1 AND disabled_at IS NOT NULL ORDER BY lower(name) LIMIT $2",
            id,
            limit
        )
        .fetch_all(self.conn())
        .await?)
    }
}
