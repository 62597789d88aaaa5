-- GitHub, which speaks OAuth 2.0 alone.
ALTER TABLE connections
    DROP CONSTRAINT connections_preset,
    ADD CONSTRAINT connections_preset
        CHECK (preset IN ('oidc', 'google', 'entra', 'gitlab', 'github', 'github_server'));

-- Sign-ins that are tried out: they sign nobody in. What one came to is for whoever began it, sealed, with the row's identity as
-- associated data.
ALTER TABLE connection_attempts
    ADD COLUMN test boolean NOT NULL DEFAULT false,
    ADD COLUMN trace bytea CONSTRAINT connection_attempts_trace_size CHECK (octet_length(trace) <= 65536),
    ADD CONSTRAINT connection_attempts_test_of_session CHECK (NOT test OR (session_id IS NOT NULL AND authorization_id IS NULL)),
    ADD CONSTRAINT connection_attempts_trace_of_test CHECK (trace IS NULL OR test);
GRANT UPDATE (trace) ON connection_attempts TO rooiam_runtime;
