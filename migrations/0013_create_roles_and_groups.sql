-- A role is a workspace's own (a set of permissions there) or an app's (a word in that app's tokens). Members have roles
-- by themselves or through groups. The built-in role stays in memberships, so that only there can an owner be made.
CREATE TABLE roles (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    id            uuid NOT NULL,
    app_id        uuid,
    name          text NOT NULL CONSTRAINT roles_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    permissions   text[] NOT NULL DEFAULT '{}',
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT roles_app FOREIGN KEY (workspace_id, app_id) REFERENCES apps (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT roles_of_apps_hold_nothing_here CHECK (app_id IS NULL OR permissions = '{}'),
    CONSTRAINT roles_make_no_owners CHECK (NOT permissions @> '{workspace:transfer}')
);
CREATE UNIQUE INDEX roles_one_name ON roles (workspace_id, lower(name)) WHERE app_id IS NULL;
CREATE UNIQUE INDEX roles_one_name_in_app ON roles (workspace_id, app_id, name) WHERE app_id IS NOT NULL;
COMMENT ON TABLE roles IS 'workspace: roles of its own making, and those of its apps';

CREATE TABLE groups (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    id            uuid NOT NULL,
    name          text NOT NULL CONSTRAINT groups_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX groups_one_name ON groups (workspace_id, lower(name));
COMMENT ON TABLE groups IS 'workspace: groups of members, which carry roles';

CREATE TABLE member_roles (
    workspace_id  uuid NOT NULL,
    user_id       uuid NOT NULL,
    role_id       uuid NOT NULL,
    PRIMARY KEY (workspace_id, user_id, role_id),
    CONSTRAINT member_roles_member FOREIGN KEY (workspace_id, user_id) REFERENCES memberships (workspace_id, user_id) ON DELETE CASCADE,
    CONSTRAINT member_roles_role FOREIGN KEY (workspace_id, role_id) REFERENCES roles (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX member_roles_by_role ON member_roles (workspace_id, role_id);
COMMENT ON TABLE member_roles IS 'workspace: roles that members have by themselves';

CREATE TABLE group_members (
    workspace_id  uuid NOT NULL,
    group_id      uuid NOT NULL,
    user_id       uuid NOT NULL,
    PRIMARY KEY (workspace_id, group_id, user_id),
    CONSTRAINT group_members_group FOREIGN KEY (workspace_id, group_id) REFERENCES groups (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT group_members_member FOREIGN KEY (workspace_id, user_id) REFERENCES memberships (workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX group_members_by_member ON group_members (workspace_id, user_id);
COMMENT ON TABLE group_members IS 'workspace: who is in which group';

CREATE TABLE group_roles (
    workspace_id  uuid NOT NULL,
    group_id      uuid NOT NULL,
    role_id       uuid NOT NULL,
    PRIMARY KEY (workspace_id, group_id, role_id),
    CONSTRAINT group_roles_group FOREIGN KEY (workspace_id, group_id) REFERENCES groups (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT group_roles_role FOREIGN KEY (workspace_id, role_id) REFERENCES roles (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX group_roles_by_role ON group_roles (workspace_id, role_id);
COMMENT ON TABLE group_roles IS 'workspace: roles that groups carry';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['roles', 'groups', 'member_roles', 'group_members', 'group_roles'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()))',
            name || '_in_context', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO rooiam_runtime', name);
    END LOOP;
END $$;

-- Whoever changes privileges holds the workspace's row. NO KEY UPDATE: rows that merely point at the workspace, such as
-- events, need not wait.
CREATE OR REPLACE FUNCTION rooiam_keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM workspaces w WHERE w.id = OLD.workspace_id FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT 1
        FROM memberships m
        JOIN users u ON u.id = m.user_id
        WHERE m.workspace_id = OLD.workspace_id AND m.role = 'owner' AND u.disabled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the last owner of a workspace stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_keep_an_owner';
    END IF;
    RETURN NULL;
END $$;
