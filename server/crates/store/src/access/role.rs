//! Roles of a workspace's own making, who has them, and what somebody may do altogether.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    access::role::{CustomRole, EffectiveAccess},
    core::visible::VisibleName,
};
use iam_types::{AppId, GroupId, Permissions, Role, RoleId, UserId};
use std::collections::HashMap;
use uuid::Uuid;

/// What lets a member do something, beside their built-in role.
#[derive(Debug, Clone)]
pub struct Entitlement {
    /// The role.
    pub role: String,
    /// What it holds.
    pub permissions: Permissions,
    /// The group through which they have it.
    pub group: Option<String>,
    /// The providers that put them into it.
    pub providers: Vec<String>,
}

fn uuids(ids: &[RoleId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

impl WorkspaceTx {
    /// What a person is and may do here; nothing for strangers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn effective_access(&mut self, user_id: UserId) -> Result<Option<EffectiveAccess>, StoreError> {
        Ok(self.effective_access_of(&[user_id]).await?.remove(&user_id))
    }

    /// What some members are and may do, which cannot change before this transaction ends: whoever changes privileges
    /// in a workspace holds the workspace's row.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock_effective_access(
        &mut self,
        people: &[UserId],
    ) -> Result<HashMap<UserId, EffectiveAccess>, StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            r#"SELECT 1 AS "one!" FROM workspaces WHERE id = $1 FOR NO KEY UPDATE"#,
            id
        )
        .fetch_one(self.conn())
        .await?;
        self.effective_access_of(people).await
    }

    /// What some members are and may do, as of now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn effective_access_of(
        &mut self,
        people: &[UserId],
    ) -> Result<HashMap<UserId, EffectiveAccess>, StoreError> {
        let id = self.workspace_id.uuid();
        let people: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
        let rows = sqlx::query!(
            r#"SELECT m.user_id, m.role,
                      ARRAY(
                          SELECT DISTINCT unnest(r.permissions)
                          FROM roles r
                          WHERE r.workspace_id = m.workspace_id AND r.id IN (
                              SELECT mr.role_id FROM member_roles mr
                              WHERE mr.workspace_id = m.workspace_id AND mr.user_id = m.user_id
                              UNION ALL
                              SELECT gr.role_id FROM group_members gm
                              JOIN group_roles gr ON gr.workspace_id = gm.workspace_id AND gr.group_id = gm.group_id
                              WHERE gm.workspace_id = m.workspace_id AND gm.user_id = m.user_id
                          )
                      ) AS "permissions!"
               FROM memberships m
               WHERE m.workspace_id = $1 AND m.user_id = ANY($2)"#,
            id,
            &people
        )
        .fetch_all(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| {
                let role: Role = row
                    .role
                    .parse()
                    .map_err(|()| StoreError::Inconsistent("memberships"))?;
                let others = row.permissions.iter().collect();
                Ok((UserId::from_uuid(row.user_id), EffectiveAccess::new(role, others)))
            })
            .collect()
    }

    /// The roles that let a member do something, by themselves and through groups.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn entitlements(&mut self, user_id: UserId) -> Result<Vec<Entitlement>, StoreError> {
        let id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT r.name AS "name!", r.permissions AS "permissions!", NULL::text AS group_name,
                      '{}'::text[] AS "providers!"
               FROM member_roles mr
               JOIN roles r ON r.workspace_id = mr.workspace_id AND r.id = mr.role_id
               WHERE mr.workspace_id = $1 AND mr.user_id = $2
               UNION ALL
               SELECT r.name, r.permissions, g.name,
                      ARRAY(SELECT DISTINCT c.name FROM group_sources s
                            JOIN connections c ON c.workspace_id = s.workspace_id AND c.id = s.connection_id
                            WHERE s.workspace_id = gm.workspace_id AND s.group_id = gm.group_id AND s.user_id = gm.user_id
                            ORDER BY 1)
               FROM group_members gm
               JOIN groups g ON g.workspace_id = gm.workspace_id AND g.id = gm.group_id
               JOIN group_roles gr ON gr.workspace_id = gm.workspace_id AND gr.group_id = gm.group_id
               JOIN roles r ON r.workspace_id = gr.workspace_id AND r.id = gr.role_id
               WHERE gm.workspace_id = $1 AND gm.user_id = $2
               ORDER BY 1, 3"#,
            id,
            user_id.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Entitlement {
                role: row.name,
                permissions: row.permissions.iter().collect(),
                group: row.group_name,
                providers: row.providers,
            })
            .collect())
    }

    /// What a member is to an app, in the app's words, in alphabetical order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn app_roles_of(&mut self, user_id: UserId, app_id: AppId) -> Result<Vec<String>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT rooiam_app_roles($1, $2, $3) AS "names!""#,
            id,
            user_id.uuid(),
            app_id.uuid()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// All roles of the workspace's own making, first its own, then those of its apps, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn roles(&mut self) -> Result<Vec<CustomRole>, StoreError> {
        let id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT r.id, r.name, r.permissions, r.version, r.app_id, a.name AS "app_name?",
                      (SELECT count(*) FROM (
                          SELECT mr.user_id FROM member_roles mr
                          WHERE mr.workspace_id = r.workspace_id AND mr.role_id = r.id
                          UNION
                          SELECT gm.user_id FROM group_roles gr
                          JOIN group_members gm ON gm.workspace_id = gr.workspace_id AND gm.group_id = gr.group_id
                          WHERE gr.workspace_id = r.workspace_id AND gr.role_id = r.id
                      ) holder) AS "holders!"
               FROM roles r
               LEFT JOIN apps a ON a.workspace_id = r.workspace_id AND a.id = r.app_id
               WHERE r.workspace_id = $1
               ORDER BY lower(a.name) NULLS FIRST, a.id, lower(r.name), r.id"#,
            id
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| CustomRole {
                id: RoleId::from_uuid(row.id),
                name: row.name,
                app: row.app_id.map(AppId::from_uuid).zip(row.app_name),
                permissions: row.permissions.iter().collect(),
                version: row.version,
                holders: row.holders,
            })
            .collect())
    }

    /// Writes a new role that holds nothing yet.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn insert_role(
        &mut self,
        id: RoleId,
        app: Option<AppId>,
        name: &VisibleName,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO roles (workspace_id, id, app_id, name, created_at) VALUES ($1, $2, $3, $4, $5)",
            workspace_id,
            id.uuid(),
            app.map(AppId::uuid),
            name.as_str(),
            now
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Renames a role.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn rename_role(&mut self, id: RoleId, name: &VisibleName) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE roles SET name = $3 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            name.as_str()
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Sets what a role holds.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_permissions(&mut self, id: RoleId, permissions: Permissions) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE roles SET permissions = $3, version = version + 1 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            &permissions.names()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Deletes a role; nobody has it any more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_role(&mut self, id: RoleId) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "DELETE FROM roles WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// The roles that a member has by themselves.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn roles_of_member(&mut self, user_id: UserId) -> Result<Vec<RoleId>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let ids = sqlx::query_scalar!(
            "SELECT role_id FROM member_roles WHERE workspace_id = $1 AND user_id = $2",
            workspace_id,
            user_id.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        Ok(ids.into_iter().map(RoleId::from_uuid).collect())
    }

    /// Gives a member exactly these roles.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_roles_of_member(&mut self, user_id: UserId, roles: &[RoleId]) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let roles = uuids(roles);
        sqlx::query!(
            "DELETE FROM member_roles WHERE workspace_id = $1 AND user_id = $2 AND role_id <> ALL ($3)",
            workspace_id,
            user_id.uuid(),
            &roles
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO member_roles (workspace_id, user_id, role_id) SELECT $1, $2, unnest($3::uuid[])
             ON CONFLICT DO NOTHING",
            workspace_id,
            user_id.uuid(),
            &roles
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// The roles that a group carries.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn roles_of_group(&mut self, group: GroupId) -> Result<Vec<RoleId>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let ids = sqlx::query_scalar!(
            "SELECT role_id FROM group_roles WHERE workspace_id = $1 AND group_id = $2",
            workspace_id,
            group.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        Ok(ids.into_iter().map(RoleId::from_uuid).collect())
    }

    /// Lets a group carry exactly these roles.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_roles_of_group(&mut self, group: GroupId, roles: &[RoleId]) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let roles = uuids(roles);
        sqlx::query!(
            "DELETE FROM group_roles WHERE workspace_id = $1 AND group_id = $2 AND role_id <> ALL ($3)",
            workspace_id,
            group.uuid(),
            &roles
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO group_roles (workspace_id, group_id, role_id) SELECT $1, $2, unnest($3::uuid[])
             ON CONFLICT DO NOTHING",
            workspace_id,
            group.uuid(),
            &roles
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
