-- How a workspace looks to those who sign in. A logo is a PNG that we made ourselves, whatever was uploaded.
CREATE TABLE workspace_logos (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    id            uuid NOT NULL,
    png           bytea NOT NULL CONSTRAINT workspace_logos_size CHECK (octet_length(png) BETWEEN 1 AND 524288),
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT workspace_logos_one UNIQUE (workspace_id)
);
COMMENT ON TABLE workspace_logos IS 'workspace: its logo, re-encoded';
ALTER TABLE workspace_logos ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspace_logos FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_logos_in_context ON workspace_logos
    USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()));
GRANT SELECT, INSERT, DELETE ON workspace_logos TO rooiam_runtime;

ALTER TABLE workspaces
    ADD COLUMN accent text CONSTRAINT workspaces_accent CHECK (accent ~ '^#[0-9a-f]{6}$'),
    ADD COLUMN login_text text NOT NULL DEFAULT '' CONSTRAINT workspaces_login_text CHECK (char_length(login_text) <= 400),
    ADD COLUMN support text NOT NULL DEFAULT ''
        CONSTRAINT workspaces_support CHECK (support = '' OR support ~ '^(https://|mailto:)');
