-- An address that a person adds, until they have proved that its mails reach them: in the session that asked, nowhere else.
-- Until then it is no address of theirs.
CREATE TABLE address_challenges (
    id             uuid PRIMARY KEY,
    user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id     uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    address        text NOT NULL CONSTRAINT address_challenges_normalised
        CHECK (address = lower(address) AND char_length(address) BETWEEN 3 AND 254),
    link_hash      bytea NOT NULL CONSTRAINT address_challenges_link_unique UNIQUE
        CONSTRAINT address_challenges_link_size CHECK (octet_length(link_hash) = 32),
    code_hash      bytea NOT NULL CONSTRAINT address_challenges_code_size CHECK (octet_length(code_hash) = 32),
    code_attempts  smallint NOT NULL DEFAULT 0 CONSTRAINT address_challenges_attempts CHECK (code_attempts >= 0),
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    consumed_at    timestamptz,
    CONSTRAINT address_challenges_expiry_after_start CHECK (expires_at > created_at),
    CONSTRAINT address_challenges_one_each UNIQUE (user_id, address)
);
CREATE INDEX address_challenges_by_session ON address_challenges (session_id);
CREATE INDEX address_challenges_by_expiry ON address_challenges (expires_at);
COMMENT ON TABLE address_challenges IS 'global: addresses that people are adding';

-- An address that its person took off the account: for a while they can put it back, and nobody else can have it.
CREATE TABLE removed_addresses (
    address           text PRIMARY KEY CONSTRAINT removed_addresses_normalised
        CHECK (address = lower(address) AND char_length(address) BETWEEN 3 AND 254),
    id                uuid NOT NULL CONSTRAINT removed_addresses_id_unique UNIQUE,
    user_id           uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- When it was proved: it comes back as old as it was.
    verified_at       timestamptz NOT NULL,
    removed_at        timestamptz NOT NULL,
    restorable_until  timestamptz NOT NULL,
    restored_at       timestamptz,
    CONSTRAINT removed_addresses_expiry_after_removal CHECK (restorable_until > removed_at)
);
CREATE INDEX removed_addresses_by_user ON removed_addresses (user_id);
CREATE INDEX removed_addresses_by_expiry ON removed_addresses (restorable_until);
COMMENT ON TABLE removed_addresses IS 'global: addresses that were taken off accounts and can be put back';

GRANT SELECT, INSERT, UPDATE, DELETE ON address_challenges, removed_addresses TO rooiam_runtime;

ALTER TABLE outbox_mails DROP CONSTRAINT outbox_mails_kind;
ALTER TABLE outbox_mails ADD CONSTRAINT outbox_mails_kind
    CHECK (kind IN ('magic_link', 'invitation', 'notice', 'security', 'address'));

-- Who joins while their primary address changes waits for that, and stands in the list under the new one.
CREATE OR REPLACE FUNCTION rooiam_fill_address() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM FROM public.users u WHERE u.id = NEW.user_id FOR SHARE;
    SELECT e.address INTO NEW.address FROM public.user_emails e WHERE e.user_id = NEW.user_id AND e.is_primary;
    RETURN NEW;
END $$;

-- When a person's account ends: until then they can keep it, and nothing else.
ALTER TABLE users ADD COLUMN deletion_due_at timestamptz;
CREATE INDEX users_by_deletion ON users (deletion_due_at) WHERE deletion_due_at IS NOT NULL;

-- Whoever is about to go keeps no workspace, and is made to keep none; their own memberships go with them.
CREATE OR REPLACE FUNCTION rooiam_keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM workspaces w WHERE w.id = OLD.workspace_id FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT 1
        FROM memberships m
        JOIN users u ON u.id = m.user_id
        WHERE m.workspace_id = OLD.workspace_id AND m.role = 'owner' AND u.disabled_at IS NULL AND u.deletion_due_at IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM users u WHERE u.id = OLD.user_id AND u.deletion_due_at IS NOT NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM workspace_directory d WHERE d.workspace_id = OLD.workspace_id AND d.deleted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the last owner of a workspace stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_keep_an_owner';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION rooiam_owner_can_sign_in() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM users u
    WHERE u.id = NEW.user_id AND u.disabled_at IS NULL AND u.deletion_due_at IS NULL
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a person who cannot sign in becomes no owner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_owner_can_sign_in';
    END IF;
    RETURN NULL;
END $$;

-- As in the log, the identifier of whoever let support in, or came, outlives the person.
ALTER TABLE support_windows DROP CONSTRAINT support_windows_opened_by_fkey;
ALTER TABLE support_visits DROP CONSTRAINT support_visits_user_id_fkey;

-- In which language and by which clock a person is spoken to, on every browser and in mails; NULL for as it comes.
ALTER TABLE users
    ADD COLUMN locale text CONSTRAINT users_locale CHECK (locale ~ '^[a-z]{2}$'),
    ADD COLUMN time_zone text CONSTRAINT users_time_zone CHECK (char_length(time_zone) BETWEEN 1 AND 40);
