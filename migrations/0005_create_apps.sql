CREATE TABLE apps (
    workspace_id       uuid NOT NULL REFERENCES workspaces (id),
    id                 uuid NOT NULL CONSTRAINT apps_id_unique UNIQUE,
    name               text NOT NULL CONSTRAINT apps_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    client_type        text NOT NULL CONSTRAINT apps_client_type CHECK (client_type IN ('confidential', 'public')),
    id_token_alg       text NOT NULL DEFAULT 'RS256' CONSTRAINT apps_id_token_alg CHECK (id_token_alg IN ('RS256', 'ES256', 'EdDSA')),
    created_at         timestamptz NOT NULL,
    disabled_at        timestamptz,
    PRIMARY KEY (workspace_id, id)
);
COMMENT ON TABLE apps IS 'workspace: OAuth clients';

CREATE TABLE app_secrets (
    workspace_id  uuid NOT NULL,
    id            uuid NOT NULL,
    app_id        uuid NOT NULL,
    secret_hash   bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    hint          text NOT NULL,
    created_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT app_secrets_app FOREIGN KEY (workspace_id, app_id) REFERENCES apps (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX app_secrets_live ON app_secrets (workspace_id, app_id) WHERE revoked_at IS NULL;
COMMENT ON TABLE app_secrets IS 'workspace: client secrets, hashes only';

CREATE TABLE app_redirect_uris (
    workspace_id  uuid NOT NULL,
    app_id        uuid NOT NULL,
    uri           text NOT NULL CONSTRAINT app_redirect_uris_length CHECK (char_length(uri) BETWEEN 1 AND 2000),
    PRIMARY KEY (workspace_id, app_id, uri),
    CONSTRAINT app_redirect_uris_app FOREIGN KEY (workspace_id, app_id) REFERENCES apps (workspace_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE app_redirect_uris IS 'workspace: where an app may be sent back to, compared as whole strings';

CREATE TABLE signing_keys (
    workspace_id    uuid NOT NULL REFERENCES workspaces (id),
    id              uuid NOT NULL,
    alg             text NOT NULL CONSTRAINT signing_keys_alg CHECK (alg IN ('RS256', 'ES256', 'EdDSA')),
    private_sealed  bytea NOT NULL,
    public_jwk      jsonb NOT NULL,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (workspace_id, alg) WHERE retired_at IS NULL;
COMMENT ON TABLE signing_keys IS 'workspace: keys of its issuer, the private half sealed with this row as associated data';
