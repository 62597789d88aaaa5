-- The tenant context. Every policy below reads it through these two functions, and the runtime sets it in one place
-- (store::tx) with set_config(..., true), so that it ends with the transaction. Unset means NULL, and NULL matches no row.
CREATE FUNCTION rooiam_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('rooiam.workspace_id', true), '')::uuid $$;

CREATE FUNCTION rooiam_person() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('rooiam.user_id', true), '')::uuid $$;

COMMENT ON FUNCTION rooiam_workspace() IS 'the workspace of this transaction, NULL without one';
COMMENT ON FUNCTION rooiam_person() IS 'the person who looks at their own rows across workspaces, NULL without one';
