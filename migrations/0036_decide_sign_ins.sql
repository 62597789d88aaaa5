-- What a workspace asks of a sign-in, and what the platform asks for all of them: two factors, and by which methods it does not begin.
ALTER TABLE workspaces
    ADD COLUMN two_factors boolean NOT NULL DEFAULT false,
    ADD COLUMN refused_methods text[] NOT NULL DEFAULT '{}'
        CONSTRAINT workspaces_refused_methods CHECK (refused_methods <@ ARRAY['email', 'passkey', 'connection', 'password']);
ALTER TABLE platform_settings
    ADD COLUMN two_factors boolean NOT NULL DEFAULT false,
    ADD COLUMN refused_methods text[] NOT NULL DEFAULT '{}'
        CONSTRAINT platform_refused_methods CHECK (refused_methods <@ ARRAY['email', 'passkey', 'connection', 'password']);

-- How sure of the person an app asks to be (`acr_values`): 0 of one thing proved, 1 of two, 2 that no other site tricked them.
ALTER TABLE authorizations
    ADD COLUMN least_assurance smallint NOT NULL DEFAULT 0
        CONSTRAINT authorizations_least_assurance CHECK (least_assurance BETWEEN 0 AND 2);

-- A sign-in that takes a second factor: of somebody who has proved the first in this browser, here. Or a session that is to prove
-- more. It bears the identifier of the step that began it.
CREATE TABLE pending_sign_ins (
    id                uuid PRIMARY KEY,
    browser_hash      bytea NOT NULL CONSTRAINT pending_sign_ins_browser_size CHECK (octet_length(browser_hash) = 32),
    user_id           uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id        uuid REFERENCES sessions (id) ON DELETE CASCADE,
    address           text NOT NULL,
    amr               text[] NOT NULL,
    workspace_id      uuid REFERENCES workspaces (id),
    authorization_id  uuid,
    host              text,
    -- The provider that proved the first factor, if one did: what comes of it counts no further than that.
    connection_workspace_id  uuid,
    connection_id     uuid,
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    finished_at       timestamptz,
    CONSTRAINT pending_sign_ins_connection CHECK ((connection_id IS NULL) = (connection_workspace_id IS NULL)),
    CONSTRAINT pending_sign_ins_authorization_has_workspace CHECK (authorization_id IS NULL OR workspace_id IS NOT NULL)
);
CREATE INDEX pending_sign_ins_by_browser ON pending_sign_ins (browser_hash, created_at);
CREATE INDEX pending_sign_ins_by_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_by_session ON pending_sign_ins (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);
COMMENT ON TABLE pending_sign_ins IS 'global: sign-ins that wait for a second factor';
GRANT SELECT, INSERT, UPDATE, DELETE ON pending_sign_ins TO rooiam_runtime;

-- What decides is read together. A node of the version before reads these by the names of their columns, so that more of them do
-- not disturb it; what it keeps, it keeps by the function with fewer arguments.
DROP FUNCTION rooiam_presented(uuid, uuid, bytea, bytea);
DROP FUNCTION rooiam_grant(uuid, uuid, text);
DROP FUNCTION rooiam_request(uuid, uuid, uuid, text);

