CREATE TABLE workspaces (
    id          uuid PRIMARY KEY,
    name        text NOT NULL CONSTRAINT workspaces_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    -- 'members': only members may sign in to its apps; 'open': whoever proves an address joins as a member.
    admission   text NOT NULL DEFAULT 'members' CONSTRAINT workspaces_admission CHECK (admission IN ('members', 'open')),
    created_at  timestamptz NOT NULL
);
COMMENT ON TABLE workspaces IS 'workspace: settings; the platform itself is the one with the nil-like id';

-- The way from a public name to a workspace before any context exists. A slug never changes and is never reused.
CREATE TABLE workspace_directory (
    slug          text PRIMARY KEY
        CONSTRAINT workspace_directory_slug CHECK (slug ~ '^[a-z0-9](-?[a-z0-9])*$' AND char_length(slug) BETWEEN 2 AND 40),
    workspace_id  uuid NOT NULL CONSTRAINT workspace_directory_one_slug UNIQUE REFERENCES workspaces (id)
);
COMMENT ON TABLE workspace_directory IS 'global: slug to workspace id; nothing here is secret';

CREATE TABLE memberships (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role          text NOT NULL CONSTRAINT memberships_role CHECK (role IN ('owner', 'admin', 'auditor', 'member')),
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);
COMMENT ON TABLE memberships IS 'workspace: who is in it, with which role';

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
CREATE POLICY workspaces_in_context ON workspaces
    USING (id = rooiam_workspace()) WITH CHECK (id = rooiam_workspace());
CREATE POLICY workspaces_of_person ON workspaces FOR SELECT
    USING (EXISTS (
        SELECT 1 FROM memberships m
        WHERE m.workspace_id = workspaces.id AND m.user_id = rooiam_person()
    ));

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_in_context ON memberships
    USING (workspace_id = rooiam_workspace()) WITH CHECK (workspace_id = rooiam_workspace());
CREATE POLICY memberships_of_person ON memberships FOR SELECT
    USING (user_id = rooiam_person());

-- The platform is a workspace of its own: sign-ins that belong to no workspace are audited there.
SELECT set_config('rooiam.workspace_id', '00000000-0000-7000-8000-000000000000', true);
INSERT INTO workspaces (id, name, created_at)
VALUES ('00000000-0000-7000-8000-000000000000', 'Platform', now());
INSERT INTO workspace_directory (slug, workspace_id)
VALUES ('platform', '00000000-0000-7000-8000-000000000000');
