-- Providers of the platform: rows of its own workspace, whose word counts everywhere. Who may come in by one has names of its own, which
-- the version before refuses to read: it would let an account be made for every domain.
ALTER TABLE connections
    -- The domains whose accounts it keeps, as operators say. Nobody else says that without a proof.
    ADD COLUMN kept_domains text[] NOT NULL DEFAULT '{}' CONSTRAINT connections_kept_domains_count CHECK (cardinality(kept_domains) <= 100),
    DROP CONSTRAINT connections_provisioning,
    ADD CONSTRAINT connections_provisioning CHECK (provisioning IN ('members', 'joining', 'linked', 'everybody'));
-- A row of the platform that is there already was made before it meant that much: somebody has to decide about it anew.
SELECT set_config('rooiam.workspace_id', '00000000-0000-7000-8000-000000000000', true);
UPDATE connections SET provisioning = 'linked', disabled_at = COALESCE(disabled_at, now())
WHERE workspace_id = '00000000-0000-7000-8000-000000000000';
SELECT set_config('rooiam.workspace_id', '', true);
ALTER TABLE connections
    ADD CONSTRAINT connections_of_platform CHECK (
        CASE WHEN workspace_id = '00000000-0000-7000-8000-000000000000' THEN provisioning IN ('linked', 'everybody')
             ELSE kept_domains = '{}' AND provisioning IN ('members', 'joining') END
    );
GRANT UPDATE (kept_domains) ON connections TO rooiam_runtime;

-- People come to them from the login page of any workspace, and go back there.
ALTER TABLE connection_attempts ADD COLUMN return_workspace_id uuid;

-- Every login page offers them, and everybody can link them: they are seen in each context, and without one nowhere.
CREATE POLICY connections_of_platform ON connections FOR SELECT
    USING (workspace_id = '00000000-0000-7000-8000-000000000000' AND disabled_at IS NULL
           AND ((SELECT rooiam_workspace()) IS NOT NULL OR (SELECT rooiam_person()) IS NOT NULL));

-- What apps of any workspace got in a sign-in through one of them ends with it.
CREATE POLICY token_grants_through_platform ON token_grants FOR SELECT
    USING ((SELECT rooiam_workspace()) = '00000000-0000-7000-8000-000000000000' AND 'fed' = ANY (amr));
CREATE POLICY token_grants_end_through_platform ON token_grants FOR UPDATE
    USING ((SELECT rooiam_workspace()) = '00000000-0000-7000-8000-000000000000' AND 'fed' = ANY (amr));

-- Which claims of a provider say what somebody is called, at which address they are, and in which groups.
ALTER TABLE connections
    ADD COLUMN name_claim    text NOT NULL DEFAULT 'name' CONSTRAINT connections_name_claim_length CHECK (octet_length(name_claim) BETWEEN 1 AND 200),
    ADD COLUMN address_claim text NOT NULL DEFAULT 'email'
        CONSTRAINT connections_address_claim_length CHECK (octet_length(address_claim) BETWEEN 1 AND 200),
    ADD COLUMN groups_claim  text CONSTRAINT connections_groups_claim_length CHECK (octet_length(groups_claim) BETWEEN 1 AND 200);
GRANT UPDATE (name_claim, address_claim, groups_claim) ON connections TO rooiam_runtime;

-- What a value of the claim of groups gives.
CREATE TABLE connection_groups (
    workspace_id  uuid NOT NULL,
    connection_id uuid NOT NULL,
    value         text NOT NULL CONSTRAINT connection_groups_value_length CHECK (char_length(value) BETWEEN 1 AND 200),
    group_id      uuid NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, value, group_id),
    CONSTRAINT connection_groups_connection FOREIGN KEY (workspace_id, connection_id)
        REFERENCES connections (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT connection_groups_group FOREIGN KEY (workspace_id, group_id) REFERENCES groups (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX connection_groups_by_group ON connection_groups (workspace_id, group_id);
COMMENT ON TABLE connection_groups IS 'workspace: groups that values of a provider''s claim give';

-- Who is in a group by their own hand or another's, which is what every row was so far; and who by a provider.
ALTER TABLE group_members ADD COLUMN by_hand boolean NOT NULL DEFAULT true;
CREATE TABLE group_sources (
    workspace_id  uuid NOT NULL,
    connection_id uuid NOT NULL,
    value         text NOT NULL,
    group_id      uuid NOT NULL,
    user_id       uuid NOT NULL,
    PRIMARY KEY (workspace_id, user_id, connection_id, value, group_id),
    CONSTRAINT group_sources_mapping FOREIGN KEY (workspace_id, connection_id, value, group_id)
        REFERENCES connection_groups (workspace_id, connection_id, value, group_id) ON DELETE CASCADE,
    CONSTRAINT group_sources_member FOREIGN KEY (workspace_id, group_id, user_id)
        REFERENCES group_members (workspace_id, group_id, user_id) ON DELETE CASCADE,
    CONSTRAINT group_sources_identity FOREIGN KEY (user_id, workspace_id, connection_id)
        REFERENCES connection_identities (user_id, workspace_id, connection_id) ON DELETE CASCADE
);
CREATE INDEX group_sources_by_mapping ON group_sources (workspace_id, connection_id, value, group_id);
CREATE INDEX group_sources_by_member ON group_sources (workspace_id, group_id, user_id);
COMMENT ON TABLE group_sources IS 'workspace: who is in which group by what a provider said';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['connection_groups', 'group_sources'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()))',
            name || '_in_context', name);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO rooiam_runtime', name);
    END LOOP;
END $$;

-- What a provider gave goes with the last that it was given for: a value that it says no more, a line of the mapping, the link, the
-- connection, whoever takes it away, the version before too, which knows nothing of it.
CREATE FUNCTION rooiam_end_group_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever ends another source of the same place waits here, and sees that this one is gone.
    PERFORM FROM public.group_members g
    WHERE g.workspace_id = OLD.workspace_id AND g.group_id = OLD.group_id AND g.user_id = OLD.user_id
    FOR UPDATE;
    DELETE FROM public.group_members g
    WHERE g.workspace_id = OLD.workspace_id AND g.group_id = OLD.group_id AND g.user_id = OLD.user_id AND NOT g.by_hand
      AND NOT EXISTS (
          SELECT 1 FROM public.group_sources s
          WHERE s.workspace_id = OLD.workspace_id AND s.group_id = OLD.group_id AND s.user_id = OLD.user_id
      );
    RETURN NULL;
END $$;
CREATE TRIGGER group_sources_ended AFTER DELETE ON group_sources FOR EACH ROW EXECUTE FUNCTION rooiam_end_group_source();
CREATE FUNCTION rooiam_end_groups_of_connection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.group_sources s WHERE s.workspace_id = NEW.workspace_id AND s.connection_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER connections_shut
    AFTER UPDATE OF disabled_at, tenants ON connections
    FOR EACH ROW WHEN (
        (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL)
        -- Fewer tenants are welcome; without any named all are.
        OR (NEW.tenants <> '{}' AND (OLD.tenants = '{}' OR NOT NEW.tenants @> OLD.tenants))
    )
    EXECUTE FUNCTION rooiam_end_groups_of_connection();
