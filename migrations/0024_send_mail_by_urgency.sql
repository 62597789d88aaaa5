-- Mail leaves by urgency, several at once, no receiver's server before all others.
ALTER TABLE outbox_mails
    -- The least leaves first: sign-in, notices, what goes to many.
    ADD COLUMN lane smallint NOT NULL DEFAULT 1 CONSTRAINT outbox_mails_lane CHECK (lane BETWEEN 0 AND 2),
    -- Pseudonym of the receiver's domain: of its servers each may hold up a few sends, not all.
    ADD COLUMN receiver text NOT NULL DEFAULT '',
    -- What it is about (an invitation, a sign-in challenge): there its failure is shown, and with that it loses its point.
    ADD COLUMN about uuid,
    -- Until when the node that took it has it for itself.
    ADD COLUMN leased_until timestamptz;

-- What waits already. Errors were written down as servers put them, with addresses in them.
UPDATE outbox_mails SET lane = CASE kind WHEN 'magic_link' THEN 0 WHEN 'invitation' THEN 2 ELSE 1 END, last_error = NULL;

DROP INDEX outbox_mails_due;
CREATE INDEX outbox_mails_due ON outbox_mails (lane, next_attempt_at) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_mails_leased ON outbox_mails (leased_until) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_mails_by_expiry ON outbox_mails (expires_at);
CREATE INDEX outbox_mails_by_cause ON outbox_mails (about, id) WHERE about IS NOT NULL;
