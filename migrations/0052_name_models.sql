-- Which models of authenticators count (AAGUIDs) where a sign-in begins with a passkey; any, where none is named.
ALTER TABLE workspaces
    ADD COLUMN passkey_models uuid[] NOT NULL DEFAULT '{}'
        CONSTRAINT workspaces_passkey_models CHECK (cardinality(passkey_models) <= 32);
ALTER TABLE platform_settings
    ADD COLUMN passkey_models uuid[] NOT NULL DEFAULT '{}'
        CONSTRAINT platform_passkey_models CHECK (cardinality(passkey_models) <= 32);

-- Whether whoever makes the authenticator showed that it is of its model. Of those that are there already nobody asked.
ALTER TABLE passkeys ADD COLUMN attested boolean NOT NULL DEFAULT false;

-- The model that was shown, where a passkey began it. A node of the version before renews a session without it: so it counts for the
-- sign-in of that moment alone.
ALTER TABLE sessions
    ADD COLUMN model uuid,
    ADD COLUMN model_at timestamptz,
    ADD CONSTRAINT sessions_model_has_moment CHECK ((model IS NULL) = (model_at IS NULL));
ALTER TABLE token_grants ADD COLUMN model uuid;

-- The models that count for a workspace and for the platform: NULL for any, and none where they have none in common.
CREATE FUNCTION rooiam_models(workspace uuid[], platform uuid[]) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN cardinality(platform) = 0 THEN nullif(workspace, '{}')
        WHEN cardinality(workspace) = 0 THEN platform
        ELSE ARRAY(SELECT unnest(workspace) INTERSECT SELECT unnest(platform))
    END
$$;

-- What decides is read together, the browser that stands for a second factor and the model with it. How long such a browser does is told
-- in days: nothing where no second factor is asked for, 0 where none stands for it. A node of the version before reads these by the names
-- of their columns, and takes no browser for a second factor.
DROP FUNCTION rooiam_presented(uuid, uuid, bytea, bytea);
DROP FUNCTION rooiam_grant(uuid, uuid, text);
DROP FUNCTION rooiam_request(uuid, uuid, uuid, text);

