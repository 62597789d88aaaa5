-- For how many days a browser may be trusted not to be asked for a second factor; 0 for never.
ALTER TABLE platform_settings
    ADD COLUMN trust_days integer NOT NULL DEFAULT 0 CONSTRAINT platform_trust_days CHECK (trust_days BETWEEN 0 AND 90);

-- A browser in which a person is not asked for the code of their authenticator app: they proved it there, and said so.
CREATE TABLE trusted_browsers (
    id            uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_hash   bytea NOT NULL UNIQUE CONSTRAINT trusted_browsers_hash_size CHECK (octet_length(secret_hash) = 32),
    user_agent    text NOT NULL,
    -- When the second factor was proved.
    trusted_at    timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL
);
CREATE INDEX trusted_browsers_by_user ON trusted_browsers (user_id, trusted_at);
COMMENT ON TABLE trusted_browsers IS 'global: browsers in which people are not asked for a second factor, secrets hashed';
GRANT SELECT, INSERT, UPDATE, DELETE ON trusted_browsers TO rooiam_runtime;
