//! Everything that is kept of a person, for themselves. No secret, no hash, and nothing of anybody else.

use crate::{StoreError, UserTx, WorkspaceTx};
use iam_types::UserId;
use serde_json::Value;

impl UserTx {
    /// The person, their addresses and sessions, and what waits for an answer: where they asked to join, and where they are
    /// invited to.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn own_data(&mut self) -> Result<Value, StoreError> {
        let person = self.user_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT json_build_object(
                   'id', 'usr_' || replace(u.id::text, '-', ''), 'name', u.display_name, 'language', u.locale, 'time_zone', u.time_zone,
                   'picture_png_base64', (SELECT encode(i.png, 'base64') FROM user_pictures i WHERE i.user_id = u.id),
                   'created_at', u.created_at,
                   'email_addresses', (
                       SELECT coalesce(json_agg(json_build_object('address', e.address, 'primary', e.is_primary,
                                                                  'verified_at', e.verified_at, 'added_at', e.created_at)
                                                ORDER BY e.created_at, e.address), '[]')
                       FROM user_emails e WHERE e.user_id = u.id
                   ),
                   'unverified_email_addresses', (
                       SELECT coalesce(json_agg(json_build_object('address', c.address, 'added_at', c.created_at)
                                                ORDER BY c.created_at, c.address), '[]')
                       FROM address_challenges c WHERE c.user_id = u.id AND c.consumed_at IS NULL
                   ),
                   'removed_email_addresses', (
                       SELECT coalesce(json_agg(json_build_object('address', a.address, 'removed_at', a.removed_at,
                                                                  'restorable_until', a.restorable_until)
                                                ORDER BY a.removed_at, a.address), '[]')
                       FROM removed_addresses a WHERE a.user_id = u.id AND a.restored_at IS NULL
                   ),
                   'sessions', (
                       SELECT coalesce(json_agg(json_build_object('signed_in_at', s.created_at, 'last_seen_at', s.last_seen_at,
                                                                  'expires_at', s.expires_at, 'methods', s.amr, 'host', s.host,
                                                                  'client_ip', s.client_ip, 'user_agent', s.user_agent)
                                                ORDER BY s.last_seen_at DESC), '[]')
                       FROM sessions s WHERE s.user_id = u.id
                   ),
                   'passkeys', (
                       SELECT coalesce(json_agg(json_build_object('name', p.name, 'authenticator', p.aaguid, 'verified', p.attested,
                                                                 'synced', p.synced,
                                                                  'added_at', p.created_at, 'last_used_at', p.last_used_at,
                                                                  'blocked_at', p.suspected_at)
                                                ORDER BY p.created_at, p.id), '[]')
                       FROM passkeys p WHERE p.user_id = u.id
                   ),
                   'two_step_verification', (
                       SELECT json_build_object('since', t.confirmed_at, 'last_used_at', t.last_used_at, 'recovery_codes_left', (
                           SELECT count(*) FROM recovery_codes r WHERE r.user_id = u.id AND r.used_at IS NULL
                       ))
                       FROM totp_credentials t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL
                   ),
                   'password', (
                       SELECT json_build_object('since', w.set_at, 'last_used_at', w.last_used_at, 'must_change', w.must_change)
                       FROM passwords w WHERE w.user_id = u.id
                   ),
                   'trusted_browsers', (
                       SELECT coalesce(json_agg(json_build_object('user_agent', b.user_agent, 'trusted_at', b.trusted_at,
                                                                  'last_used_at', b.last_used_at)
                                                ORDER BY b.trusted_at), '[]')
                       FROM trusted_browsers b WHERE b.user_id = u.id
                   ),
                   'account_recovery', (
                       SELECT json_build_object('begun_at', y.begun_at, 'counts_at', y.counts_at, 'expires_at', y.expires_at,
                                                'objected_at', y.objected_at, 'ended_at', y.ended_at)
                       FROM recoveries y WHERE y.user_id = u.id
                   ),
                   'providers', (
                       SELECT coalesce(json_agg(json_build_object('workspace', d.slug, 'provider', c.name, 'known_there_as', i.label,
                                                                  'subject', i.subject, 'linked_at', i.linked_at,
                                                                  'last_used_at', i.last_used_at)
                                                ORDER BY i.linked_at), '[]')
                       FROM connection_identities i
                       JOIN connections c ON c.workspace_id = i.workspace_id AND c.id = i.connection_id
                       JOIN workspace_directory d ON d.workspace_id = i.workspace_id
                       WHERE i.user_id = u.id
                   ),
                   'access_requests', (
                       SELECT coalesce(json_agg(json_build_object('workspace', d.slug, 'asked_at', j.created_at)
                                                ORDER BY d.slug), '[]')
                       FROM join_requests j JOIN workspace_directory d ON d.workspace_id = j.workspace_id
                       WHERE j.user_id = u.id
                   ),
                   'invitations', (
                       SELECT coalesce(json_agg(json_build_object('workspace', d.slug, 'address', i.address, 'role', i.role,
                                                                  'sent_at', i.sent_at, 'expires_at', i.expires_at)
                                                ORDER BY d.slug), '[]')
                       FROM invitations i
                       JOIN user_emails e ON e.user_id = u.id AND e.verified_at IS NOT NULL AND e.address = i.address
                       JOIN workspace_directory d ON d.workspace_id = i.workspace_id
                       WHERE i.accepted_at IS NULL AND i.withdrawn_at IS NULL
                   )
               ) AS "data!: Value"
               FROM users u WHERE u.id = $1"#,
            person
        )
        .fetch_one(self.conn())
        .await?)
    }
}

