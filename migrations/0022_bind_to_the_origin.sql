-- What is asked for at a workspace's own host counts at that host only; NULL is the platform's origin. What began at an
-- own host before this does not say at which, so nobody finds it any more.
ALTER TABLE magic_links ADD COLUMN host text;
ALTER TABLE sessions ADD COLUMN host text;
ALTER TABLE authorizations
    ADD COLUMN host text,
    -- Whose decision it was, so that the same browser can repeat it and nobody else.
    ADD COLUMN decided_by uuid,
    ADD COLUMN denied boolean NOT NULL DEFAULT false;
ALTER TABLE token_grants ADD COLUMN host text;
ALTER TABLE consents ADD COLUMN host text;
