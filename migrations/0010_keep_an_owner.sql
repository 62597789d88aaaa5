-- A workspace is never without an owner who can sign in. Whoever takes one away first locks the workspace, so that two
-- owners who leave at once cannot both find the other still there.
CREATE FUNCTION rooiam_keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM workspaces w WHERE w.id = OLD.workspace_id FOR UPDATE;
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

CREATE TRIGGER memberships_keep_an_owner_on_delete
    AFTER DELETE ON memberships
    FOR EACH ROW WHEN (OLD.role = 'owner')
    EXECUTE FUNCTION rooiam_keep_an_owner();
CREATE TRIGGER memberships_keep_an_owner_on_update
    AFTER UPDATE ON memberships
    FOR EACH ROW WHEN (OLD.role = 'owner' AND NEW.role <> 'owner')
    EXECUTE FUNCTION rooiam_keep_an_owner();

CREATE INDEX memberships_by_joining ON memberships (workspace_id, created_at DESC, user_id DESC);
CREATE INDEX audit_events_by_actor ON audit_events (workspace_id, actor_id, id DESC);
CREATE INDEX audit_events_by_target ON audit_events (workspace_id, target, id DESC);
