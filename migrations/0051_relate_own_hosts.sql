-- Whether passkeys of the platform work at a workspace's own host (WebAuthn Level 3, 5.11): operators decide so for that host and for
-- no other, so it ends with the host, whoever changes that.
ALTER TABLE workspace_directory
    ADD COLUMN host_passkeys boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT workspace_directory_passkeys_have_host CHECK (NOT host_passkeys OR host IS NOT NULL);
GRANT UPDATE (host_passkeys) ON workspace_directory TO rooiam_runtime;
CREATE INDEX workspace_directory_with_passkeys ON workspace_directory (host) WHERE host_passkeys;

CREATE FUNCTION rooiam_relate_host() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.host IS DISTINCT FROM OLD.host THEN
        NEW.host_passkeys := false;
    ELSIF NEW.host_passkeys AND NOT OLD.host_passkeys
        AND (SELECT public.rooiam_workspace()) IS DISTINCT FROM '00000000-0000-7000-8000-000000000000' THEN
        RAISE EXCEPTION 'the platform decides where passkeys work'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workspace_directory_related_by_platform';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workspace_directory_relate_host
    BEFORE UPDATE OF host, host_passkeys ON workspace_directory
    FOR EACH ROW EXECUTE FUNCTION rooiam_relate_host();
