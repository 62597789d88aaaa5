CREATE TABLE passkeys (
    id             uuid PRIMARY KEY,
    user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- What the authenticator calls it (WebAuthn Level 3, 4): at most 1023 bytes.
    credential_id  bytea NOT NULL CONSTRAINT passkeys_credential_unique UNIQUE
        CONSTRAINT passkeys_credential_id_size CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    -- The public key with what the authenticator said of itself. No secret.
    credential     jsonb NOT NULL CONSTRAINT passkeys_credential_size CHECK (pg_column_size(credential) <= 16384),
    name           text NOT NULL CONSTRAINT passkeys_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    aaguid         uuid NOT NULL,
    synced         boolean NOT NULL,
    created_at     timestamptz NOT NULL,
    last_used_at   timestamptz,
    -- Its counter went backwards: somebody may have a copy. It signs in no more.
    suspected_at   timestamptz,
    -- What was asked for before this is worth nothing: the person ended all that let them in.
    void_before    timestamptz
);
CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at);
COMMENT ON TABLE passkeys IS 'global: passkeys of a person, public halves only';

-- What an authenticator is asked to sign, once: in the browser that began a sign-in, or in the session that adds a passkey.
CREATE TABLE passkey_challenges (
    id                uuid PRIMARY KEY,
    browser_hash      bytea CONSTRAINT passkey_challenges_browser_size CHECK (octet_length(browser_hash) = 32),
    session_id        uuid REFERENCES sessions (id) ON DELETE CASCADE,
    workspace_id      uuid REFERENCES workspaces (id),
    authorization_id  uuid,
    host              text,
    state             jsonb NOT NULL CONSTRAINT passkey_challenges_state_size CHECK (pg_column_size(state) <= 65536),
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    consumed_at       timestamptz,
    CONSTRAINT passkey_challenges_one_binding CHECK ((browser_hash IS NULL) <> (session_id IS NULL)),
    CONSTRAINT passkey_challenges_authorization_has_workspace CHECK (authorization_id IS NULL OR workspace_id IS NOT NULL)
);
CREATE INDEX passkey_challenges_by_session ON passkey_challenges (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX passkey_challenges_by_expiry ON passkey_challenges (expires_at);
COMMENT ON TABLE passkey_challenges IS 'global: what authenticators were asked to sign';

-- When to offer a passkey to somebody who signed in by mail: NULL at the next time, infinity never.
ALTER TABLE users ADD COLUMN offer_passkey_after timestamptz;

GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys, passkey_challenges TO rooiam_runtime;

ALTER TABLE outbox_mails DROP CONSTRAINT outbox_mails_kind;
ALTER TABLE outbox_mails ADD CONSTRAINT outbox_mails_kind CHECK (kind IN ('magic_link', 'invitation', 'notice', 'security'));
