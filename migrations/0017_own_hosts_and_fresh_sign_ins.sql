-- A session that began at a workspace's own host counts there and nowhere else: whoever owns the domain could read its cookie.
ALTER TABLE sessions ADD COLUMN confined_to uuid REFERENCES workspaces (id);
-- Sign-ins older than this many seconds do not enter the workspace.
ALTER TABLE workspaces
    ADD COLUMN sign_in_max_age integer CONSTRAINT workspaces_sign_in_max_age CHECK (sign_in_max_age BETWEEN 900 AND 2592000);
