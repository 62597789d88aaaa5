-- What the platform gives new workspaces, and how far any may go. NULL is no ceiling.
ALTER TABLE platform_settings
    ADD COLUMN default_admission text NOT NULL DEFAULT 'members'
        CONSTRAINT platform_settings_admission CHECK (default_admission IN ('members', 'requests', 'open')),
    ADD COLUMN members_ceiling integer CONSTRAINT platform_settings_members CHECK (members_ceiling > 0),
    ADD COLUMN apps_ceiling integer CONSTRAINT platform_settings_apps CHECK (apps_ceiling > 0),
    ADD COLUMN sign_in_ceiling integer
        CONSTRAINT platform_settings_sign_in CHECK (sign_in_ceiling BETWEEN 900 AND 2592000);

-- Whoever holds workspace:read in the platform, by a built-in role or by one of the platform's own making, may read
-- every workspace's name; with the platform itself as context, so that row level security lets its roles be read.
DROP POLICY workspaces_of_operator ON workspaces;
CREATE POLICY workspaces_of_operator ON workspaces FOR SELECT
    USING (
        (SELECT rooiam_workspace()) = '00000000-0000-7000-8000-000000000000'
        AND EXISTS (
            SELECT 1 FROM memberships m
            WHERE m.workspace_id = '00000000-0000-7000-8000-000000000000' AND m.user_id = (SELECT rooiam_person())
              AND (m.role IN ('owner', 'admin', 'auditor') OR EXISTS (
                  SELECT 1 FROM roles r
                  WHERE r.workspace_id = m.workspace_id AND r.permissions @> '{workspace:read}' AND r.id IN (
                      SELECT x.role_id FROM member_roles x
                      WHERE x.workspace_id = m.workspace_id AND x.user_id = m.user_id
                      UNION ALL
                      SELECT y.role_id FROM group_members z
                      JOIN group_roles y ON y.workspace_id = z.workspace_id AND y.group_id = z.group_id
                      WHERE z.workspace_id = m.workspace_id AND z.user_id = m.user_id
                  )
              ))
        )
    );

-- The platform's own role for support: looks, and enters workspaces that let it.
SELECT set_config('rooiam.workspace_id', '00000000-0000-7000-8000-000000000000', true);
INSERT INTO roles (workspace_id, id, name, permissions, created_at) VALUES (
    '00000000-0000-7000-8000-000000000000', '00000000-0000-7000-8000-000000000001', 'Support',
    '{workspace:read,user:read,support:use}', now()
) ON CONFLICT DO NOTHING;
