-- An owner ends a workspace: nobody enters it any more, an owner can take it back until delete_after, then its rows go.
-- The slug stays taken and the audit log stays, since neither is ever reused or rewritten.
ALTER TABLE workspace_directory
    ADD COLUMN delete_after timestamptz,
    ADD COLUMN deleted_at timestamptz,
    ADD CONSTRAINT workspace_directory_deleted_was_announced CHECK (deleted_at IS NULL OR delete_after IS NOT NULL),
    ADD CONSTRAINT workspace_directory_platform_is_not_deleted
        CHECK (delete_after IS NULL OR workspace_id <> '00000000-0000-7000-8000-000000000000');
CREATE INDEX workspace_directory_due ON workspace_directory (delete_after) WHERE delete_after IS NOT NULL AND deleted_at IS NULL;
COMMENT ON TABLE workspace_directory IS 'global: slug to workspace id, whether it is suspended or ends; nothing here is secret';
GRANT UPDATE (delete_after, deleted_at) ON workspace_directory TO rooiam_runtime;

-- The rows of a deleted workspace go without an owner who stays.
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
    ) AND NOT EXISTS (
        SELECT 1 FROM workspace_directory d WHERE d.workspace_id = OLD.workspace_id AND d.deleted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the last owner of a workspace stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_keep_an_owner';
    END IF;
    RETURN NULL;
END $$;

CREATE TABLE ownership_offers (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    from_user     uuid NOT NULL,
    to_user       uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, from_user),
    CONSTRAINT ownership_offers_to_another CHECK (from_user <> to_user),
    CONSTRAINT ownership_offers_from FOREIGN KEY (workspace_id, from_user)
        REFERENCES memberships (workspace_id, user_id) ON DELETE CASCADE,
    CONSTRAINT ownership_offers_to FOREIGN KEY (workspace_id, to_user)
        REFERENCES memberships (workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX ownership_offers_by_receiver ON ownership_offers (to_user);
COMMENT ON TABLE ownership_offers IS 'workspace: owners who want to hand their ownership to a member, who has not answered yet';
ALTER TABLE ownership_offers ENABLE ROW LEVEL SECURITY;
ALTER TABLE ownership_offers FORCE ROW LEVEL SECURITY;
CREATE POLICY ownership_offers_in_context ON ownership_offers
    USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()));
CREATE POLICY ownership_offers_of_person ON ownership_offers FOR SELECT
    USING (to_user = (SELECT rooiam_person()));
GRANT SELECT, INSERT, UPDATE, DELETE ON ownership_offers TO rooiam_runtime;

CREATE TABLE platform_settings (
    one_row             boolean PRIMARY KEY DEFAULT true CONSTRAINT platform_settings_one_row CHECK (one_row),
    workspace_creation  text NOT NULL DEFAULT 'everybody'
        CONSTRAINT platform_settings_creation CHECK (workspace_creation IN ('everybody', 'operators'))
);
INSERT INTO platform_settings DEFAULT VALUES;
COMMENT ON TABLE platform_settings IS 'global: what operators decide for the whole platform; one row';
GRANT SELECT, UPDATE ON platform_settings TO rooiam_runtime;

ALTER TABLE outbox_mails DROP CONSTRAINT outbox_mails_kind;
ALTER TABLE outbox_mails ADD CONSTRAINT outbox_mails_kind CHECK (kind IN ('magic_link', 'invitation', 'notice'));

-- The overview counts sign-ins by day.
CREATE INDEX audit_events_by_action ON audit_events (workspace_id, action, occurred_at);
