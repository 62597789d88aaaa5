-- Fills the demo workspace with 10,000 members and the platform with 10,000 workspaces, for `make bench`.
-- Runs as the owner role, which row level security binds too.
BEGIN;
CREATE TEMP TABLE seeded ON COMMIT DROP AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 10000) n;
INSERT INTO users (id, display_name, created_at) SELECT id, 'Person ' || n, now() FROM seeded;
INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at)
SELECT id, 'person' || n || '@load.example', true, now(), now() FROM seeded;
SELECT set_config('rooiam.workspace_id', workspace_id::text, true) FROM workspace_directory WHERE slug = 'harbour-clinic' \g /dev/null
INSERT INTO memberships (workspace_id, user_id, role, created_at)
SELECT rooiam_workspace(), id, 'member', now() + n * interval '1 second' FROM seeded;
DO $$
DECLARE
    id uuid;
BEGIN
    FOR n IN 1..10000 LOOP
        id := gen_random_uuid();
        PERFORM set_config('rooiam.workspace_id', id::text, true);
        INSERT INTO workspaces (id, name, created_at) VALUES (id, 'Load ' || n, now());
        INSERT INTO workspace_directory (slug, workspace_id) VALUES ('seeded-' || n, id);
    END LOOP;
END $$;
COMMIT;
-- As autovacuum would a minute later: without its map of what everybody sees, counting reads every row.
VACUUM ANALYZE users, user_emails, memberships, workspaces, workspace_directory;
