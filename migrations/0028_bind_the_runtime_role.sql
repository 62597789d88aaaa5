-- What the runtime role could do beyond what it needs. A temporary table would stand before ours of the same name.
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, rooiam_runtime', current_database());
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- The directory is read without a context, but each row is changed from its own workspace, or from the platform.
ALTER TABLE workspace_directory ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspace_directory FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_directory_is_public ON workspace_directory FOR SELECT USING (true);
CREATE POLICY workspace_directory_made_in_context ON workspace_directory FOR INSERT
    WITH CHECK (workspace_id = (SELECT rooiam_workspace()));
CREATE POLICY workspace_directory_changed_in_context ON workspace_directory FOR UPDATE
    USING (workspace_id = (SELECT rooiam_workspace()) OR (SELECT rooiam_workspace()) = '00000000-0000-7000-8000-000000000000')
    WITH CHECK (workspace_id = (SELECT rooiam_workspace()) OR (SELECT rooiam_workspace()) = '00000000-0000-7000-8000-000000000000');
REVOKE INSERT ON workspace_directory FROM rooiam_runtime;
GRANT INSERT (slug, workspace_id) ON workspace_directory TO rooiam_runtime;

-- A host decides where people sign in: only a domain that the workspace has proved. Row level security shows the domains
-- of the workspace in context alone, so that nobody writes the host of another one.
CREATE FUNCTION rooiam_host_is_proved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.workspace_domains d
        WHERE d.workspace_id = NEW.workspace_id AND d.domain = NEW.host AND d.verified_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the host is no proved domain of the workspace'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workspace_directory_host_is_proved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workspace_directory_host_is_proved
    BEFORE INSERT OR UPDATE OF host ON workspace_directory
    FOR EACH ROW WHEN (NEW.host IS NOT NULL)
    EXECUTE FUNCTION rooiam_host_is_proved();
