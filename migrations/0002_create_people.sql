-- People are global: a membership, never the person, carries rights.
CREATE TABLE users (
    id            uuid PRIMARY KEY,
    display_name  text NOT NULL DEFAULT '' CONSTRAINT users_display_name_length CHECK (char_length(display_name) <= 100),
    created_at    timestamptz NOT NULL,
    disabled_at   timestamptz
);
COMMENT ON TABLE users IS 'global: a person';

CREATE TABLE user_emails (
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address      text NOT NULL
        CONSTRAINT user_emails_normalised CHECK (address = lower(address) AND char_length(address) BETWEEN 3 AND 254),
    is_primary   boolean NOT NULL DEFAULT false,
    verified_at  timestamptz,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, address),
    CONSTRAINT user_emails_primary_is_verified CHECK (NOT is_primary OR verified_at IS NOT NULL)
);
-- An unverified claim to an address must not keep its owner out, so only verified ones are unique.
CREATE UNIQUE INDEX user_emails_one_verified_owner ON user_emails (address) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX user_emails_one_primary ON user_emails (user_id) WHERE is_primary;
COMMENT ON TABLE user_emails IS 'global: addresses of a person, normalised, at most one primary';

CREATE TABLE sessions (
    id                uuid PRIMARY KEY,
    user_id           uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_hash       bytea NOT NULL CONSTRAINT sessions_secret_hash_size CHECK (octet_length(secret_hash) = 32),
    amr               text[] NOT NULL CONSTRAINT sessions_amr_present CHECK (cardinality(amr) > 0),
    user_agent        text NOT NULL DEFAULT '' CONSTRAINT sessions_user_agent_length CHECK (char_length(user_agent) <= 400),
    client_ip         text NOT NULL DEFAULT '',
    created_at        timestamptz NOT NULL,
    authenticated_at  timestamptz NOT NULL,
    last_seen_at      timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    CONSTRAINT sessions_secret_unique UNIQUE (secret_hash),
    CONSTRAINT sessions_expiry_after_start CHECK (expires_at > created_at)
);
CREATE INDEX sessions_by_user ON sessions (user_id, last_seen_at DESC);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
COMMENT ON TABLE sessions IS 'global: one signed-in browser; deleted at sign-out';
