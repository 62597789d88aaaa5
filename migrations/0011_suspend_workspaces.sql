-- Every way into a workspace looks its slug up here first, so this is where it is shut.
ALTER TABLE workspace_directory
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN suspended_reason text
        CONSTRAINT workspace_directory_reason_length CHECK (char_length(suspended_reason) BETWEEN 1 AND 200),
    ADD CONSTRAINT workspace_directory_suspension_has_reason CHECK ((suspended_at IS NULL) = (suspended_reason IS NULL)),
    ADD CONSTRAINT workspace_directory_platform_stays
        CHECK (suspended_at IS NULL OR workspace_id <> '00000000-0000-7000-8000-000000000000');
COMMENT ON TABLE workspace_directory IS 'global: slug to workspace id, and whether it is suspended; nothing here is secret';
GRANT UPDATE (suspended_at, suspended_reason) ON workspace_directory TO rooiam_runtime;

-- Operators are members of the platform; those who administer it or audit it may read every workspace's name.
CREATE POLICY workspaces_of_operator ON workspaces FOR SELECT
    USING (EXISTS (
        SELECT 1 FROM memberships m
        WHERE m.workspace_id = '00000000-0000-7000-8000-000000000000'
          AND m.user_id = rooiam_person() AND m.role IN ('owner', 'admin', 'auditor')
    ));
