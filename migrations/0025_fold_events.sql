-- What anybody can cause again and again without changing anything: written one by one at first, then counted here, and
-- told by one event when the hour is over.
CREATE TABLE folded_events (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    window_start  timestamptz NOT NULL,
    action        text NOT NULL CONSTRAINT folded_events_action CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    source        text NOT NULL CONSTRAINT folded_events_source CHECK (char_length(source) <= 64),
    target        text NOT NULL CONSTRAINT folded_events_target CHECK (char_length(target) <= 64),
    reason        text NOT NULL CONSTRAINT folded_events_reason CHECK (char_length(reason) <= 64),
    times         bigint NOT NULL CONSTRAINT folded_events_times CHECK (times > 0),
    first_at      timestamptz NOT NULL,
    last_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, window_start, action, source, target, reason)
);
COMMENT ON TABLE folded_events IS 'workspace: how often something was refused in an hour, until the audit log tells it';

ALTER TABLE folded_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE folded_events FORCE ROW LEVEL SECURITY;
CREATE POLICY folded_events_in_context ON folded_events
    USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()));
GRANT SELECT, INSERT, UPDATE, DELETE ON folded_events TO rooiam_runtime;
