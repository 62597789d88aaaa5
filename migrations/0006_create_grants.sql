CREATE TABLE consents (
    workspace_id  uuid NOT NULL,
    user_id       uuid NOT NULL,
    app_id        uuid NOT NULL,
    scopes        text[] NOT NULL,
    granted_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id, app_id),
    CONSTRAINT consents_app FOREIGN KEY (workspace_id, app_id) REFERENCES apps (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT consents_member FOREIGN KEY (workspace_id, user_id) REFERENCES memberships (workspace_id, user_id) ON DELETE CASCADE
);
COMMENT ON TABLE consents IS 'workspace: which scopes a member has let an app have';

CREATE TABLE authorizations (
    workspace_id    uuid NOT NULL,
    id              uuid NOT NULL,
    app_id          uuid NOT NULL,
    redirect_uri    text NOT NULL,
    scopes          text[] NOT NULL,
    state           text,
    nonce           text,
    code_challenge  text NOT NULL,
    login_hint      text,
    -- The session must have authenticated at or after this moment (prompt=login, max_age).
    fresh_after     timestamptz,
    ask_consent     boolean NOT NULL DEFAULT false,
    choose_account  boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    decided_at      timestamptz,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT authorizations_app FOREIGN KEY (workspace_id, app_id) REFERENCES apps (workspace_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE authorizations IS 'workspace: authorization requests between the authorize endpoint and the decision';

CREATE TABLE token_grants (
    workspace_id   uuid NOT NULL,
    id             uuid NOT NULL,
    app_id         uuid NOT NULL,
    user_id        uuid NOT NULL,
    session_id     uuid REFERENCES sessions (id) ON DELETE SET NULL,
    offline        boolean NOT NULL,
    scopes         text[] NOT NULL,
    amr            text[] NOT NULL,
    auth_time      timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    revoke_reason  text CONSTRAINT token_grants_revoke_reason CHECK (revoke_reason IN ('code_replayed', 'refresh_reused', 'withdrawn')),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT token_grants_revocation_has_reason CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)),
    CONSTRAINT token_grants_app FOREIGN KEY (workspace_id, app_id) REFERENCES apps (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT token_grants_member FOREIGN KEY (workspace_id, user_id) REFERENCES memberships (workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX token_grants_by_session ON token_grants (session_id);
COMMENT ON TABLE token_grants IS 'workspace: one family of tokens that descends from one authorization code';

CREATE TABLE authorization_codes (
    workspace_id    uuid NOT NULL,
    code_hash       bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    grant_id        uuid NOT NULL,
    app_id          uuid NOT NULL,
    redirect_uri    text NOT NULL,
    nonce           text,
    code_challenge  text NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    redeemed_at     timestamptz,
    PRIMARY KEY (workspace_id, code_hash),
    CONSTRAINT authorization_codes_grant FOREIGN KEY (workspace_id, grant_id) REFERENCES token_grants (workspace_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE authorization_codes IS 'workspace: single-use codes, hashes only';

CREATE TABLE refresh_tokens (
    workspace_id  uuid NOT NULL,
    token_hash    bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    grant_id      uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    used_at       timestamptz,
    PRIMARY KEY (workspace_id, token_hash),
    CONSTRAINT refresh_tokens_grant FOREIGN KEY (workspace_id, grant_id) REFERENCES token_grants (workspace_id, id) ON DELETE CASCADE
);
-- Rotation leaves exactly one live token in a family.
CREATE UNIQUE INDEX refresh_tokens_one_live ON refresh_tokens (workspace_id, grant_id) WHERE used_at IS NULL;
COMMENT ON TABLE refresh_tokens IS 'workspace: rotated refresh tokens, hashes only';
