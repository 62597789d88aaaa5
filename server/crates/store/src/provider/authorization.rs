//! Authorization requests under way, and remembered consent.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::origin::{Bound, Origin},
    provider::{
        authorization::{Answer, Authorization},
        scope::Scopes,
    },
    sign_in::assurance::Assurance,
};
use iam_types::{AppId, AuthorizationId, SessionId, UserId, WorkspaceId};
use uuid::Uuid;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) app_id: Uuid,
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: String,
    pub(super) login_hint: Option<String>,
    pub(super) fresh_after: Option<DateTime<Utc>>,
    pub(super) ask_consent: bool,
    pub(super) choose_account: bool,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) decided_at: Option<DateTime<Utc>>,
    pub(super) decided_by: Option<Uuid>,
    pub(super) denied: bool,
    pub(super) host: Option<String>,
    pub(super) hinted_user_id: Option<Uuid>,
    pub(super) least_assurance: i16,
}

impl Row {
    pub(super) fn bound(self, workspace_id: WorkspaceId) -> Bound<Authorization> {
        let answer = self.decided_at.map(|at| Answer {
            session_id: SessionId::from_uuid(self.decided_by.unwrap_or_default()),
            at,
            denied: self.denied,
        });
        let request = Authorization {
            id: AuthorizationId::from_uuid(self.id),
            app_id: AppId::from_uuid(self.app_id),
            redirect_uri: self.redirect_uri,
            scopes: Scopes::stored(&self.scopes),
            state: self.state,
            nonce: self.nonce,
            code_challenge: self.code_challenge,
            login_hint: self.login_hint,
            hinted: self.hinted_user_id.map(UserId::from_uuid),
            assurance: assurance(self.least_assurance),
            fresh_after: self.fresh_after,
            ask_consent: self.ask_consent,
            choose_account: self.choose_account,
            expires_at: self.expires_at,
            answer,
        };
        Bound::new(Origin::stored(workspace_id, self.host), request)
    }
}

/// The level of this number. What a later version knows more of is as much as is known.
fn assurance(level: i16) -> Assurance {
    let known = usize::try_from(level)
        .ok()
        .and_then(|level| Assurance::ALL.get(level));
    known.copied().unwrap_or(Assurance::PhishingResistant)
}

impl Store {
    /// Keeps a request until it is answered. No log is told: its answer will be.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_authorization(
        &self,
        workspace_id: WorkspaceId,
        request: &Authorization,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query_scalar!(
            "VALUES (rooiam_keep_authorization($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17))",
            workspace_id.uuid(),
            request.id.uuid(),
            request.app_id.uuid(),
            request.redirect_uri,
            &request.scopes.names(),
            request.state,
            request.nonce,
            request.code_challenge,
            request.login_hint,
            request.fresh_after,
            request.ask_consent,
            request.choose_account,
            now,
            request.expires_at,
            origin.host(),
            request.hinted.map(UserId::uuid),
            request.assurance as i16
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(())
    }
}

impl WorkspaceTx {
    /// A request, be it answered or expired.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn authorization(
        &mut self,
        id: AuthorizationId,
    ) -> Result<Option<Bound<Authorization>>, StoreError> {
        let workspace_id = self.workspace_id;
        let row = sqlx::query_as!(
            Row,
            "SELECT id, app_id, redirect_uri, scopes, state, nonce, code_challenge, login_hint, fresh_after, ask_consent,
                    choose_account, expires_at, decided_at, decided_by, denied, host, hinted_user_id, least_assurance
             FROM authorizations
             WHERE workspace_id = $1 AND id = $2",
            workspace_id.uuid(),
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| row.bound(workspace_id)))
    }

    /// As [`authorization`](Self::authorization), held so that of two answers at once the second sees the first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock_authorization(
        &mut self,
        id: AuthorizationId,
    ) -> Result<Option<Bound<Authorization>>, StoreError> {
        let workspace_id = self.workspace_id;
        let row = sqlx::query_as!(
            Row,
            "SELECT id, app_id, redirect_uri, scopes, state, nonce, code_challenge, login_hint, fresh_after, ask_consent,
                    choose_account, expires_at, decided_at, decided_by, denied, host, hinted_user_id, least_assurance
             FROM authorizations
             WHERE workspace_id = $1 AND id = $2
             FOR UPDATE",
            workspace_id.uuid(),
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| row.bound(workspace_id)))
    }

    /// Writes down how a locked request was answered.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn answer_authorization(
        &mut self,
        id: AuthorizationId,
        answer: Answer,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE authorizations SET decided_at = $3, decided_by = $4, denied = $5
             WHERE workspace_id = $1 AND id = $2 AND decided_at IS NULL",
            workspace_id,
            id.uuid(),
            answer.at,
            answer.session_id.uuid(),
            answer.denied
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Remembers consent, in place of what was remembered for another origin.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remember_consent(
        &mut self,
        user_id: UserId,
        app_id: AppId,
        scopes: &Scopes,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO consents (workspace_id, user_id, app_id, scopes, granted_at, host) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (workspace_id, user_id, app_id)
             DO UPDATE SET scopes = EXCLUDED.scopes, granted_at = EXCLUDED.granted_at, host = EXCLUDED.host",
            workspace_id,
            user_id.uuid(),
            app_id.uuid(),
            &scopes.names(),
            now,
            origin.host()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
