-- All of a person's or an app's token families end at once, and go with the membership or the app; all challenges that
-- were sent to somebody's addresses go at once.
CREATE INDEX token_grants_by_member ON token_grants (workspace_id, user_id);
CREATE INDEX token_grants_by_app ON token_grants (workspace_id, app_id);
CREATE INDEX magic_links_by_address ON magic_links (address);

-- Giving an app's roles to people is a right of its own. Whoever could do so and also changes the apps themselves keeps
-- it; to change members or groups alone is not enough any more. Rows of workspaces are visible only in their context.
DO $$
DECLARE
    workspace uuid;
BEGIN
    FOR workspace IN SELECT d.workspace_id FROM workspace_directory d LOOP
        PERFORM set_config('rooiam.workspace_id', workspace::text, true);
        UPDATE roles
        SET permissions = permissions || '{app:assign}', version = version + 1
        WHERE workspace_id = workspace AND permissions @> '{app:update}' AND permissions && '{member:update,group:update}';
    END LOOP;
    PERFORM set_config('rooiam.workspace_id', '', true);
END $$;
