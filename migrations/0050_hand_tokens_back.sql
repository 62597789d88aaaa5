-- Apps hand tokens back (RFC 7009), which ends their family.
ALTER TABLE token_grants
    DROP CONSTRAINT token_grants_revoke_reason,
    ADD CONSTRAINT token_grants_revoke_reason
        CHECK (revoke_reason IN ('code_replayed', 'refresh_reused', 'withdrawn', 'handed_back')) NOT VALID;
ALTER TABLE token_grants VALIDATE CONSTRAINT token_grants_revoke_reason;
