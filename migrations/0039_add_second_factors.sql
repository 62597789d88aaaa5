-- An authenticator app of a person (RFC 6238). One that is being set up waits beside the one that works.
CREATE TABLE totp_credentials (
    user_id       uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Sealed under a master key; NULL until the first is confirmed.
    seed          bytea CONSTRAINT totp_credentials_seed_size CHECK (octet_length(seed) <= 128),
    confirmed_at  timestamptz,
    -- The last time step whose code was taken: none is taken twice.
    last_step     bigint NOT NULL DEFAULT 0,
    last_used_at  timestamptz,
    -- The set-up that this came from, so that a second click finds it.
    set_up        uuid,
    new_seed      bytea CONSTRAINT totp_credentials_new_seed_size CHECK (octet_length(new_seed) <= 128),
    new_since     timestamptz,
    new_set_up    uuid,
    -- The session that sets it up, and no other: whoever else is signed in as this person neither reads the seed nor plants one.
    new_session   uuid,
    CONSTRAINT totp_credentials_confirmed CHECK ((seed IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT totp_credentials_new CHECK (
        num_nulls(new_seed, new_since, new_set_up, new_session) IN (0, 4)
    )
);
COMMENT ON TABLE totp_credentials IS 'global: authenticator apps of people, seeds sealed';

-- Stands for an authenticator app that is lost. All codes of a person have one salt, so that a try costs one hash.
CREATE TABLE recovery_codes (
    user_id     uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash   bytea NOT NULL CONSTRAINT recovery_codes_hash_size CHECK (octet_length(code_hash) = 32),
    salt        bytea NOT NULL CONSTRAINT recovery_codes_salt_size CHECK (octet_length(salt) = 16),
    created_at  timestamptz NOT NULL,
    used_at     timestamptz,
    PRIMARY KEY (user_id, code_hash)
);
COMMENT ON TABLE recovery_codes IS 'global: recovery codes of people, hashed';

GRANT SELECT, INSERT, UPDATE, DELETE ON totp_credentials, recovery_codes TO rooiam_runtime;
