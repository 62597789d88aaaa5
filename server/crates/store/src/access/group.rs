//! Groups of members.

use crate::{StoreError, WorkspaceTx, members::member::Row};
use chrono::{DateTime, Utc};
use iam_domain::{core::visible::VisibleName, members::member::Member};
use iam_types::{GroupId, RoleId, UserId};
use uuid::Uuid;

/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which one.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// How many members are in it.
    pub members: i64,
}

impl WorkspaceTx {
    /// The workspace's groups by name, or those of one member.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn groups(&mut self, of: Option<UserId>) -> Result<Vec<Group>, StoreError> {
        let id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT g.id, g.name,
                      (SELECT count(*) FROM group_members n WHERE n.workspace_id = g.workspace_id AND n.group_id = g.id) AS "members!"
               FROM groups g
               WHERE g.workspace_id = $1
                 AND ($2::uuid IS NULL OR EXISTS (
                     SELECT 1 FROM group_members gm
                     WHERE gm.workspace_id = g.workspace_id AND gm.group_id = g.id AND gm.user_id = $2
                 ))
               ORDER BY lower(g.name), g.id"#,
            id,
            of.map(UserId::uuid)
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Group {
                id: GroupId::from_uuid(row.id),
                name: row.name,
                members: row.members,
            })
            .collect())
    }

    /// Writes a new, empty group.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn insert_group(
        &mut self,
        id: GroupId,
        name: &VisibleName,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO groups (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
            workspace_id,
            id.uuid(),
            name.as_str(),
            now
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Renames a group.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn rename_group(&mut self, id: GroupId, name: &VisibleName) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE groups SET name = $3 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            name.as_str()
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Deletes a group; its members stay in the workspace.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_group(&mut self, id: GroupId) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "DELETE FROM groups WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// At most `limit` members of a group by address, those behind the address `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn members_of_group(
        &mut self,
        group: GroupId,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT m.user_id, u.display_name, u.picture_id, e.address, m.role, m.created_at
             FROM group_members gm
             JOIN memberships m ON m.workspace_id = gm.workspace_id AND m.user_id = gm.user_id
             JOIN users u ON u.id = m.user_id
             JOIN user_emails e ON e.user_id = m.user_id AND e.is_primary
             WHERE gm.workspace_id = $1 AND gm.group_id = $2 AND e.address > $3
             ORDER BY e.address
             LIMIT $4",
            id,
            group.uuid(),
            after,
            limit
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(Member::try_from)
        .collect()
    }

    /// The members who own one of the verified `addresses`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn members_with_addresses(&mut self, addresses: &[String]) -> Result<Vec<UserId>, StoreError> {
        let id = self.workspace_id.uuid();
        let ids = sqlx::query_scalar!(
            "SELECT m.user_id
             FROM user_emails e
             JOIN memberships m ON m.user_id = e.user_id AND m.workspace_id = $1
             WHERE e.address = ANY ($2) AND e.verified_at IS NOT NULL",
            id,
            addresses
        )
        .fetch_all(self.conn())
        .await?;
        Ok(ids.into_iter().map(UserId::from_uuid).collect())
    }

    /// Puts members into a group by hand and returns those who were not in it, or only by a provider.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_to_group(
        &mut self,
        group: GroupId,
        people: &[UserId],
    ) -> Result<Vec<UserId>, StoreError> {
        let id = self.workspace_id.uuid();
        let people: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
        let added = sqlx::query_scalar!(
            "INSERT INTO group_members (workspace_id, group_id, user_id) SELECT $1, $2, unnest($3::uuid[])
             ON CONFLICT (workspace_id, group_id, user_id) DO UPDATE SET by_hand = true WHERE NOT group_members.by_hand
             RETURNING user_id",
            id,
            group.uuid(),
            &people
        )
        .fetch_all(self.conn())
        .await?;
        Ok(added.into_iter().map(UserId::from_uuid).collect())
    }

    /// The roles that groups carry.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn roles_of_groups(&mut self) -> Result<Vec<(GroupId, RoleId)>, StoreError> {
        let id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            "SELECT group_id, role_id FROM group_roles WHERE workspace_id = $1",
            id
        )
        .fetch_all(self.conn())
        .await?;
        let carried = rows.into_iter();
        Ok(carried
            .map(|row| (GroupId::from_uuid(row.group_id), RoleId::from_uuid(row.role_id)))
            .collect())
    }

    /// Takes a member out of a group, whoever put them there; false when they were not in it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_from_group(&mut self, group: GroupId, person: UserId) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "DELETE FROM group_members WHERE workspace_id = $1 AND group_id = $2 AND user_id = $3",
            id,
            group.uuid(),
            person.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