CREATE FUNCTION rooiam_grant(
    workspace uuid, grant_id uuid, alg text,
    OUT app_id uuid, OUT user_id uuid, OUT session_id uuid, OUT offline boolean, OUT scopes text[], OUT amr text[],
    OUT auth_time timestamptz, OUT expires_at timestamptz, OUT host text, OUT revoked boolean,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT two_factors boolean, OUT refused_methods text[],
    OUT display_name text, OUT email text, OUT roles text[], OUT key_id uuid
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT g.app_id, g.user_id, g.session_id, g.offline, g.scopes, g.amr, g.auth_time, g.expires_at, g.host,
           g.revoked_at IS NOT NULL, w.sign_in_max_age, p.sign_in_ceiling,
           w.two_factors OR p.two_factors, w.refused_methods || p.refused_methods, u.display_name, e.address,
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

CREATE FUNCTION rooiam_presented(
    workspace uuid, app uuid, code bytea, token bytea,
    OUT name text, OUT client_type text, OUT id_token_alg text, OUT created_at timestamptz, OUT redirect_uris text[],
    OUT secret_hash bytea, OUT grant_id uuid, OUT presented_expires_at timestamptz, OUT used_at timestamptz,
    OUT issued_to uuid, OUT redirect_uri text, OUT nonce text, OUT code_challenge text,
    OUT successor bytea[],
    OUT app_id uuid, OUT user_id uuid, OUT session_id uuid, OUT offline boolean, OUT scopes text[], OUT amr text[],
    OUT auth_time timestamptz, OUT expires_at timestamptz, OUT host text, OUT revoked boolean,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT two_factors boolean, OUT refused_methods text[],
    OUT display_name text, OUT email text, OUT roles text[], OUT key_id uuid
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT a.name, a.client_type, a.id_token_alg, a.created_at,
           ARRAY(SELECT r.uri FROM public.app_redirect_uris r
                 WHERE code IS NOT NULL AND r.workspace_id = workspace AND r.app_id = app ORDER BY r.uri),
           s.secret_hash, COALESCE(c.grant_id, t.grant_id), COALESCE(c.expires_at, t.expires_at),
           COALESCE(c.redeemed_at, t.used_at), c.app_id, c.redirect_uri, c.nonce, c.code_challenge,
           CASE WHEN t.used_at IS NOT NULL THEN (
               SELECT ARRAY[n.token_hash, n.retry_salt] FROM public.refresh_tokens n
               WHERE n.workspace_id = workspace AND n.grant_id = t.grant_id AND n.used_at IS NULL
           ) END, g.*
    FROM public.apps a
    LEFT JOIN public.app_secrets s ON s.workspace_id = workspace AND s.app_id = app AND s.revoked_at IS NULL
    LEFT JOIN public.authorization_codes c ON c.workspace_id = workspace AND c.code_hash = code
    LEFT JOIN public.refresh_tokens t ON t.workspace_id = workspace AND t.token_hash = token
    LEFT JOIN LATERAL public.rooiam_grant(workspace, COALESCE(c.grant_id, t.grant_id), a.id_token_alg) g ON true
    WHERE a.workspace_id = workspace AND a.id = app AND a.disabled_at IS NULL;
END $$;

CREATE FUNCTION rooiam_request(workspace uuid, request uuid, person uuid, on_host text,
    OUT app_id uuid, OUT redirect_uri text, OUT scopes text[], OUT state text, OUT nonce text, OUT code_challenge text,
    OUT login_hint text, OUT fresh_after timestamptz, OUT ask_consent boolean, OUT choose_account boolean,
    OUT expires_at timestamptz, OUT decided_at timestamptz, OUT decided_by uuid, OUT denied boolean, OUT host text,
    OUT hinted_user_id uuid, OUT name text, OUT client_type text, OUT id_token_alg text, OUT created_at timestamptz,
    OUT redirect_uris text[], OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT two_factors boolean, OUT refused_methods text[], OUT least_assurance smallint, OUT role text, OUT consented text[]
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT q.app_id, q.redirect_uri, q.scopes, q.state, q.nonce, q.code_challenge, q.login_hint, q.fresh_after, q.ask_consent,
           q.choose_account, q.expires_at, q.decided_at, q.decided_by, q.denied, q.host, q.hinted_user_id,
           a.name, a.client_type, a.id_token_alg, a.created_at,
           ARRAY(SELECT r.uri FROM public.app_redirect_uris r
                 WHERE r.workspace_id = workspace AND r.app_id = a.id ORDER BY r.uri),
           w.sign_in_max_age, p.sign_in_ceiling,
           w.two_factors OR p.two_factors, w.refused_methods || p.refused_methods, q.least_assurance, m.role, c.scopes
    FROM public.authorizations q
    JOIN public.apps a ON a.workspace_id = workspace AND a.id = q.app_id AND a.disabled_at IS NULL
    JOIN public.workspaces w ON w.id = workspace
    CROSS JOIN public.platform_settings p
    LEFT JOIN public.memberships m ON m.workspace_id = workspace AND m.user_id = person
    LEFT JOIN public.consents c ON c.workspace_id = workspace AND c.user_id = person AND c.app_id = a.id
        AND c.host IS NOT DISTINCT FROM on_host
    WHERE q.workspace_id = workspace AND q.id = request;
END $$;

CREATE FUNCTION rooiam_keep_authorization(
    workspace uuid, id uuid, app uuid, redirect_uri text, scopes text[], state text, nonce text, code_challenge text,
    login_hint text, fresh_after timestamptz, ask_consent boolean, choose_account boolean, created_at timestamptz,
    expires_at timestamptz, host text, hinted uuid, least_assurance smallint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rooiam.workspace_id', workspace::text, true);
    INSERT INTO public.authorizations
        (workspace_id, id, app_id, redirect_uri, scopes, state, nonce, code_challenge, login_hint, fresh_after, ask_consent,
         choose_account, created_at, expires_at, host, hinted_user_id,
         least_assurance)
    VALUES (workspace, id, app, redirect_uri, scopes, state, nonce, code_challenge, login_hint,
            fresh_after, ask_consent, choose_account, created_at, expires_at, host, hinted, least_assurance);
    RETURN true;
END $$;
