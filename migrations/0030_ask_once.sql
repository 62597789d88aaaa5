-- What is asked for together is asked once. None of these runs with other rights than its caller's, so row level security
-- binds them as it binds him. Each sets the context before it reads, which only a function can promise within one statement.

-- Into the workspace behind a slug: its state, and the context for the rest of the transaction.
CREATE FUNCTION rooiam_enter(slug text, OUT workspace_id uuid, OUT suspended boolean, OUT ending boolean, OUT deleted boolean)
    RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    SELECT d.workspace_id, d.suspended_at IS NOT NULL, d.delete_after IS NOT NULL, d.deleted_at IS NOT NULL
    INTO workspace_id, suspended, ending, deleted
    FROM public.workspace_directory d WHERE d.slug = rooiam_enter.slug;
    IF FOUND THEN
        PERFORM set_config('rooiam.workspace_id', workspace_id::text, true);
        RETURN NEXT;
    END IF;
END $$;

-- The roles that a member has in an app, by themselves or by their groups. A function, so that nothing is set up for it where
-- nobody asks.
CREATE FUNCTION rooiam_app_roles(workspace uuid, member uuid, app uuid) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        SELECT r.name FROM public.roles r
        WHERE r.workspace_id = workspace AND r.app_id = app AND r.id IN (
            SELECT mr.role_id FROM public.member_roles mr WHERE mr.workspace_id = workspace AND mr.user_id = member
            UNION ALL
            SELECT gr.role_id FROM public.group_members gm
            JOIN public.group_roles gr ON gr.workspace_id = gm.workspace_id AND gr.group_id = gm.group_id
            WHERE gm.workspace_id = workspace AND gm.user_id = member
        )
        ORDER BY r.name
    );
END $$;

-- A family of tokens with whom it speaks of and what limits it; the roles that its person has in its app, where it may tell
-- them; and the key that signs its tokens. Nothing when its person was disabled or its app switched off.
CREATE FUNCTION rooiam_grant(
    workspace uuid, grant_id uuid, alg text,
    OUT app_id uuid, OUT user_id uuid, OUT session_id uuid, OUT offline boolean, OUT scopes text[], OUT amr text[],
    OUT auth_time timestamptz, OUT expires_at timestamptz, OUT host text, OUT revoked boolean,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT display_name text, OUT email text, OUT roles text[], OUT key_id uuid
) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    SELECT g.app_id, g.user_id, g.session_id, g.offline, g.scopes, g.amr, g.auth_time, g.expires_at, g.host,
           g.revoked_at IS NOT NULL, w.sign_in_max_age, p.sign_in_ceiling, u.display_name, e.address,
           CASE WHEN 'roles' = ANY (g.scopes) THEN public.rooiam_app_roles(g.workspace_id, g.user_id, g.app_id) END,
           (SELECT k.id FROM public.signing_keys k
            WHERE k.workspace_id = g.workspace_id AND k.alg = rooiam_grant.alg AND k.retired_at IS NULL)
    FROM public.token_grants g
    JOIN public.users u ON u.id = g.user_id AND u.disabled_at IS NULL
    JOIN public.user_emails e ON e.user_id = u.id AND e.is_primary
    JOIN public.apps a ON a.workspace_id = g.workspace_id AND a.id = g.app_id AND a.disabled_at IS NULL
    JOIN public.workspaces w ON w.id = g.workspace_id
    CROSS JOIN public.platform_settings p
    WHERE g.workspace_id = workspace AND g.id = rooiam_grant.grant_id;
END $$;

-- Writes events into the logs that they name, the last thing before a transaction is made to last.
CREATE FUNCTION rooiam_log(events jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    event record;
BEGIN
    FOR event IN
        SELECT * FROM jsonb_to_recordset(events) AS e(
            workspace_id uuid, id uuid, occurred_at timestamptz, action text, actor_id uuid, target text, client_ip text,
            user_agent text, request_id text, detail jsonb
        )
    LOOP
        PERFORM set_config('rooiam.workspace_id', event.workspace_id::text, true);
        INSERT INTO public.audit_events
            (workspace_id, id, occurred_at, action, actor_id, target, client_ip, user_agent, request_id, detail)
        VALUES (event.workspace_id, event.id, event.occurred_at, event.action, event.actor_id, event.target, event.client_ip,
                event.user_agent, event.request_id, event.detail);
    END LOOP;
END $$;

-- Each event held its workspace's row until it was committed, so that all of them stood in line for one row. What the key was
-- for is promised otherwise: a policy lets an event only into the log of the workspace in context, and no workspace is deleted
-- but in name.
ALTER TABLE audit_events DROP CONSTRAINT audit_events_workspace_id_fkey;
