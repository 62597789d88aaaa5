-- A person's picture: a PNG that we made ourselves, whatever was uploaded. Who has its address may see it, as those may to whom it
-- is shown. Which one it is stands with the person too, so that nobody who reads a person asks twice.
CREATE TABLE user_pictures (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL CONSTRAINT user_pictures_one UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    png         bytea NOT NULL CONSTRAINT user_pictures_size CHECK (octet_length(png) BETWEEN 1 AND 524288),
    created_at  timestamptz NOT NULL
);
COMMENT ON TABLE user_pictures IS 'global: what people look like, re-encoded';
GRANT SELECT, INSERT, DELETE ON user_pictures TO rooiam_runtime;

ALTER TABLE users ADD COLUMN picture_id uuid;

-- Apps that may know a name may know the picture. A node of the version before reads these by the names of their columns.
DROP FUNCTION rooiam_presented(uuid, uuid, bytea, bytea);
DROP FUNCTION rooiam_grant(uuid, uuid, text);

CREATE FUNCTION rooiam_grant(
    workspace uuid, grant_id uuid, alg text,
    OUT app_id uuid, OUT user_id uuid, OUT session_id uuid, OUT offline boolean, OUT scopes text[], OUT amr text[],
    OUT auth_time timestamptz, OUT expires_at timestamptz, OUT host text, OUT revoked boolean,
    OUT sign_in_max_age integer, OUT sign_in_ceiling integer,
    OUT two_factors boolean, OUT refused_methods text[],
    OUT display_name text, OUT picture_id uuid, OUT email text, OUT roles text[], OUT key_id uuid
) RETURNS SETOF record LANGUAGE plpgsql ROWS 1 AS $$
BEGIN
    RETURN QUERY
    SELECT g.app_id, g.user_id, g.session_id, g.offline, g.scopes, g.amr, g.auth_time, g.expires_at, g.host,
           g.revoked_at IS NOT NULL, w.sign_in_max_age, p.sign_in_ceiling,
           w.two_factors OR p.two_factors, w.refused_methods || p.refused_methods, u.display_name, u.picture_id, e.address,
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
