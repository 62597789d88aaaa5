-- The operator's support enters a workspace only while the workspace itself lets it, and each visit is written down.
CREATE TABLE support_windows (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    id            uuid NOT NULL,
    opened_by     uuid NOT NULL REFERENCES users (id),
    reason        text NOT NULL CONSTRAINT support_windows_reason CHECK (char_length(reason) BETWEEN 1 AND 200),
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    closed_at     timestamptz,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT support_windows_are_short CHECK (expires_at > created_at AND expires_at <= created_at + interval '3 days')
);
CREATE UNIQUE INDEX support_windows_one_open ON support_windows (workspace_id) WHERE closed_at IS NULL;
COMMENT ON TABLE support_windows IS 'workspace: when it lets the operator''s support in';

CREATE TABLE support_visits (
    workspace_id  uuid NOT NULL,
    window_id     uuid NOT NULL,
    user_id       uuid NOT NULL REFERENCES users (id),
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, window_id, user_id),
    CONSTRAINT support_visits_window FOREIGN KEY (workspace_id, window_id) REFERENCES support_windows (workspace_id, id)
);
COMMENT ON TABLE support_visits IS 'workspace: who of the operator''s support has been in';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['support_windows', 'support_visits'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()))',
            name || '_in_context', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO rooiam_runtime', name);
    END LOOP;
END $$;
GRANT UPDATE (closed_at) ON support_windows TO rooiam_runtime;
