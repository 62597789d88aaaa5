CREATE TABLE audit_events (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    id            uuid NOT NULL,
    occurred_at   timestamptz NOT NULL,
    action        text NOT NULL CONSTRAINT audit_events_action CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    actor_id      uuid,
    target        text NOT NULL DEFAULT '',
    client_ip     text NOT NULL DEFAULT '',
    user_agent    text NOT NULL DEFAULT '',
    request_id    text NOT NULL DEFAULT '',
    detail        jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (workspace_id, id)
);
COMMENT ON TABLE audit_events IS 'workspace: append-only; written in the transaction of the change it tells of';

-- The grant below leaves out UPDATE and DELETE; the trigger also stops the owner's slips.
CREATE FUNCTION rooiam_refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER audit_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION rooiam_refuse_audit_change();
