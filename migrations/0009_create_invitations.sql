CREATE TABLE invitations (
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    id            uuid NOT NULL,
    address       text NOT NULL CONSTRAINT invitations_normalised CHECK (address = lower(address)),
    role          text NOT NULL CONSTRAINT invitations_role CHECK (role IN ('owner', 'admin', 'auditor', 'member')),
    invited_by    uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    sent_at       timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    accepted_at   timestamptz,
    withdrawn_at  timestamptz,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT invitations_one_end CHECK (accepted_at IS NULL OR withdrawn_at IS NULL),
    CONSTRAINT invitations_expiry_after_sending CHECK (expires_at > sent_at),
    -- An invitation goes with the membership of whoever gave it.
    CONSTRAINT invitations_inviter FOREIGN KEY (workspace_id, invited_by)
        REFERENCES memberships (workspace_id, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX invitations_one_open ON invitations (workspace_id, address)
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX invitations_by_address ON invitations (address) WHERE accepted_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX invitations_by_inviter ON invitations (workspace_id, invited_by);
CREATE INDEX invitations_by_expiry ON invitations (workspace_id, expires_at);
COMMENT ON TABLE invitations IS 'workspace: addresses asked to join; holds no secret, since joining takes proof of the address';

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_in_context ON invitations
    USING (workspace_id = rooiam_workspace()) WITH CHECK (workspace_id = rooiam_workspace());
CREATE POLICY invitations_of_person ON invitations FOR SELECT
    USING (address IN (
        SELECT e.address FROM user_emails e
        WHERE e.user_id = rooiam_person() AND e.verified_at IS NOT NULL
    ));
-- Who is invited may read the name of what they are invited to.
CREATE POLICY workspaces_inviting_person ON workspaces FOR SELECT
    USING (EXISTS (
        SELECT 1
        FROM invitations i
        JOIN user_emails e ON e.address = i.address
        WHERE i.workspace_id = workspaces.id
          AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
          AND e.user_id = rooiam_person() AND e.verified_at IS NOT NULL
    ));
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO rooiam_runtime;

ALTER TABLE outbox_mails DROP CONSTRAINT outbox_mails_kind;
ALTER TABLE outbox_mails ADD CONSTRAINT outbox_mails_kind CHECK (kind IN ('magic_link', 'invitation'));
