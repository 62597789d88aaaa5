-- A person takes back what they let an app have. A code that is being issued then holds the consent that it rests on: whoever
-- takes that back waits for the family, and ends it; and where it was taken back first, no family begins.
CREATE OR REPLACE FUNCTION rooiam_grant_code(
    workspace uuid, request uuid, session uuid, answered timestamptz, family uuid, app uuid, person uuid, offline boolean,
    scopes text[], amr text[], auth_time timestamptz, ends timestamptz, host text, code bytea, redirect_uri text, nonce text,
    code_challenge text, code_ends timestamptz, events jsonb
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
                                     expires_at, host)
    VALUES (workspace, family, app, person, session, offline, scopes, amr, auth_time, answered, ends, host);
    INSERT INTO public.authorization_codes (workspace_id, code_hash, grant_id, app_id, redirect_uri, nonce, code_challenge,
                                            created_at, expires_at)
    VALUES (workspace, code, family, app, redirect_uri, nonce, code_challenge, answered, code_ends);
    PERFORM public.rooiam_log(events);
    RETURN true;
END $$;

-- What people are told of their own account is found without walking through every token that apps got in their name.
CREATE INDEX audit_events_of_account ON audit_events (workspace_id, actor_id, id DESC)
    WHERE action NOT IN ('code.issued', 'tokens.issued');
