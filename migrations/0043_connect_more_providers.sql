-- GitHub, which speaks OAuth 2.0 alone.
ALTER TABLE connections
    DROP CONSTRAINT connections_preset,
    ADD CONSTRAINT connections_preset
        CHECK (preset IN ('oidc', 'google', 'entra', 'gitlab', 'github', 'github_server'));
