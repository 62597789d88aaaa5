//! Invitations that are neither accepted nor withdrawn.

use crate::{StoreError, UserTx, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{account::email::Email, members::invitation::Invitation};
use iam_types::{InvitationId, Role, Slug, UserId};
use uuid::Uuid;

struct Row {
    id: Uuid,
    address: String,
    role: String,
    invited_by: Uuid,
    inviter: String,
    sent_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl TryFrom<Row> for Invitation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = || StoreError::Inconsistent("invitations");
        Ok(Self {
            id: InvitationId::from_uuid(row.id),
            address: row.address.parse().map_err(|_| inconsistent())?,
            role: row.role.parse().map_err(|()| inconsistent())?,
            invited_by: UserId::from_uuid(row.invited_by),
            inviter: row.inviter,
            sent_at: row.sent_at,
            expires_at: row.expires_at,
        })
    }
}

/// An invitation as the invited person sees it among those of other workspaces.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The invitation.
    pub invitation: Invitation,
    /// The workspace's address.
    pub slug: Slug,
    /// The workspace's name.
    pub workspace: String,
}

/// How an invitation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationEnd {
    /// The invited person joined.
    Accepted,
    /// They said no, or it was taken back.
    Withdrawn,
}

impl UserTx {
    /// The invitations that wait for the person at `now`, under any of their verified addresses.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invitations(&mut self, now: DateTime<Utc>) -> Result<Vec<Waiting>, StoreError> {
        let rows = sqlx::query!(
            "SELECT i.id, i.address, i.role, i.invited_by, inviter.address AS inviter, i.sent_at, i.expires_at, d.slug, w.name
             FROM invitations i
             JOIN workspaces w ON w.id = i.workspace_id
             JOIN workspace_directory d ON d.workspace_id = i.workspace_id
             JOIN user_emails inviter ON inviter.user_id = i.invited_by AND inviter.is_primary
             WHERE i.address IN (SELECT e.address FROM user_emails e WHERE e.user_id = $1 AND e.verified_at IS NOT NULL)
               AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $2
             ORDER BY i.sent_at DESC, i.id
             LIMIT 50",
            self.user_id.uuid(),
            now
        )
        .fetch_all(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Waiting {
                    slug: row
                        .slug
                        .parse()
                        .map_err(|_| StoreError::Inconsistent("workspace_directory"))?,
                    workspace: row.name,
                    invitation: Row {
                        id: row.id,
                        address: row.address,
                        role: row.role,
                        invited_by: row.invited_by,
                        inviter: row.inviter,
                        sent_at: row.sent_at,
                        expires_at: row.expires_at,
                    }
                    .try_into()?,
                })
            })
            .collect()
    }
}

impl WorkspaceTx {
    /// One invitation, which nobody else can end before this transaction does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock_invitation(&mut self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT i.id, i.address, i.role, i.invited_by, inviter.address AS inviter, i.sent_at, i.expires_at
             FROM invitations i
             JOIN user_emails inviter ON inviter.user_id = i.invited_by AND inviter.is_primary
             WHERE i.workspace_id = $1 AND i.id = $2 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
             FOR UPDATE OF i",
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?
        .map(Invitation::try_from)
        .transpose()
    }

    /// The invitation that waits for `address`, expired or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invitation_for(&mut self, address: &Email) -> Result<Option<Invitation>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT i.id, i.address, i.role, i.invited_by, inviter.address AS inviter, i.sent_at, i.expires_at
             FROM invitations i
             JOIN user_emails inviter ON inviter.user_id = i.invited_by AND inviter.is_primary
             WHERE i.workspace_id = $1 AND i.address = $2 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL",
            workspace_id,
            address.as_str()
        )
        .fetch_optional(self.conn())
        .await?
        .map(Invitation::try_from)
        .transpose()
    }

    /// The address of an invitation that was accepted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accepted_invitation(&mut self, id: InvitationId) -> Result<Option<Email>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let address = sqlx::query_scalar!(
            "SELECT address FROM invitations WHERE workspace_id = $1 AND id = $2 AND accepted_at IS NOT NULL",
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        address
            .map(|address| {
                address
                    .parse()
                    .map_err(|_| StoreError::Inconsistent("invitations"))
            })
            .transpose()
    }

    /// The role that `address` is asked to join with already, expired or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invited_role(&mut self, address: &Email) -> Result<Option<Role>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let role = sqlx::query_scalar!(
            "SELECT role FROM invitations
             WHERE workspace_id = $1 AND address = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL
             FOR UPDATE",
            workspace_id,
            address.as_str()
        )
        .fetch_optional(self.conn())
        .await?;
        role.map(|role| role.parse().map_err(|()| StoreError::Inconsistent("invitations")))
            .transpose()
    }

    /// At most `limit` invitations, the newest first, from before `before`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invitations(
        &mut self,
        before: Option<InvitationId>,
        limit: i64,
    ) -> Result<Vec<Invitation>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            "SELECT i.id, i.address, i.role, i.invited_by, inviter.address AS inviter, i.sent_at, i.expires_at
             FROM invitations i
             JOIN user_emails inviter ON inviter.user_id = i.invited_by AND inviter.is_primary
             WHERE i.workspace_id = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
               AND ($2::uuid IS NULL OR i.id < $2)
             ORDER BY i.id DESC
             LIMIT $3",
            workspace_id,
            before.map(InvitationId::uuid),
            limit
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(Invitation::try_from)
        .collect()
    }

    /// Whether a member owns the verified `address`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_members_address(&mut self, address: &Email) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1
                   FROM user_emails e
                   JOIN memberships m ON m.user_id = e.user_id AND m.workspace_id = $1
                   WHERE e.address = $2 AND e.verified_at IS NOT NULL
               ) AS "exists!""#,
            workspace_id,
            address.as_str()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Whether the person owns the verified `address`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn owns_address(&mut self, user_id: UserId, address: &Email) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM user_emails WHERE user_id = $1 AND address = $2 AND verified_at IS NOT NULL
               ) AS "exists!""#,
            user_id.uuid(),
            address.as_str()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Writes an invitation, or renews the one that the address has. Returns which one stands now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_invitation(&mut self, invitation: &Invitation) -> Result<InvitationId, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let id = sqlx::query_scalar!(
            "INSERT INTO invitations (workspace_id, id, address, role, invited_by, created_at, sent_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
             ON CONFLICT (workspace_id, address) WHERE accepted_at IS NULL AND withdrawn_at IS NULL
             DO UPDATE SET role = excluded.role, invited_by = excluded.invited_by,
                           sent_at = excluded.sent_at, expires_at = excluded.expires_at
             RETURNING id",
            workspace_id,
            invitation.id.uuid(),
            invitation.address.as_str(),
            invitation.role.as_str(),
            invitation.invited_by.uuid(),
            invitation.sent_at,
            invitation.expires_at
        )
        .fetch_one(self.conn())
        .await?;
        Ok(InvitationId::from_uuid(id))
    }

    /// Ends an invitation, whose mail need not leave then; false when it had ended already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_invitation(
        &mut self,
        id: InvitationId,
        end: InvitationEnd,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE invitations
             SET accepted_at = CASE WHEN $3 THEN $4::timestamptz END,
                 withdrawn_at = CASE WHEN $3 THEN NULL ELSE $4::timestamptz END
             WHERE workspace_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL",
            workspace_id,
            id.uuid(),
            end == InvitationEnd::Accepted,
            now
        )
        .execute(self.conn())
        .await?;
        self.drop_mail_about(id.uuid()).await?;
        Ok(done.rows_affected() == 1)
    }
}
