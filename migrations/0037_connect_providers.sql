-- Providers through which people sign in: a workspace's own, which count in that workspace alone, or the platform's.
CREATE TABLE connections (
    workspace_id     uuid NOT NULL REFERENCES workspaces (id),
    id               uuid NOT NULL,
    name             text NOT NULL CONSTRAINT connections_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    preset           text NOT NULL CONSTRAINT connections_preset CHECK (preset IN ('oidc', 'google', 'entra', 'gitlab')),
    -- Never changes: what is linked is known by it.
    issuer           text NOT NULL CONSTRAINT connections_issuer_length CHECK (char_length(issuer) BETWEEN 9 AND 500),
    client_id        text NOT NULL CONSTRAINT connections_client_id_length CHECK (char_length(client_id) BETWEEN 1 AND 500),
    -- Sealed, with the row's identity as associated data.
    client_secret    bytea NOT NULL CONSTRAINT connections_secret_size CHECK (octet_length(client_secret) <= 4096),
    scopes           text[] NOT NULL CONSTRAINT connections_scopes_count CHECK (cardinality(scopes) BETWEEN 1 AND 20),
    -- Who may come in by it for the first time: who is a member already, or whoever the workspace's own rules let join.
    provisioning     text NOT NULL CONSTRAINT connections_provisioning CHECK (provisioning IN ('members', 'joining')),
    -- Whether what the provider says of an address counts although it does not say that it was verified.
    trusts_addresses boolean NOT NULL,
    created_at       timestamptz NOT NULL,
    disabled_at      timestamptz,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX connections_one_name ON connections (workspace_id, lower(name));
COMMENT ON TABLE connections IS 'workspace: providers through which people sign in, their client secrets sealed';

-- Who is who at a provider. Nobody gives one to somebody else: the owner never changes.
CREATE TABLE connection_identities (
    workspace_id   uuid NOT NULL,
    connection_id  uuid NOT NULL,
    issuer         text NOT NULL,
    subject        text NOT NULL CONSTRAINT connection_identities_subject_length CHECK (octet_length(subject) BETWEEN 1 AND 255),
    user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- What the provider called them when they were linked, to know them by.
    label          text NOT NULL CONSTRAINT connection_identities_label_length CHECK (char_length(label) <= 254),
    linked_at      timestamptz NOT NULL,
    last_used_at   timestamptz,
    PRIMARY KEY (workspace_id, connection_id, subject),
    CONSTRAINT connection_identities_connection FOREIGN KEY (workspace_id, connection_id)
        REFERENCES connections (workspace_id, id) ON DELETE CASCADE
);
-- One account has one identity at a connection, so that nobody adds a second one unseen.
CREATE UNIQUE INDEX connection_identities_by_person ON connection_identities (user_id, workspace_id, connection_id);
COMMENT ON TABLE connection_identities IS 'workspace: who is who at its providers';

-- Sign-ins that were sent to a provider and have not come back, or just have.
CREATE TABLE connection_attempts (
    workspace_id      uuid NOT NULL,
    id                uuid NOT NULL,
    connection_id     uuid NOT NULL,
    state_hash        bytea NOT NULL CONSTRAINT connection_attempts_state_size CHECK (octet_length(state_hash) = 32),
    browser_hash      bytea NOT NULL CONSTRAINT connection_attempts_browser_size CHECK (octet_length(browser_hash) = 32),
    -- Whose account the identity is to be linked with, from which session; without one it signs in.
    session_id        uuid REFERENCES sessions (id) ON DELETE CASCADE,
    authorization_id  uuid,
    host              text,
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    -- It came back: once.
    consumed_at       timestamptz,
    -- Nothing came of it.
    failed_at         timestamptz,
    -- Who it turned out to be, until whoever owns the address has said so.
    subject           text,
    label             text,
    -- The mail that asks them.
    challenge_id      uuid,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT connection_attempts_connection FOREIGN KEY (workspace_id, connection_id)
        REFERENCES connections (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT connection_attempts_state_unique UNIQUE (workspace_id, state_hash),
    CONSTRAINT connection_attempts_subject_after_return CHECK (subject IS NULL OR consumed_at IS NOT NULL)
);
CREATE INDEX connection_attempts_by_connection ON connection_attempts (workspace_id, connection_id);
CREATE INDEX connection_attempts_by_session ON connection_attempts (session_id) WHERE session_id IS NOT NULL;
COMMENT ON TABLE connection_attempts IS 'workspace: sign-ins under way at its providers, hashes only';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['connections', 'connection_identities', 'connection_attempts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING (workspace_id = (SELECT rooiam_workspace())) WITH CHECK (workspace_id = (SELECT rooiam_workspace()))',
            name || '_in_context', name);
    END LOOP;
END $$;

-- People see what of theirs is linked anywhere, and what they could link where they are members.
CREATE POLICY connection_identities_of_person ON connection_identities FOR SELECT
    USING (user_id = (SELECT rooiam_person()));
CREATE POLICY connections_of_person ON connections FOR SELECT
    USING (workspace_id IN (SELECT m.workspace_id FROM memberships m WHERE m.user_id = (SELECT rooiam_person()))
           OR (workspace_id, id) IN (SELECT i.workspace_id, i.connection_id FROM connection_identities i
                                     WHERE i.user_id = (SELECT rooiam_person())));
CREATE POLICY workspaces_linked_by_person ON workspaces FOR SELECT
    USING (id IN (SELECT i.workspace_id FROM connection_identities i WHERE i.user_id = (SELECT rooiam_person())));

GRANT SELECT, INSERT, DELETE ON connections, connection_identities, connection_attempts TO rooiam_runtime;
GRANT UPDATE (name, client_id, client_secret, scopes, provisioning, trusts_addresses, disabled_at) ON connections TO rooiam_runtime;
GRANT UPDATE (last_used_at) ON connection_identities TO rooiam_runtime;
GRANT UPDATE (consumed_at, failed_at, subject, label, challenge_id) ON connection_attempts TO rooiam_runtime;

-- The sign-in mail that links whoever redeems it with who they are at a provider.
ALTER TABLE magic_links ADD COLUMN attempt_id uuid;

-- Through which connection a session began. One of a workspace lets nobody into anything else; it ends with the connection.
ALTER TABLE sessions
    ADD COLUMN connection_workspace_id uuid,
    ADD COLUMN connection_id uuid,
    ADD CONSTRAINT sessions_connection_whole CHECK ((connection_workspace_id IS NULL) = (connection_id IS NULL)),
    ADD CONSTRAINT sessions_connection FOREIGN KEY (connection_workspace_id, connection_id)
        REFERENCES connections (workspace_id, id) ON DELETE CASCADE;
CREATE INDEX sessions_by_connection ON sessions (connection_workspace_id, connection_id) WHERE connection_id IS NOT NULL;
