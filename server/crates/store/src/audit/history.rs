//! What the log tells about somebody, and what it tells them.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::audit::Action;
use iam_types::{EventId, UserId};
use serde_json::Value;

/// An event as a history shows it.
#[derive(Debug)]
pub struct StoredEvent {
    /// What, `noun.verb`.
    pub action: String,
    /// Primary address of who did it, empty if unknown.
    pub actor: String,
    /// What this workspace calls the thing it was done to, empty if it knows no name.
    pub subject: String,
    /// The group that it was about beside that, empty for none.
    pub group: String,
    /// What else.
    pub detail: Value,
    /// From where.
    pub client_ip: String,
    /// With what.
    pub user_agent: String,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

/// An event as the person it is about may know it.
#[derive(Debug)]
pub struct OwnEvent {
    /// Which one.
    pub id: EventId,
    /// Whether it was they who did it.
    pub own: bool,
    /// What it was. Of what others did, neither who nor from where.
    pub event: StoredEvent,
}

impl WorkspaceTx {
    /// The last events that a person caused or that happened to them, the newest first. Names are those of today, and of
    /// people those of members only.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn events_about(&mut self, person: UserId, limit: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_as!(
            StoredEvent,
            r#"SELECT v.action AS "action!", coalesce(e.address, '') AS "actor!",
                      coalesce(CASE split_part(v.target, '_', 1)
                          WHEN 'usr' THEN (SELECT m.address FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = k.id)
                          WHEN 'app' THEN (SELECT a.name FROM apps a WHERE a.workspace_id = $1 AND a.id = k.id)
                          WHEN 'rol' THEN (SELECT r.name FROM roles r WHERE r.workspace_id = $1 AND r.id = k.id)
                          WHEN 'grp' THEN (SELECT g.name FROM groups g WHERE g.workspace_id = $1 AND g.id = k.id)
                          WHEN 'inv' THEN (SELECT i.address FROM invitations i WHERE i.workspace_id = $1 AND i.id = k.id)
                      END, v.detail->>'name', CASE WHEN strpos(v.target, '.') > 0 THEN v.target END, '') AS "subject!",
                      coalesce((SELECT g.name FROM groups g WHERE g.workspace_id = $1 AND g.id = k.group_id), '') AS "group!",
                      v.detail AS "detail!", v.client_ip AS "client_ip!", v.user_agent AS "user_agent!",
                      v.occurred_at AS "occurred_at!"
               FROM (
                   (SELECT id, action, actor_id, target, detail, client_ip, user_agent, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND actor_id = $2 ORDER BY id DESC LIMIT $4)
                   UNION
                   (SELECT id, action, actor_id, target, detail, client_ip, user_agent, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND target = $3 ORDER BY id DESC LIMIT $4)
               ) v
               CROSS JOIN LATERAL (
                   SELECT CASE WHEN v.target ~ '^[a-z]+_[0-9a-f]{32}$' THEN right(v.target, 32)::uuid END AS id,
                          CASE WHEN v.detail->>'group' ~ '^grp_[0-9a-f]{32}$' THEN right(v.detail->>'group', 32)::uuid END AS group_id
               ) k
               LEFT JOIN memberships e ON e.workspace_id = $1 AND e.user_id = v.actor_id
               ORDER BY v.id DESC
               LIMIT $4"#,
            workspace_id,
            person.uuid(),
            person.to_string(),
            limit
        )
        .fetch_all(self.conn())
        .await?)
    }

    /// The last events whose target is `target`, the newest first. People are named who are members.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn events_on(&mut self, target: &str, limit: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_as!(
            StoredEvent,
            r#"SELECT v.action AS "action!", coalesce(e.address, '') AS "actor!", coalesce(v.detail->>'name', '') AS "subject!",
                      '' AS "group!", v.detail AS "detail!", v.client_ip AS "client_ip!", v.user_agent AS "user_agent!",
                      v.occurred_at AS "occurred_at!"
               FROM audit_events v
               LEFT JOIN memberships e ON e.workspace_id = $1 AND e.user_id = v.actor_id
               WHERE v.workspace_id = $1 AND v.target = $2
               ORDER BY v.id DESC
               LIMIT $3"#,
            workspace_id,
            target,
            limit
        )
        .fetch_all(self.conn())
        .await?)
    }

    /// The last events before `before`, the newest first, of those among `actions` that a person caused without doing
    /// something to another person, or that others did to them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn events_for(
        &mut self,
        person: UserId,
        actions: &[Action],
        before: Option<EventId>,
        limit: i64,
    ) -> Result<Vec<OwnEvent>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let actions: Vec<String> = actions.iter().map(|action| action.as_str().to_owned()).collect();
        let rows = sqlx::query!(
            r#"SELECT v.id AS "id!", v.action AS "action!", v.own AS "own!", v.detail AS "detail!",
                      CASE WHEN v.own THEN v.client_ip ELSE '' END AS "client_ip!",
                      CASE WHEN v.own THEN v.user_agent ELSE '' END AS "user_agent!",
                      v.occurred_at AS "occurred_at!",
                      coalesce((SELECT a.name FROM apps a WHERE a.workspace_id = $1 AND a.id = k.app_id), '') AS "subject!",
                      coalesce((SELECT g.name FROM groups g WHERE g.workspace_id = $1 AND g.id = k.group_id), '') AS "group!"
               FROM (
                   (SELECT id, action, true AS own, target, detail, client_ip, user_agent, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND actor_id = $2 AND (target = $3 OR target NOT LIKE 'usr\_%')
                      AND action NOT IN ('code.issued', 'tokens.issued') AND action = ANY ($4)
                      AND ($5::uuid IS NULL OR id < $5)
                    ORDER BY id DESC LIMIT $6)
                   UNION ALL
                   (SELECT id, action, false AS own, target, detail, client_ip, user_agent, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND target = $3 AND actor_id IS DISTINCT FROM $2
                      AND action = ANY ($4) AND ($5::uuid IS NULL OR id < $5)
                    ORDER BY id DESC LIMIT $6)
               ) v
               CROSS JOIN LATERAL (
                   SELECT CASE WHEN v.target ~ '^app_[0-9a-f]{32}$' THEN right(v.target, 32)::uuid END AS app_id,
                          CASE WHEN v.detail->>'group' ~ '^grp_[0-9a-f]{32}$' THEN right(v.detail->>'group', 32)::uuid END AS group_id
               ) k
               ORDER BY v.id DESC
               LIMIT $6"#,
            workspace_id,
            person.uuid(),
            person.to_string(),
            &actions,
            before.map(EventId::uuid),
            limit
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| OwnEvent {
                id: EventId::from_uuid(row.id),
                own: row.own,
                event: StoredEvent {
                    action: row.action,
                    actor: String::new(),
                    subject: row.subject,
                    group: row.group,
                    detail: row.detail,
                    client_ip: row.client_ip,
                    user_agent: row.user_agent,
                    occurred_at: row.occurred_at,
                },
            })
            .collect())
    }
}
