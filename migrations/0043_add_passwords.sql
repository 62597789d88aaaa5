-- A password of a person: argon2id as a PHC string, or what another server kept, until its person signs in with it once.
CREATE TABLE passwords (
    user_id       uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash          text NOT NULL CONSTRAINT passwords_hash_size CHECK (octet_length(hash) BETWEEN 20 AND 512),
    -- It came with a file: it is of what was typed elsewhere, letter by letter, and may be of another kind.
    imported      boolean NOT NULL,
    -- It signs nobody in any more: its person chooses another after a sign-in by mail or passkey.
    must_change   boolean NOT NULL,
    set_at        timestamptz NOT NULL,
    last_used_at  timestamptz
);
COMMENT ON TABLE passwords IS 'global: passwords of people, hashed';

-- A form that somebody signed in with, so that a second click finds what the first one came to, and no other does.
CREATE TABLE password_sign_ins (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    finished_at  timestamptz NOT NULL
);
CREATE INDEX password_sign_ins_by_user ON password_sign_ins (user_id);
CREATE INDEX password_sign_ins_by_end ON password_sign_ins (finished_at);
COMMENT ON TABLE password_sign_ins IS 'global: sign-ins by password that were finished a short while ago';

GRANT SELECT, INSERT, UPDATE, DELETE ON passwords, password_sign_ins TO rooiam_runtime;

-- Passwords are off until they are turned on, by the platform and by each workspace.
ALTER TABLE workspaces ALTER COLUMN refused_methods SET DEFAULT '{password}';
ALTER TABLE platform_settings ALTER COLUMN refused_methods SET DEFAULT '{password}';
-- Row level security binds the owner of the table too.
ALTER TABLE workspaces NO FORCE ROW LEVEL SECURITY;
UPDATE workspaces SET refused_methods = array_append(refused_methods, 'password') WHERE NOT 'password' = ANY (refused_methods);
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
UPDATE platform_settings SET refused_methods = array_append(refused_methods, 'password') WHERE NOT 'password' = ANY (refused_methods);
