-- Every table that carries workspace_id obeys the context; the directory is the one way in before it is known, and
-- magic_links are global challenges that only remember where the sign-in was asked for.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'apps', 'app_secrets', 'app_redirect_uris', 'signing_keys', 'consents', 'authorizations',
        'token_grants', 'authorization_codes', 'refresh_tokens', 'audit_events'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING (workspace_id = rooiam_workspace()) WITH CHECK (workspace_id = rooiam_workspace())',
            name || '_in_context', name);
    END LOOP;
END $$;

-- rooiam_runtime is made by `rooiam migrate` before the first migration; the login of DATABASE_URL is a member of it.
GRANT USAGE ON SCHEMA public TO rooiam_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    users, user_emails, sessions, magic_links, outbox_mails, memberships, apps, app_secrets, app_redirect_uris,
    signing_keys, consents, authorizations, token_grants, authorization_codes, refresh_tokens
    TO rooiam_runtime;
GRANT SELECT, INSERT, UPDATE ON workspaces TO rooiam_runtime;
GRANT SELECT, INSERT ON workspace_directory, audit_events TO rooiam_runtime;
