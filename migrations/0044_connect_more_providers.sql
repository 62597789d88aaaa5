-- GitHub, which speaks OAuth 2.0 alone, and several tenants of Entra: those that are named, or all of companies and schools; and Apple,
-- whose secret is a key.
ALTER TABLE connections
    DROP CONSTRAINT connections_preset,
    ADD CONSTRAINT connections_preset
        CHECK (preset IN ('oidc', 'google', 'entra', 'entra_any', 'gitlab', 'apple', 'github', 'github_server')),
    ADD COLUMN tenants text[] NOT NULL DEFAULT '{}' CONSTRAINT connections_tenants_count CHECK (cardinality(tenants) <= 50);
GRANT UPDATE (tenants) ON connections TO rooiam_runtime;

-- Sign-ins that are tried out: they sign nobody in. What one came to is for whoever began it, sealed, with the row's identity as
-- associated data.
ALTER TABLE connection_attempts
    ADD COLUMN test boolean NOT NULL DEFAULT false,
    ADD COLUMN trace bytea CONSTRAINT connection_attempts_trace_size CHECK (octet_length(trace) <= 65536),
    ADD CONSTRAINT connection_attempts_test_of_session CHECK (NOT test OR (session_id IS NOT NULL AND authorization_id IS NULL)),
    ADD CONSTRAINT connection_attempts_trace_of_test CHECK (trace IS NULL OR test);
GRANT UPDATE (trace) ON connection_attempts TO rooiam_runtime;

-- At which domains people sign in through a provider of the workspace that has proved them. Whoever types an address at one is led
-- there, whether or not anybody has it. Read without a context; each row is changed from its own workspace.
CREATE TABLE sign_in_domains (
    domain        text PRIMARY KEY,
    workspace_id  uuid NOT NULL,
    connection_id uuid NOT NULL,
    -- Also on the platform's login page.
    everywhere    boolean NOT NULL,
    CONSTRAINT sign_in_domains_domain FOREIGN KEY (workspace_id, domain)
        REFERENCES workspace_domains (workspace_id, domain) ON DELETE CASCADE,
    CONSTRAINT sign_in_domains_connection FOREIGN KEY (workspace_id, connection_id)
        REFERENCES connections (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_in_domains_by_connection ON sign_in_domains (workspace_id, connection_id);
COMMENT ON TABLE sign_in_domains IS 'global: domain to the provider of the workspace where its people sign in; nothing here is secret';
ALTER TABLE sign_in_domains ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_domains FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_domains_are_public ON sign_in_domains FOR SELECT USING (true);
CREATE POLICY sign_in_domains_made_in_context ON sign_in_domains FOR INSERT
    WITH CHECK (workspace_id = (SELECT rooiam_workspace()));
CREATE POLICY sign_in_domains_changed_in_context ON sign_in_domains FOR UPDATE
    USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()));
CREATE POLICY sign_in_domains_ended_in_context ON sign_in_domains FOR DELETE
    USING (workspace_id = (SELECT rooiam_workspace()));
GRANT SELECT, INSERT, DELETE ON sign_in_domains TO rooiam_runtime;
GRANT UPDATE (connection_id, everywhere) ON sign_in_domains TO rooiam_runtime;

-- Only a domain that the workspace has proved, and for as long as it has.
CREATE FUNCTION rooiam_sign_in_domain_is_proved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.workspace_domains d
        WHERE d.workspace_id = NEW.workspace_id AND d.domain = NEW.domain AND d.verified_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the domain is no proved domain of the workspace'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_in_domains_domain_is_proved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_in_domains_domain_is_proved
    BEFORE INSERT OR UPDATE ON sign_in_domains
    FOR EACH ROW EXECUTE FUNCTION rooiam_sign_in_domain_is_proved();
CREATE FUNCTION rooiam_end_sign_in_domain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.sign_in_domains s WHERE s.workspace_id = NEW.workspace_id AND s.domain = NEW.domain;
    RETURN NULL;
END $$;
CREATE TRIGGER workspace_domains_lost
    AFTER UPDATE OF verified_at ON workspace_domains
    FOR EACH ROW WHEN (NEW.verified_at IS NULL AND OLD.verified_at IS NOT NULL)
    EXECUTE FUNCTION rooiam_end_sign_in_domain();
