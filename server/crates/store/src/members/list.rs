//! The list of members: searched, filtered and ordered.

use super::member::Row;
use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::members::member::{ListedMember, Member, MemberFilter, MemberOrder};
use iam_types::{Role, UserId};
use uuid::Uuid;

struct ListedRow {
    user_id: Uuid,
    display_name: String,
    picture_id: Option<Uuid>,
    address: String,
    role: String,
    created_at: DateTime<Utc>,
    last_active_at: Option<DateTime<Utc>>,
    groups: Vec<String>,
}

impl TryFrom<ListedRow> for ListedMember {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        let member = Row {
            user_id: row.user_id,
            display_name: row.display_name,
            picture_id: row.picture_id,
            address: row.address,
            role: row.role,
            created_at: row.created_at,
        };
        Ok(Self {
            member: member.try_into()?,
            last_active_at: row.last_active_at,
            groups: row.groups,
        })
    }
}

/// A page of the list: which rows come `behind` the one that ended the page before, and in which `order`. Each order is a
/// statement of its own, so that an index can carry it.
macro_rules! listed {
    ($tx:ident, $filter:ident, $limit:ident, behind $behind:literal, order $order:literal, $($cursor:expr),*) => {{
        let id = $tx.workspace_id.uuid();
        sqlx::query_as!(
            ListedRow,
            r#"SELECT m.user_id, u.display_name, u.picture_id, m.address, m.role, m.created_at,
                      (SELECT v.occurred_at FROM audit_events v
                       WHERE v.workspace_id = m.workspace_id AND v.actor_id = m.user_id
                       ORDER BY v.id DESC LIMIT 1) AS "last_active_at?",
                      ARRAY(SELECT g.name FROM group_members n
                            JOIN groups g ON g.workspace_id = n.workspace_id AND g.id = n.group_id
                            WHERE n.workspace_id = m.workspace_id AND n.user_id = m.user_id
                            ORDER BY lower(g.name), g.id) AS "groups!"
               FROM memberships m
               JOIN users u ON u.id = m.user_id
               WHERE m.workspace_id = $1
                 AND (strpos(m.address, (SELECT lower($2))) > 0 OR strpos(lower(u.display_name), (SELECT lower($2))) > 0)
                 AND ($3::text IS NULL OR m.role = $3)
                 AND "# + $behind + " ORDER BY " + $order + " LIMIT $4",
            id,
            $filter.search,
            $filter.role.map(Role::as_str),
            $limit,
            $($cursor),*
        )
        .fetch_all($tx.conn())
        .await?
    }};
}

impl WorkspaceTx {
    /// At most `limit` members that pass `filter`, those behind `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn members(
        &mut self,
        filter: &MemberFilter,
        after: Option<&Member>,
        limit: i64,
    ) -> Result<Vec<ListedMember>, StoreError> {
        let address = after.map(|member| member.email.as_str());
        let (joined, person) = (after.map(|m| m.joined_at), after.map(|m| m.user_id.uuid()));
        let role = after.map(|member| member.role.as_str());
        let rows = match filter.order {
            MemberOrder::Email => listed!(
                self, filter, limit,
                behind "m.address > $5",
                order "m.address",
                address.unwrap_or_default()
            ),
            MemberOrder::EmailBackwards => listed!(
                self, filter, limit,
                behind "($5::text IS NULL OR m.address < $5)",
                order "m.address DESC",
                address
            ),
            MemberOrder::Joined => listed!(
                self, filter, limit,
                behind "($5::timestamptz IS NULL OR (m.created_at, m.user_id) < ($5, $6::uuid))",
                order "m.created_at DESC, m.user_id DESC",
                joined, person
            ),
            MemberOrder::JoinedBackwards => listed!(
                self, filter, limit,
                behind "($5::timestamptz IS NULL OR (m.created_at, m.user_id) > ($5, $6::uuid))",
                order "m.created_at, m.user_id",
                joined, person
            ),
            MemberOrder::Role => listed!(
                self, filter, limit,
                behind "($5::text IS NULL OR (array_position(ARRAY['owner', 'admin', 'auditor', 'member'], m.role), m.address)
                        > (array_position(ARRAY['owner', 'admin', 'auditor', 'member'], $5), $6::text))",
                order "array_position(ARRAY['owner', 'admin', 'auditor', 'member'], m.role), m.address",
                role, address
            ),
            MemberOrder::RoleBackwards => listed!(
                self, filter, limit,
                behind "($5::text IS NULL OR (array_position(ARRAY['owner', 'admin', 'auditor', 'member'], m.role), m.address)
                        < (array_position(ARRAY['owner', 'admin', 'auditor', 'member'], $5), $6::text))",
                order "array_position(ARRAY['owner', 'admin', 'auditor', 'member'], m.role) DESC, m.address DESC",
                role, address
            ),
        };
        rows.into_iter().map(ListedMember::try_from).collect()
    }

    /// How many members pass `filter`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn matching_members(&mut self, filter: &MemberFilter) -> Result<i64, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!"
               FROM memberships m
               JOIN users u ON u.id = m.user_id
               WHERE m.workspace_id = $1
                 AND (strpos(m.address, (SELECT lower($2))) > 0 OR strpos(lower(u.display_name), (SELECT lower($2))) > 0)
                 AND ($3::text IS NULL OR m.role = $3)"#,
            id,
            filter.search,
            filter.role.map(Role::as_str)
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// When a member last did something that this workspace's log tells of.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_active_at(&mut self, person: UserId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT occurred_at FROM audit_events WHERE workspace_id = $1 AND actor_id = $2 ORDER BY id DESC LIMIT 1",
            id,
            person.uuid()
        )
        .fetch_optional(self.conn())
        .await?)
    }
}