impl WorkspaceTx {
    /// What a member is here, and what they let apps have; nothing of somebody who is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn own_data_of(&mut self, person: UserId) -> Result<Option<Value>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT json_build_object(
                   'workspace', d.slug, 'name', w.name, 'role', m.role, 'joined_at', m.created_at,
                   'roles', (
                       SELECT coalesce(json_agg(json_build_object('name', r.name, 'app', a.name) ORDER BY r.name), '[]')
                       FROM member_roles x
                       JOIN roles r ON r.workspace_id = $1 AND r.id = x.role_id
                       LEFT JOIN apps a ON a.workspace_id = $1 AND a.id = r.app_id
                       WHERE x.workspace_id = $1 AND x.user_id = $2
                   ),
                   'groups', (
                       SELECT coalesce(json_agg(g.name ORDER BY g.name), '[]')
                       FROM group_members x JOIN groups g ON g.workspace_id = $1 AND g.id = x.group_id
                       WHERE x.workspace_id = $1 AND x.user_id = $2
                   ),
                   'consents', (
                       SELECT coalesce(json_agg(json_build_object('app', a.name, 'scopes', c.scopes, 'granted_at', c.granted_at)
                                                ORDER BY a.name), '[]')
                       FROM consents c JOIN apps a ON a.workspace_id = $1 AND a.id = c.app_id
                       WHERE c.workspace_id = $1 AND c.user_id = $2
                   ),
                   'app_access', (
                       SELECT coalesce(json_agg(json_build_object('app', a.name, 'scopes', t.scopes, 'offline', t.offline,
                                                                  'since', t.created_at, 'expires_at', t.expires_at,
                                                                  'ended_at', t.revoked_at)
                                                ORDER BY t.created_at DESC), '[]')
                       FROM token_grants t JOIN apps a ON a.workspace_id = $1 AND a.id = t.app_id
                       WHERE t.workspace_id = $1 AND t.user_id = $2
                   )
               ) AS "data!: Value"
               FROM memberships m
               JOIN workspaces w ON w.id = m.workspace_id
               JOIN workspace_directory d ON d.workspace_id = w.id
               WHERE m.workspace_id = $1 AND m.user_id = $2"#,
            workspace_id,
            person.uuid()
        )
        .fetch_optional(self.conn())
        .await?)
    }
}
