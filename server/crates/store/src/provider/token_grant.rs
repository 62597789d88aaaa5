//! A family of tokens with everything that its tokens say, read at once.

use crate::{Store, StoreError, account::user::User, sign_in::policy::both};
use iam_domain::{
    account::preferences::Preferences,
    core::origin::{Bound, Origin},
    provider::{grant::Grant, scope::Scopes},
    sign_in::models::Models,
    workspaces::workspace::{Entry, State},
};
use iam_types::{AppId, GrantId, KeyId, PictureId, SessionId, Slug, UserId, WorkspaceId};

/// A family of tokens, and whom they speak of.
#[derive(Debug)]
pub struct TokenGrant {
    /// The family.
    pub grant: Grant,
    /// The person.
    pub user: User,
    /// Their roles in the app; nothing where the family may not tell them.
    pub roles: Option<Vec<String>>,
    /// The active key of the algorithm that was asked for, if it was made already.
    pub key: Option<KeyId>,
}

pub(super) struct Row {
    pub(super) app_id: uuid::Uuid,
    pub(super) user_id: uuid::Uuid,
    pub(super) session_id: Option<uuid::Uuid>,
    pub(super) offline: bool,
    pub(super) scopes: Vec<String>,
    pub(super) amr: Vec<String>,
    pub(super) auth_time: chrono::DateTime<chrono::Utc>,
    pub(super) expires_at: chrono::DateTime<chrono::Utc>,
    pub(super) host: Option<String>,
    pub(super) revoked: bool,
    pub(super) sign_in_max_age: Option<i32>,
    pub(super) sign_in_ceiling: Option<i32>,
    pub(super) two_factors: bool,
    pub(super) refused_methods: Vec<String>,
    pub(super) model: Option<uuid::Uuid>,
    pub(super) models: Option<Vec<uuid::Uuid>>,
    pub(super) display_name: String,
    pub(super) picture_id: Option<uuid::Uuid>,
    pub(super) email: String,
    pub(super) roles: Option<Vec<String>>,
    pub(super) key_id: Option<uuid::Uuid>,
}

impl Row {
    pub(super) fn bound(self, workspace: WorkspaceId, id: GrantId) -> Bound<TokenGrant> {
        let policy = both(
            self.sign_in_max_age,
            self.sign_in_ceiling,
            Some(self.two_factors),
            Some(self.refused_methods),
        )
        .with_models(Models::combined(self.models.as_deref()));
        let grant = Grant {
            id,
            app_id: AppId::from_uuid(self.app_id),
            user_id: UserId::from_uuid(self.user_id),
            session_id: self.session_id.map(SessionId::from_uuid),
            offline: self.offline,
            scopes: Scopes::stored(&self.scopes),
            amr: self.amr,
            model: self.model,
            auth_time: self.auth_time,
            expires_at: self.expires_at,
            revoked: self.revoked,
        };
        let read = TokenGrant {
            user: User {
                id: grant.user_id,
                display_name: self.display_name,
                picture: self.picture_id.map(PictureId::from_uuid),
                email: self.email,
                preferences: Preferences::default(),
                // Whoever wanted their account deleted ended all families with that.
                deletion_due_at: None,
            },
            grant: grant.under(policy),
            roles: self.roles,
            key: self.key_id.map(KeyId::from_uuid),
        };
        Bound::new(Origin::stored(workspace, self.host), read)
    }
}

impl Store {
    /// The state of the workspace behind `slug`, and a family there without the key that signs its tokens. No family when its
    /// person was disabled or its app switched off. Grants end with the membership, and with the sign-in that they came from where
    /// the workspace wants a fresh one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn token_grant_behind(
        &self,
        slug: &Slug,
        id: GrantId,
    ) -> Result<Option<(Entry, Option<Bound<TokenGrant>>)>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT e.workspace_id AS "workspace_id!", e.suspended AS "suspended!", e.ending AS "ending!", e.deleted AS "deleted!",
                      g.app_id AS "app_id?", g.user_id AS "user_id?", g.session_id, g.offline AS "offline?", g.scopes AS "scopes?",
                      g.amr AS "amr?", g.auth_time AS "auth_time?", g.expires_at AS "expires_at?", g.host, g.revoked AS "revoked?",
                      g.sign_in_max_age, g.sign_in_ceiling, g.two_factors AS "two_factors?", g.refused_methods AS "refused_methods?",
                      g.model, g.models,
                      g.display_name AS "display_name?", g.picture_id, g.email AS "email?", g.roles
               FROM rooiam_enter($1) e
               LEFT JOIN LATERAL rooiam_grant(e.workspace_id, $2, NULL) g ON true"#,
            slug.as_str(),
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let entry = Entry {
            id: WorkspaceId::from_uuid(row.workspace_id),
            state: State::of(row.suspended, row.ending, row.deleted),
        };
        let read = || {
            let found = Row {
                app_id: row.app_id?,
                user_id: row.user_id?,
                session_id: row.session_id,
                offline: row.offline?,
                scopes: row.scopes?,
                amr: row.amr?,
                auth_time: row.auth_time?,
                expires_at: row.expires_at?,
                host: row.host,
                revoked: row.revoked?,
                sign_in_max_age: row.sign_in_max_age,
                sign_in_ceiling: row.sign_in_ceiling,
                two_factors: row.two_factors?,
                refused_methods: row.refused_methods?,
                model: row.model,
                models: row.models,
                display_name: row.display_name?,
                picture_id: row.picture_id,
                email: row.email?,
                roles: row.roles,
                key_id: None,
            };
            Some(found.bound(entry.id, id))
        };
        Ok(Some((entry, read())))
    }
}
