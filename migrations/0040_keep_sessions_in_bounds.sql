-- The longest time for which a session's browser was not heard of since its person signed in, in seconds. Sessions are everybody's, so
-- that each workspace compares it with what it allows itself.
ALTER TABLE sessions
    ADD COLUMN longest_idle integer NOT NULL DEFAULT 0 CONSTRAINT sessions_longest_idle CHECK (longest_idle >= 0);

-- For how long a browser may not be heard of, and whether a sign-in counts in other networks than its own.
ALTER TABLE workspaces
    ADD COLUMN max_idle integer CONSTRAINT workspaces_max_idle CHECK (max_idle > 0),
    ADD COLUMN same_network boolean NOT NULL DEFAULT false;
ALTER TABLE platform_settings
    ADD COLUMN max_idle integer CONSTRAINT platform_max_idle CHECK (max_idle > 0),
    ADD COLUMN same_network boolean NOT NULL DEFAULT false,
    -- In how many browsers one person may be signed in.
    ADD COLUMN sessions_ceiling integer CONSTRAINT platform_sessions_ceiling CHECK (sessions_ceiling BETWEEN 1 AND 50);

-- Both are asked of whoever comes to an app; of what an app got, neither is.
DROP FUNCTION rooiam_request(uuid, uuid, uuid, text);

CREATE FUNCTION rooiam_request(workspace uuid, request uuid, person uuid, on_host text,
    OUT app_id uuid, OUT redirect_uri text, OUT scopes text[], OUT state text, OUT nonce text, OUT code_challenge text,
    OUT login_hint text, OUT fresh_after timestamptz, OUT ask_consent boolean, OUT choose_account boolean,
    OUT expires_at timestamptz, OUT decided_at timestamptz, OUT decided_by uuid, OUT denied boolean, OUT host text,
    OUT hinted_user_id uuid, OUT name text, OUT client_type text, OUT id_token_alg text, OUT created_at timestamptz,
    OUT redirect_uris text[], OUT sign_in_max_age integer, OUT sign_in_ceiling integer, OUT max_idle integer,
    OUT two_factors boolean, OUT same_network boolean, OUT refused_methods text[], OUT least_assurance smallint, OUT role text,
    OUT consented text[]
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT q.app_id, q.redirect_uri, q.scopes, q.state, q.nonce, q.code_challenge, q.login_hint, q.fresh_after, q.ask_consent,
           q.choose_account, q.expires_at, q.decided_at, q.decided_by, q.denied, q.host, q.hinted_user_id,
           a.name, a.client_type, a.id_token_alg, a.created_at,
           ARRAY(SELECT r.uri FROM public.app_redirect_uris r
                 WHERE r.workspace_id = workspace AND r.app_id = a.id ORDER BY r.uri),
           w.sign_in_max_age, p.sign_in_ceiling, LEAST(w.max_idle, p.max_idle),
           w.two_factors OR p.two_factors, w.same_network OR p.same_network, w.refused_methods || p.refused_methods,
           q.least_assurance, m.role, c.scopes
    FROM public.authorizations q
    JOIN public.apps a ON a.workspace_id = workspace AND a.id = q.app_id AND a.disabled_at IS NULL
    JOIN public.workspaces w ON w.id = workspace
    CROSS JOIN public.platform_settings p
    LEFT JOIN public.memberships m ON m.workspace_id = workspace AND m.user_id = person
    LEFT JOIN public.consents c ON c.workspace_id = workspace AND c.user_id = person AND c.app_id = a.id
        AND c.host IS NOT DISTINCT FROM on_host
    WHERE q.workspace_id = workspace AND q.id = request;
END $$;
