-- A workspace proves a domain by a TXT record; people with an address there may then join, or ask to. Of several
-- workspaces that claim a domain, one has it: the index, not the code, decides.
CREATE TABLE workspace_domains (
    workspace_id   uuid NOT NULL REFERENCES workspaces (id),
    domain         text NOT NULL CONSTRAINT workspace_domains_normalised CHECK (domain ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$'),
    token          text NOT NULL,
    joining        text NOT NULL DEFAULT 'nobody'
        CONSTRAINT workspace_domains_joining CHECK (joining IN ('nobody', 'requests', 'everybody')),
    created_at     timestamptz NOT NULL,
    verified_at    timestamptz,
    checked_at     timestamptz,
    failing_since  timestamptz,
    PRIMARY KEY (workspace_id, domain),
    CONSTRAINT workspace_domains_proof_first CHECK (verified_at IS NOT NULL OR joining = 'nobody')
);
CREATE UNIQUE INDEX workspace_domains_one_prover ON workspace_domains (domain) WHERE verified_at IS NOT NULL;
COMMENT ON TABLE workspace_domains IS 'workspace: domains that it claims or has proved; the token is public, it stands in DNS';

CREATE TABLE join_requests (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX join_requests_by_person ON join_requests (user_id);
COMMENT ON TABLE join_requests IS 'workspace: people who ask to join and were not answered yet';

ALTER TABLE workspaces DROP CONSTRAINT workspaces_admission;
ALTER TABLE workspaces ADD CONSTRAINT workspaces_admission CHECK (admission IN ('members', 'requests', 'open'));

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['workspace_domains', 'join_requests'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()))',
            name || '_in_context', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO rooiam_runtime', name);
    END LOOP;
END $$;

-- What a person could join by an address of theirs, and what they asked to join; with the names of both.
CREATE POLICY workspace_domains_of_person ON workspace_domains FOR SELECT
    USING (verified_at IS NOT NULL AND joining <> 'nobody' AND domain IN (
        SELECT split_part(e.address, '@', 2) FROM user_emails e
        WHERE e.user_id = (SELECT rooiam_person()) AND e.verified_at IS NOT NULL
    ));
CREATE POLICY join_requests_of_person ON join_requests FOR SELECT
    USING (user_id = (SELECT rooiam_person()));
CREATE POLICY workspaces_within_reach_of_person ON workspaces FOR SELECT
    USING (id IN (
        SELECT d.workspace_id
        FROM user_emails e
        JOIN workspace_domains d ON d.domain = split_part(e.address, '@', 2)
        WHERE e.user_id = (SELECT rooiam_person()) AND e.verified_at IS NOT NULL
          AND d.verified_at IS NOT NULL AND d.joining <> 'nobody'
    ) OR id IN (SELECT r.workspace_id FROM join_requests r WHERE r.user_id = (SELECT rooiam_person())));

-- A proved domain can also be a further origin of the workspace: requests for that host are requests for it.
ALTER TABLE workspace_directory
    ADD COLUMN host text CONSTRAINT workspace_directory_one_host UNIQUE
        CONSTRAINT workspace_directory_host_normalised CHECK (host ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$');
GRANT UPDATE (host) ON workspace_directory TO rooiam_runtime;
COMMENT ON TABLE workspace_directory IS 'global: slug and own host to workspace id, whether it is suspended or ends; nothing here is secret';
