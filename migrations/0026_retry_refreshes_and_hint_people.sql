-- A client whose answer got lost asks again with the token it has used up, and must get the same successor: that is derived
-- from the used token, which only the client has, and this salt, which stands with the successor until it is used itself.
ALTER TABLE refresh_tokens
    ADD COLUMN retry_salt bytea
        CONSTRAINT refresh_tokens_retry_salt CHECK (octet_length(retry_salt) = 32),
    ADD CONSTRAINT refresh_tokens_used_without_salt CHECK (used_at IS NULL OR retry_salt IS NULL);

-- Whom the app means (id_token_hint). No reference: the person may be gone, and then nobody can answer.
ALTER TABLE authorizations ADD COLUMN hinted_user_id uuid;
