-- What a form came to, with what was typed, where it is too long for a cookie: proxies cut large headers off. One for each
-- session, which the next replaces, so that nobody fills the table.
CREATE TABLE kept_outcomes (
    session_id  uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    id          uuid NOT NULL,
    sealed      bytea NOT NULL CONSTRAINT kept_outcomes_size CHECK (octet_length(sealed) <= 131072),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX kept_outcomes_by_expiry ON kept_outcomes (expires_at);
COMMENT ON TABLE kept_outcomes IS 'global: what the last form of a session came to, until its next page shows it';
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_outcomes TO rooiam_runtime;
