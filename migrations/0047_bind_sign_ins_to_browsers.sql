-- For how many days a browser that its person trusts stands for the second factor that is asked for; 0 for never. Operators bound that
-- with `trust_days`. And whether a sign-in counts in the browser alone in which it was made.
ALTER TABLE workspaces
    ADD COLUMN second_factor_days integer NOT NULL DEFAULT 0
        CONSTRAINT workspaces_second_factor_days CHECK (second_factor_days BETWEEN 0 AND 90),
    ADD COLUMN same_browser boolean NOT NULL DEFAULT false;
ALTER TABLE platform_settings
    ADD COLUMN second_factor_days integer NOT NULL DEFAULT 0
        CONSTRAINT platform_second_factor_days CHECK (second_factor_days BETWEEN 0 AND 90),
    ADD COLUMN same_browser boolean NOT NULL DEFAULT false;

-- The trusted browser that stood for the second factor, as long as it is there: whoever trusts it no more deletes that row alone, so that
-- nothing refers to it. And the hash of the browser's cookie; a session of before has none, and is in no browser that is known.
ALTER TABLE sessions
    ADD COLUMN trusted_browser_id uuid,
    ADD COLUMN browser_hash bytea CONSTRAINT sessions_browser_hash_size CHECK (octet_length(browser_hash) = 32);
ALTER TABLE token_grants ADD COLUMN trusted_browser_id uuid;
