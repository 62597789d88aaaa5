//! Memberships: who is in a workspace, as what.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::members::member::Member;
use iam_types::{PictureId, Role, UserId, WorkspaceId};
use uuid::Uuid;

pub(crate) struct Row {
    pub user_id: Uuid,
    pub display_name: String,
    pub picture_id: Option<Uuid>,
    pub address: String,
    pub role: String,
    pub created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Member {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            user_id: UserId::from_uuid(row.user_id),
            email: row.address,
            display_name: row.display_name,
            picture: row.picture_id.map(PictureId::from_uuid),
            role: role(&row.role)?,
            joined_at: row.created_at,
        })
    }
}

pub(crate) fn role(stored: &str) -> Result<Role, StoreError> {
    stored
        .parse()
        .map_err(|()| StoreError::Inconsistent("memberships"))
}

impl WorkspaceTx {
    /// A person's role here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn role_of(&mut self, user_id: UserId) -> Result<Option<Role>, StoreError> {
        let id = self.workspace_id.uuid();
        let stored = sqlx::query_scalar!(
            "SELECT role FROM memberships WHERE workspace_id = $1 AND user_id = $2",
            id,
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        stored.as_deref().map(role).transpose()
    }

    /// One member.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn member(&mut self, user_id: UserId) -> Result<Option<Member>, StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT m.user_id, u.display_name, u.picture_id, m.address, m.role, m.created_at
             FROM memberships m
             JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.user_id = $2",
            id,
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?
        .map(Member::try_from)
        .transpose()
    }

    /// Those of `people` who are members, by address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn members_among(&mut self, people: &[UserId]) -> Result<Vec<Member>, StoreError> {
        let id = self.workspace_id.uuid();
        let people: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
        sqlx::query_as!(
            Row,
            "SELECT m.user_id, u.display_name, u.picture_id, m.address, m.role, m.created_at
             FROM memberships m
             JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.user_id = ANY ($2)
             ORDER BY m.address",
            id,
            &people
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(Member::try_from)
        .collect()
    }

    /// How many members the workspace has.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn member_count(&mut self) -> Result<i64, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM memberships WHERE workspace_id = $1"#,
            id
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Adds a member; false when they are one already.
    ///
    /// # Errors
    /// [`StoreError::Ceiling`], [`StoreError::Database`].
    pub async fn insert_member(
        &mut self,
        user_id: UserId,
        role: Role,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        if self.role_of(user_id).await?.is_some() {
            return Ok(false);
        }
        self.keep_members_ceiling().await?;
        let done = sqlx::query!(
            "INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (workspace_id, user_id) DO NOTHING",
            id,
            user_id.uuid(),
            role.as_str(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Refuses one more member than the platform allows. Holds the workspace's row where there is a ceiling, so that
    /// two who join at once do not both find the last place.
    async fn keep_members_ceiling(&mut self) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        let ceiling = sqlx::query_scalar!("SELECT members_ceiling FROM platform_settings")
            .fetch_one(self.conn())
            .await?;
        if let Some(ceiling) = ceiling
            && self.workspace_id != WorkspaceId::PLATFORM
        {
            sqlx::query!(
                r#"SELECT 1 AS "one!" FROM workspaces WHERE id = $1 FOR NO KEY UPDATE"#,
                id
            )
            .fetch_one(self.conn())
            .await?;
            if self.member_count().await? >= i64::from(ceiling) {
                return Err(StoreError::Ceiling);
            }
        }
        Ok(())
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// [`StoreError::LastOwner`].
    pub async fn update_role(&mut self, user_id: UserId, role: Role) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE memberships SET role = $3 WHERE workspace_id = $1 AND user_id = $2",
            id,
            user_id.uuid(),
            role.as_str()
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::last_owner)?;
        Ok(())
    }

    /// Ends a membership, and with it the person's consents, token families and invitations here.
    ///
    /// # Errors
    /// [`StoreError::LastOwner`].
    pub async fn delete_member(&mut self, user_id: UserId) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "DELETE FROM memberships WHERE workspace_id = $1 AND user_id = $2",
            id,
            user_id.uuid()
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::last_owner)?;
        Ok(())
    }
}
