//! Groups that providers put members into.

use crate::{StoreError, WorkspaceTx};
use iam_domain::connections::{claims::Claim, issuer::Issuer};
use iam_types::{ConnectionId, GroupId, UserId};
use std::collections::BTreeSet;

/// What values of a provider's claim give: each a group.
pub type Lines = BTreeSet<(String, GroupId)>;

/// Groups that somebody came into, and that they are in no more.
#[derive(Debug, Default)]
pub struct Regrouped {
    /// Came into.
    pub added: Vec<GroupId>,
    /// In no more.
    pub removed: Vec<GroupId>,
}

struct Line {
    value: String,
    group_id: uuid::Uuid,
}

impl Line {
    fn read(self) -> (String, GroupId) {
        (self.value, GroupId::from_uuid(self.group_id))
    }
}

fn apart(lines: &Lines) -> (Vec<String>, Vec<uuid::Uuid>) {
    lines
        .iter()
        .map(|(value, group)| (value.clone(), group.uuid()))
        .unzip()
}

impl WorkspaceTx {
    /// What values of a provider's claim give.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn group_mapping(&mut self, id: ConnectionId) -> Result<Lines, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let rows = sqlx::query_as!(
            Line,
            "SELECT value, group_id FROM connection_groups WHERE workspace_id = $1 AND connection_id = $2",
            workspace_id,
            id.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows.into_iter().map(Line::read).collect())
    }

    /// The groups that any provider gives.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mapped_groups(&mut self) -> Result<BTreeSet<GroupId>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let groups = sqlx::query_scalar!(
            "SELECT DISTINCT group_id FROM connection_groups WHERE workspace_id = $1",
            workspace_id
        )
        .fetch_all(self.conn())
        .await?;
        Ok(groups.into_iter().map(GroupId::from_uuid).collect())
    }

    /// Says which claim names groups and what its values give: these and nothing else. What is given no more ends at once; everything
    /// does that another claim gave.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_group_mapping(
        &mut self,
        id: ConnectionId,
        claim: Option<&Claim>,
        lines: &Lines,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let (values, groups) = apart(lines);
        sqlx::query!(
            "DELETE FROM connection_groups g
             USING connections c
             WHERE g.workspace_id = $1 AND g.connection_id = $2 AND c.workspace_id = $1 AND c.id = $2
               AND (c.groups_claim IS DISTINCT FROM $3
                    OR NOT EXISTS (SELECT 1 FROM unnest($4::text[], $5::uuid[]) AS l (value, group_id)
                                   WHERE l.value = g.value AND l.group_id = g.group_id))",
            workspace_id,
            id.uuid(),
            claim.map(Claim::as_str),
            &values,
            &groups
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "UPDATE connections SET groups_claim = $3 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            claim.map(Claim::as_str)
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO connection_groups (workspace_id, connection_id, value, group_id)
             SELECT $1, $2, l.value, l.group_id FROM unnest($3::text[], $4::uuid[]) AS l (value, group_id)
             ON CONFLICT DO NOTHING",
            workspace_id,
            id.uuid(),
            &values,
            &groups
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Whose account is linked with `subject` at a provider, without holding that.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn linked_with(
        &mut self,
        connection: ConnectionId,
        issuer: &Issuer,
        subject: &str,
    ) -> Result<Option<UserId>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let found = sqlx::query_scalar!(
            "SELECT user_id FROM connection_identities
             WHERE workspace_id = $1 AND connection_id = $2 AND issuer = $3 AND subject = $4",
            workspace_id,
            connection.uuid(),
            issuer.as_str(),
            subject
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(found.map(UserId::from_uuid))
    }

    /// What a provider gives a member now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn given_groups(&mut self, id: ConnectionId, person: UserId) -> Result<Lines, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let rows = sqlx::query_as!(
            Line,
            "SELECT value, group_id FROM group_sources WHERE workspace_id = $1 AND connection_id = $2 AND user_id = $3",
            workspace_id,
            id.uuid(),
            person.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows.into_iter().map(Line::read).collect())
    }

    /// Lets a provider give a member these groups and no others. Groups that somebody put them into by hand stay.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn give_groups(
        &mut self,
        id: ConnectionId,
        person: UserId,
        lines: &Lines,
    ) -> Result<Regrouped, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let (values, groups) = apart(lines);
        let added = sqlx::query_scalar!(
            "INSERT INTO group_members (workspace_id, group_id, user_id, by_hand)
             SELECT DISTINCT $1::uuid, group_id, $2::uuid, false FROM unnest($3::uuid[]) AS group_id
             ON CONFLICT DO NOTHING
             RETURNING group_id",
            workspace_id,
            person.uuid(),
            &groups
        )
        .fetch_all(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO group_sources (workspace_id, connection_id, value, group_id, user_id)
             SELECT $1, $2, l.value, l.group_id, $3 FROM unnest($4::text[], $5::uuid[]) AS l (value, group_id)
             ON CONFLICT DO NOTHING",
            workspace_id,
            id.uuid(),
            person.uuid(),
            &values,
            &groups
        )
        .execute(self.conn())
        .await?;
        let ended = sqlx::query_scalar!(
            "DELETE FROM group_sources s
             WHERE s.workspace_id = $1 AND s.connection_id = $2 AND s.user_id = $3
               AND NOT EXISTS (SELECT 1 FROM unnest($4::text[], $5::uuid[]) AS l (value, group_id)
                               WHERE l.value = s.value AND l.group_id = s.group_id)
             RETURNING group_id",
            workspace_id,
            id.uuid(),
            person.uuid(),
            &values,
            &groups
        )
        .fetch_all(self.conn())
        .await?;
        let removed = sqlx::query_scalar!(
            r#"SELECT DISTINCT e.ended AS "ended!" FROM unnest($3::uuid[]) AS e (ended)
               WHERE NOT EXISTS (SELECT 1 FROM group_members m
                                 WHERE m.workspace_id = $1 AND m.user_id = $2 AND m.group_id = e.ended)"#,
            workspace_id,
            person.uuid(),
            &ended
        )
        .fetch_all(self.conn())
        .await?;
        let groups = |ids: Vec<uuid::Uuid>| ids.into_iter().map(GroupId::from_uuid).collect();
        Ok(Regrouped {
            added: groups(added),
            removed: groups(removed),
        })
    }

    /// How many places in groups a provider has given.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_given_groups(&mut self, id: ConnectionId) -> Result<i64, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT count(DISTINCT (group_id, user_id)) AS "count!" FROM group_sources
               WHERE workspace_id = $1 AND connection_id = $2"#,
            workspace_id,
            id.uuid()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// The names of the providers that gave `people` their places in groups.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn group_sources(
        &mut self,
        people: &[UserId],
    ) -> Result<Vec<(UserId, GroupId, String)>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let people: Vec<_> = people.iter().map(|person| person.uuid()).collect();
        let rows = sqlx::query!(
            "SELECT DISTINCT s.user_id, s.group_id, c.name
             FROM group_sources s
             JOIN connections c ON c.workspace_id = s.workspace_id AND c.id = s.connection_id
             WHERE s.workspace_id = $1 AND s.user_id = ANY ($2)
             ORDER BY c.name",
            workspace_id,
            &people
        )
        .fetch_all(self.conn())
        .await?;
        let source = |row: (uuid::Uuid, uuid::Uuid, String)| {
            (UserId::from_uuid(row.0), GroupId::from_uuid(row.1), row.2)
        };
        Ok(rows
            .into_iter()
            .map(|row| source((row.user_id, row.group_id, row.name)))
            .collect())
    }
}