CREATE FUNCTION rooiam_grant(
    workspace uuid, grant_id uuid, alg text,
    OUT app_id uuid, OUT user_id uuid, OUT session_id uuid, OUT offline boolean, OUT scopes text[], OUT amr text[],
    OUT auth_time timestamptz, OUT expires_at timestamptz, OUT host text, OUT revoked boolean,
    OUT trusted_browser_id uuid, OUT trusted_at timestamptz, OUT trust_days integer,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT two_factors boolean, OUT second_factor_days integer, OUT refused_methods text[], OUT model uuid, OUT models uuid[],
    OUT display_name text, OUT picture_id uuid, OUT email text, OUT roles text[], OUT key_id uuid
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT g.app_id, g.user_id, g.session_id, g.offline, g.scopes, g.amr, g.auth_time, g.expires_at, g.host,
           g.revoked_at IS NOT NULL, b.id, b.trusted_at, p.trust_days, w.sign_in_max_age, p.sign_in_ceiling,
           w.two_factors OR p.two_factors,
           LEAST(CASE WHEN w.two_factors THEN w.second_factor_days END, CASE WHEN p.two_factors THEN p.second_factor_days END),
           w.refused_methods || p.refused_methods, g.model, public.rooiam_models(w.passkey_models, p.passkey_models), u.display_name, u.picture_id, e.address,
           CASE WHEN 'roles' = ANY (g.scopes) THEN public.rooiam_app_roles(g.workspace_id, g.user_id, g.app_id) END,
           (SELECT k.id FROM public.signing_keys k
            WHERE k.workspace_id = g.workspace_id AND k.alg = rooiam_grant.alg AND k.retired_at IS NULL)
    FROM public.token_grants g
    JOIN public.users u ON u.id = g.user_id AND u.disabled_at IS NULL
    JOIN public.user_emails e ON e.user_id = u.id AND e.is_primary
    JOIN public.apps a ON a.workspace_id = g.workspace_id AND a.id = g.app_id AND a.disabled_at IS NULL
    JOIN public.workspaces w ON w.id = g.workspace_id
    CROSS JOIN public.platform_settings p
    LEFT JOIN public.trusted_browsers b ON b.id = g.trusted_browser_id AND b.user_id = g.user_id
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
    OUT trusted_browser_id uuid, OUT trusted_at timestamptz, OUT trust_days integer,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT two_factors boolean, OUT second_factor_days integer, OUT refused_methods text[], OUT model uuid, OUT models uuid[],
    OUT display_name text, OUT picture_id uuid, OUT email text, OUT roles text[], OUT key_id uuid
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
    OUT redirect_uris text[], OUT sign_in_max_age integer, OUT sign_in_ceiling integer, OUT max_idle integer,
    OUT two_factors boolean, OUT second_factor_days integer, OUT same_network boolean, OUT same_browser boolean,
    OUT refused_methods text[], OUT models uuid[], OUT least_assurance smallint, OUT role text, OUT consented text[]
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT q.app_id, q.redirect_uri, q.scopes, q.state, q.nonce, q.code_challenge, q.login_hint, q.fresh_after, q.ask_consent,
           q.choose_account, q.expires_at, q.decided_at, q.decided_by, q.denied, q.host, q.hinted_user_id,
           a.name, a.client_type, a.id_token_alg, a.created_at,
           ARRAY(SELECT r.uri FROM public.app_redirect_uris r
                 WHERE r.workspace_id = workspace AND r.app_id = a.id ORDER BY r.uri),
           w.sign_in_max_age, p.sign_in_ceiling, LEAST(w.max_idle, p.max_idle),
           w.two_factors OR p.two_factors,
           LEAST(CASE WHEN w.two_factors THEN w.second_factor_days END, CASE WHEN p.two_factors THEN p.second_factor_days END),
           w.same_network OR p.same_network, w.same_browser OR p.same_browser, w.refused_methods || p.refused_methods,
           public.rooiam_models(w.passkey_models, p.passkey_models),
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

-- A family remembers the trusted browser and the model of its session. A node of the version before names none.
DROP FUNCTION rooiam_grant_code(uuid, uuid, uuid, timestamptz, uuid, uuid, uuid, boolean, text[], text[], timestamptz, timestamptz,
                                text, bytea, text, text, text, timestamptz, jsonb);

CREATE FUNCTION rooiam_grant_code(
    workspace uuid, request uuid, session uuid, answered timestamptz, family uuid, app uuid, person uuid, offline boolean,
    scopes text[], amr text[], auth_time timestamptz, ends timestamptz, host text, code bytea, redirect_uri text, nonce text,
    code_challenge text, code_ends timestamptz, events jsonb, trusted_browser uuid DEFAULT NULL, model uuid DEFAULT NULL
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rooiam.workspace_id', workspace::text, true);
    PERFORM FROM public.consents c
    WHERE c.workspace_id = workspace AND c.user_id = person AND c.app_id = app AND c.scopes @> rooiam_grant_code.scopes
      AND c.host IS NOT DISTINCT FROM rooiam_grant_code.host
    FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.authorizations q SET decided_at = answered, decided_by = session, denied = false
    WHERE q.workspace_id = workspace AND q.id = request AND q.decided_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.token_grants (workspace_id, id, app_id, user_id, session_id, offline, scopes, amr, auth_time, created_at,
                                     expires_at, host, trusted_browser_id, model)
    VALUES (workspace, family, app, person, session, offline, scopes, amr, auth_time, answered, ends, host, trusted_browser, model);
    INSERT INTO public.authorization_codes (workspace_id, code_hash, grant_id, app_id, redirect_uri, nonce, code_challenge,
                                            created_at, expires_at)
    VALUES (workspace, code, family, app, redirect_uri, nonce, code_challenge, answered, code_ends);
    PERFORM public.rooiam_log(events);
    RETURN true;
END $$;
