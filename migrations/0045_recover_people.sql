-- A recovery of somebody who lost their second factors: begun by others, it counts after a while, and lets their own sign-in by mail
-- pass once. One row for each person, the latest.
CREATE TABLE recoveries (
    user_id        uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    id             uuid NOT NULL UNIQUE,
    -- Whose admin began it; the platform for operators.
    workspace_id   uuid NOT NULL REFERENCES workspaces (id),
    -- Whoever is gone has no right to it any more, and it goes with them.
    begun_by       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reason         text NOT NULL CONSTRAINT recoveries_reason CHECK (char_length(reason) BETWEEN 1 AND 500),
    with_passkeys  boolean NOT NULL,
    begun_at       timestamptz NOT NULL,
    counts_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    objected_at    timestamptz,
    ended_at       timestamptz,
    CONSTRAINT recoveries_order CHECK (begun_at < counts_at AND counts_at < expires_at)
);
CREATE INDEX recoveries_by_beginner ON recoveries (begun_by);
CREATE INDEX recoveries_by_workspace ON recoveries (workspace_id);
COMMENT ON TABLE recoveries IS 'global: recoveries of people who lost their second factors';
GRANT SELECT, INSERT, UPDATE, DELETE ON recoveries TO rooiam_runtime;
