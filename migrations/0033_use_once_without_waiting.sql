-- What an app presents at the token endpoint is read in one trip and used in another, with no transaction from one to the other:
-- whoever uses it says what was read, and is told whether it was still so. None of these runs with other rights than its
-- caller's, so row level security binds them as it binds him. Each sets the context before it reads.

-- An enabled app with its live secret; the code or refresh token that it presents, and the token that followed that if it waits
-- to be used; and the family of these.
CREATE FUNCTION rooiam_presented(
    workspace uuid, app uuid, code bytea, token bytea,
    OUT name text, OUT client_type text, OUT id_token_alg text, OUT created_at timestamptz, OUT redirect_uris text[],
    OUT secret_hash bytea, OUT grant_id uuid, OUT presented_expires_at timestamptz, OUT used_at timestamptz,
    OUT issued_to uuid, OUT redirect_uri text, OUT nonce text, OUT code_challenge text,
    OUT successor_hash bytea, OUT successor_salt bytea,
    OUT app_id uuid, OUT user_id uuid, OUT session_id uuid, OUT offline boolean, OUT scopes text[], OUT amr text[],
    OUT auth_time timestamptz, OUT expires_at timestamptz, OUT host text, OUT revoked boolean,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT display_name text, OUT email text, OUT roles text[], OUT key_id uuid
) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    SELECT a.name, a.client_type, a.id_token_alg, a.created_at,
           ARRAY(SELECT r.uri FROM public.app_redirect_uris r
                 WHERE code IS NOT NULL AND r.workspace_id = workspace AND r.app_id = app ORDER BY r.uri),
           s.secret_hash, COALESCE(c.grant_id, t.grant_id), COALESCE(c.expires_at, t.expires_at),
           COALESCE(c.redeemed_at, t.used_at), c.app_id, c.redirect_uri, c.nonce, c.code_challenge, n.token_hash, n.retry_salt, g.*
    FROM public.apps a
    LEFT JOIN public.app_secrets s ON s.workspace_id = workspace AND s.app_id = app AND s.revoked_at IS NULL
    LEFT JOIN public.authorization_codes c ON c.workspace_id = workspace AND c.code_hash = code
    LEFT JOIN public.refresh_tokens t ON t.workspace_id = workspace AND t.token_hash = token
    LEFT JOIN public.refresh_tokens n ON n.workspace_id = workspace AND n.grant_id = t.grant_id AND n.used_at IS NULL
        AND t.used_at IS NOT NULL
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
