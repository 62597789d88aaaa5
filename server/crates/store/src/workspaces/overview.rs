//! Figures of a workspace, and everything it holds as lines of a file.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use iam_domain::audit::Action;
use std::{future::Future, ops::ControlFlow};

/// What an overview counts.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// People in the workspace.
    pub members: i64,
    /// Those of them who are owners.
    pub owners: i64,
    /// Apps, disabled ones included.
    pub apps: i64,
    /// Those of them that are disabled.
    pub disabled_apps: i64,
    /// Invitations that wait for an answer.
    pub waiting_invitations: i64,
    /// Invitations that nobody can accept any more.
    pub expired_invitations: i64,
    /// Open invitations whose mail was refused.
    pub undelivered_invitations: i64,
    /// People who ask to join.
    pub join_requests: i64,
    /// Proved domains whose proof is missing.
    pub failing_domains: i64,
    /// Whether a member has let an app have something.
    pub signed_in: bool,
    /// Whether anybody was invited, or came without.
    pub invited: bool,
    /// Whether it has a look of its own.
    pub branded: bool,
}

impl WorkspaceTx {
    /// Counts what an overview shows, at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn figures(&mut self, now: DateTime<Utc>) -> Result<Figures, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_as!(
            Figures,
            r#"SELECT (SELECT count(*) FROM memberships WHERE workspace_id = $1) AS "members!",
                      (SELECT count(*) FROM memberships WHERE workspace_id = $1 AND role = 'owner') AS "owners!",
                      (SELECT count(*) FROM apps WHERE workspace_id = $1) AS "apps!",
                      (SELECT count(*) FROM apps WHERE workspace_id = $1 AND disabled_at IS NOT NULL) AS "disabled_apps!",
                      (SELECT count(*) FROM join_requests WHERE workspace_id = $1) AS "join_requests!",
                      (SELECT count(*) FROM workspace_domains WHERE workspace_id = $1 AND failing_since IS NOT NULL) AS "failing_domains!",
                      EXISTS (SELECT 1 FROM consents WHERE workspace_id = $1) AS "signed_in!",
                      (EXISTS (SELECT 1 FROM invitations WHERE workspace_id = $1)
                          OR EXISTS (SELECT 1 FROM memberships WHERE workspace_id = $1 AND role <> 'owner')) AS "invited!",
                      (EXISTS (SELECT 1 FROM workspaces WHERE id = $1 AND (accent IS NOT NULL OR login_text <> ''))
                          OR EXISTS (SELECT 1 FROM workspace_logos WHERE workspace_id = $1)) AS "branded!",
                      count(*) FILTER (WHERE i.expires_at > $2) AS "waiting_invitations!",
                      count(*) FILTER (WHERE i.expires_at <= $2) AS "expired_invitations!",
                      count(*) FILTER (WHERE i.expires_at > $2 AND EXISTS (
                          SELECT 1 FROM outbox_mails m WHERE m.about = i.id AND m.failed_at IS NOT NULL
                      )) AS "undelivered_invitations!"
               FROM invitations i
               WHERE i.workspace_id = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL"#,
            id,
            now
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// How many sign-ins to apps there were on each day (UTC) since `since`; days without any are left out.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sign_ins_by_day(
        &mut self,
        since: DateTime<Utc>,
    ) -> Result<Vec<(NaiveDate, i64)>, StoreError> {
        let id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT (occurred_at AT TIME ZONE 'UTC')::date AS "day!", count(*) AS "count!"
               FROM audit_events
               WHERE workspace_id = $1 AND action = $2 AND occurred_at >= $3
               GROUP BY 1"#,
            id,
            Action::CodeIssued.as_str(),
            since
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows.into_iter().map(|row| (row.day, row.count)).collect())
    }

    /// Hands everything the workspace holds to `take`, as lines of JSON from one moment; secrets and keys stay here.
    /// Ends early when `take` says so.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn export<F>(&mut self, take: impl Fn(String) -> F + Send) -> Result<(), StoreError>
    where
        F: Future<Output = ControlFlow<()>> + Send,
    {
        let id = self.workspace_id.uuid();
        let mut lines = sqlx::query_scalar!(
            r#"SELECT json_build_object('kind', 'workspace', 'slug', d.slug, 'name', w.name, 'admission', w.admission,
                          'accent', w.accent, 'login_text', w.login_text, 'support', w.support,
                          'sign_in_max_age', w.sign_in_max_age, 'created_at', w.created_at)::text AS "line!"
               FROM workspaces w JOIN workspace_directory d ON d.workspace_id = w.id WHERE w.id = $1
               UNION ALL
               SELECT json_build_object('kind', 'member', 'id', 'usr_' || replace(m.user_id::text, '-', ''),
                          'email', e.address, 'name', u.display_name, 'role', m.role, 'joined_at', m.created_at,
                          'roles', ARRAY(SELECT r.name FROM member_roles x
                                         JOIN roles r ON r.workspace_id = x.workspace_id AND r.id = x.role_id
                                         WHERE x.workspace_id = m.workspace_id AND x.user_id = m.user_id))::text
               FROM memberships m
               JOIN users u ON u.id = m.user_id
               JOIN user_emails e ON e.user_id = m.user_id AND e.is_primary
               WHERE m.workspace_id = $1
               UNION ALL
               SELECT json_build_object('kind', 'role', 'name', r.name, 'app', a.name, 'permissions', r.permissions)::text
               FROM roles r LEFT JOIN apps a ON a.workspace_id = r.workspace_id AND a.id = r.app_id
               WHERE r.workspace_id = $1
               UNION ALL
               SELECT json_build_object('kind', 'group', 'name', g.name,
                          'roles', ARRAY(SELECT r.name FROM group_roles x
                                         JOIN roles r ON r.workspace_id = x.workspace_id AND r.id = x.role_id
                                         WHERE x.workspace_id = g.workspace_id AND x.group_id = g.id),
                          'members', ARRAY(SELECT e.address FROM group_members x
                                           JOIN user_emails e ON e.user_id = x.user_id AND e.is_primary
                                           WHERE x.workspace_id = g.workspace_id AND x.group_id = g.id))::text
               FROM groups g WHERE g.workspace_id = $1
               UNION ALL
               SELECT json_build_object('kind', 'app', 'client_id', 'app_' || replace(a.id::text, '-', ''), 'name', a.name,
                          'client_type', a.client_type, 'id_token_alg', a.id_token_alg, 'created_at', a.created_at,
                          'disabled_at', a.disabled_at,
                          'redirect_uris', ARRAY(SELECT r.uri FROM app_redirect_uris r
                                                 WHERE r.workspace_id = a.workspace_id AND r.app_id = a.id))::text
               FROM apps a WHERE a.workspace_id = $1
               UNION ALL
               SELECT json_build_object('kind', 'domain', 'name', n.domain, 'joining', n.joining,
                          'verified_at', n.verified_at)::text
               FROM workspace_domains n WHERE n.workspace_id = $1
               UNION ALL
               SELECT json_build_object('kind', 'invitation', 'email', i.address, 'role', i.role, 'sent_at', i.sent_at,
                          'expires_at', i.expires_at)::text
               FROM invitations i WHERE i.workspace_id = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
               UNION ALL
               SELECT json_build_object('kind', 'event', 'at', v.occurred_at, 'action', v.action,
                          'actor', 'usr_' || replace(v.actor_id::text, '-', ''), 'target', v.target,
                          'client_ip', v.client_ip, 'user_agent', v.user_agent, 'detail', v.detail)::text
               FROM audit_events v WHERE v.workspace_id = $1"#,
            id
        )
        .fetch(self.conn());
        while let Some(line) = lines.try_next().await? {
            if take(line).await.is_break() {
                break;
            }
        }
        Ok(())
    }
}
