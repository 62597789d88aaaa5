-- What an app presents at the token endpoint is read in one trip and used in another, with no transaction from one to the other:
-- whoever uses it says what was read, and is told whether it was still so. None of these runs with other rights than its
-- caller's, so row level security binds them as it binds him. What reads relies on `rooiam_enter` for the context, and shows
-- nothing without one; what writes sets it itself.

-- Each of these finds one row at most. Reckoned as a thousand, what is done for each of them would look expensive enough to be
-- compiled anew in every call.
ALTER FUNCTION rooiam_enter(text) ROWS 1;
ALTER FUNCTION rooiam_grant(uuid, uuid, text) ROWS 1;

-- An enabled app with its live secret; the code or refresh token that it presents, and the token that followed that, with
-- its salt, if it waits to be used; and the family of these.
CREATE FUNCTION rooiam_presented(
    workspace uuid, app uuid, code bytea, token bytea,
    OUT name text, OUT client_type text, OUT id_token_alg text, OUT created_at timestamptz, OUT redirect_uris text[],
    OUT secret_hash bytea, OUT grant_id uuid, OUT presented_expires_at timestamptz, OUT used_at timestamptz,
    OUT issued_to uuid, OUT redirect_uri text, OUT nonce text, OUT code_challenge text,
    OUT successor bytea[],
    OUT app_id uuid, OUT user_id uuid, OUT session_id uuid, OUT offline boolean, OUT scopes text[], OUT amr text[],
    OUT auth_time timestamptz, OUT expires_at timestamptz, OUT host text, OUT revoked boolean,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
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

-- Holds a family that is not revoked, before what is in it, as whoever deletes a family does: no deadlock with them.
CREATE FUNCTION rooiam_hold_grant(workspace uuid, family uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rooiam.workspace_id', workspace::text, true);
    PERFORM FROM public.token_grants g WHERE g.workspace_id = workspace AND g.id = family AND g.revoked_at IS NULL
    FOR KEY SHARE;
    RETURN FOUND;
END $$;

-- Redeems a code for which nobody got tokens yet, and writes its family's first refresh token if there is one.
CREATE FUNCTION rooiam_redeem_code(
    workspace uuid, family uuid, code bytea, first bytea, salt bytea, redeemed timestamptz, ends timestamptz, events jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT public.rooiam_hold_grant(workspace, family) THEN
        RETURN false;
    END IF;
    UPDATE public.authorization_codes c SET redeemed_at = redeemed
    WHERE c.workspace_id = workspace AND c.code_hash = code AND c.grant_id = family AND c.redeemed_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF first IS NOT NULL THEN
        INSERT INTO public.refresh_tokens (workspace_id, token_hash, grant_id, created_at, expires_at, retry_salt)
        VALUES (workspace, first, family, redeemed, ends, salt);
    END IF;
    PERFORM public.rooiam_log(events);
    RETURN true;
END $$;

-- Uses a refresh token that nobody used yet, and writes the one that follows it. From then on nobody can derive the first from
-- the one before it.
CREATE FUNCTION rooiam_rotate_refresh_token(
    workspace uuid, family uuid, token bytea, next bytea, salt bytea, used timestamptz, ends timestamptz, events jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT public.rooiam_hold_grant(workspace, family) THEN
        RETURN false;
    END IF;
    UPDATE public.refresh_tokens t SET used_at = used, retry_salt = NULL
    WHERE t.workspace_id = workspace AND t.token_hash = token AND t.grant_id = family AND t.used_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.refresh_tokens (workspace_id, token_hash, grant_id, created_at, expires_at, retry_salt)
    VALUES (workspace, next, family, used, ends, salt);
    PERFORM public.rooiam_log(events);
    RETURN true;
END $$;

-- Tells the log that a family got an answer again, while the token that it holds waits to be used.
CREATE FUNCTION rooiam_repeat_refresh(workspace uuid, family uuid, successor bytea, events jsonb)
    RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT public.rooiam_hold_grant(workspace, family) THEN
        RETURN false;
    END IF;
    PERFORM FROM public.refresh_tokens t
    WHERE t.workspace_id = workspace AND t.token_hash = successor AND t.grant_id = family AND t.used_at IS NULL
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM public.rooiam_log(events);
    RETURN true;
END $$;

-- An enabled app with what it may ask for.
CREATE FUNCTION rooiam_app(workspace uuid, app uuid,
    OUT name text, OUT client_type text, OUT id_token_alg text, OUT created_at timestamptz, OUT redirect_uris text[]
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT a.name, a.client_type, a.id_token_alg, a.created_at,
           ARRAY(SELECT r.uri FROM public.app_redirect_uris r WHERE r.workspace_id = workspace AND r.app_id = app ORDER BY r.uri)
    FROM public.apps a
    WHERE a.workspace_id = workspace AND a.id = app AND a.disabled_at IS NULL;
END $$;

-- Keeps an app's request until it is answered.
CREATE FUNCTION rooiam_keep_authorization(
    workspace uuid, id uuid, app uuid, redirect_uri text, scopes text[], state text, nonce text, code_challenge text,
    login_hint text, fresh_after timestamptz, ask_consent boolean, choose_account boolean, created_at timestamptz,
    expires_at timestamptz, host text, hinted uuid
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rooiam.workspace_id', workspace::text, true);
    INSERT INTO public.authorizations
        (workspace_id, id, app_id, redirect_uri, scopes, state, nonce, code_challenge, login_hint, fresh_after, ask_consent,
         choose_account, created_at, expires_at, host, hinted_user_id)
    VALUES (workspace, id, app, redirect_uri, scopes, state, nonce, code_challenge, login_hint,
            fresh_after, ask_consent, choose_account, created_at, expires_at, host, hinted);
    RETURN true;
END $$;

-- A request, and what decides whether its app may know the person who came with it: which role they have, and what they have let
-- the app have on that host.
CREATE FUNCTION rooiam_request(workspace uuid, request uuid, person uuid, on_host text,
    OUT app_id uuid, OUT redirect_uri text, OUT scopes text[], OUT state text, OUT nonce text, OUT code_challenge text,
    OUT login_hint text, OUT fresh_after timestamptz, OUT ask_consent boolean, OUT choose_account boolean,
    OUT expires_at timestamptz, OUT decided_at timestamptz, OUT decided_by uuid, OUT denied boolean, OUT host text,
    OUT hinted_user_id uuid, OUT name text, OUT client_type text, OUT id_token_alg text, OUT created_at timestamptz,
    OUT redirect_uris text[], OUT sign_in_max_age integer, OUT sign_in_ceiling integer, OUT role text, OUT consented text[]
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT q.app_id, q.redirect_uri, q.scopes, q.state, q.nonce, q.code_challenge, q.login_hint, q.fresh_after, q.ask_consent,
           q.choose_account, q.expires_at, q.decided_at, q.decided_by, q.denied, q.host, q.hinted_user_id,
           a.name, a.client_type, a.id_token_alg, a.created_at,
           ARRAY(SELECT r.uri FROM public.app_redirect_uris r
                 WHERE r.workspace_id = workspace AND r.app_id = a.id ORDER BY r.uri),
           w.sign_in_max_age, p.sign_in_ceiling, m.role, c.scopes
    FROM public.authorizations q
    JOIN public.apps a ON a.workspace_id = workspace AND a.id = q.app_id AND a.disabled_at IS NULL
    JOIN public.workspaces w ON w.id = workspace
    CROSS JOIN public.platform_settings p
    LEFT JOIN public.memberships m ON m.workspace_id = workspace AND m.user_id = person
    LEFT JOIN public.consents c ON c.workspace_id = workspace AND c.user_id = person AND c.app_id = a.id
        AND c.host IS NOT DISTINCT FROM on_host
    WHERE q.workspace_id = workspace AND q.id = request;
END $$;

-- Answers a request that nobody answered with a code that has not been redeemed: the answer, the new family and its code.
CREATE FUNCTION rooiam_grant_code(
    workspace uuid, request uuid, session uuid, answered timestamptz, family uuid, app uuid, person uuid, offline boolean,
    scopes text[], amr text[], auth_time timestamptz, ends timestamptz, host text, code bytea, redirect_uri text, nonce text,
    code_challenge text, code_ends timestamptz, events jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rooiam.workspace_id', workspace::text, true);
    UPDATE public.authorizations q SET decided_at = answered, decided_by = session, denied = false
    WHERE q.workspace_id = workspace AND q.id = request AND q.decided_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.token_grants (workspace_id, id, app_id, user_id, session_id, offline, scopes, amr, auth_time, created_at,
                                     expires_at, host)
    VALUES (workspace, family, app, person, session, offline, scopes, amr, auth_time, answered, ends, host);
    INSERT INTO public.authorization_codes (workspace_id, code_hash, grant_id, app_id, redirect_uri, nonce, code_challenge,
                                            created_at, expires_at)
    VALUES (workspace, code, family, app, redirect_uri, nonce, code_challenge, answered, code_ends);
    PERFORM public.rooiam_log(events);
    RETURN true;
END $$;

-- Whoever deletes a family looks for its tokens.
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (workspace_id, grant_id);
CREATE INDEX authorization_codes_by_grant ON authorization_codes (workspace_id, grant_id);
