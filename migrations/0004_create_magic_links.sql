CREATE TABLE magic_links (
    id                 uuid PRIMARY KEY,
    address            text NOT NULL CONSTRAINT magic_links_normalised CHECK (address = lower(address)),
    link_hash          bytea NOT NULL CONSTRAINT magic_links_link_unique UNIQUE CHECK (octet_length(link_hash) = 32),
    code_hash          bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    -- The browser that asked: the link and the code work in no other.
    browser_hash       bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
    workspace_id       uuid REFERENCES workspaces (id),
    authorization_id   uuid,
    created_at         timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    code_attempts      smallint NOT NULL DEFAULT 0 CONSTRAINT magic_links_code_attempts CHECK (code_attempts BETWEEN 0 AND 5),
    consumed_at        timestamptz,
    superseded_at      timestamptz,
    CONSTRAINT magic_links_one_end CHECK (consumed_at IS NULL OR superseded_at IS NULL),
    CONSTRAINT magic_links_authorization_has_workspace CHECK (authorization_id IS NULL OR workspace_id IS NOT NULL)
);
CREATE INDEX magic_links_open ON magic_links (address, browser_hash) WHERE consumed_at IS NULL AND superseded_at IS NULL;
CREATE INDEX magic_links_by_browser ON magic_links (browser_hash);
CREATE INDEX magic_links_by_expiry ON magic_links (expires_at);
COMMENT ON TABLE magic_links IS 'global: sign-in challenges sent by mail, hashes only';

CREATE TABLE outbox_mails (
    id               uuid PRIMARY KEY,
    kind             text NOT NULL CONSTRAINT outbox_mails_kind CHECK (kind IN ('magic_link')),
    -- Sealed: a mail carries live secrets. Emptied once it has left or was given up.
    payload          bytea,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    next_attempt_at  timestamptz NOT NULL,
    attempts         integer NOT NULL DEFAULT 0,
    sent_at          timestamptz,
    failed_at        timestamptz,
    last_error       text,
    CONSTRAINT outbox_mails_one_end CHECK (sent_at IS NULL OR failed_at IS NULL),
    CONSTRAINT outbox_mails_ended_is_empty CHECK ((sent_at IS NULL AND failed_at IS NULL) = (payload IS NOT NULL))
);
CREATE INDEX outbox_mails_due ON outbox_mails (next_attempt_at) WHERE sent_at IS NULL AND failed_at IS NULL;
COMMENT ON TABLE outbox_mails IS 'global: mail written in the transaction that caused it, sent by a worker';
