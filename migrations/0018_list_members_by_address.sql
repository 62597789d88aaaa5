-- The primary address stands beside the membership, so that a list in its order is a walk along an index. The foreign
-- key carries a changed spelling along and keeps an address from vanishing.
ALTER TABLE memberships ADD COLUMN address text;
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
UPDATE memberships m SET address = e.address FROM user_emails e WHERE e.user_id = m.user_id AND e.is_primary;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships
    ALTER COLUMN address SET NOT NULL,
    ADD CONSTRAINT memberships_address FOREIGN KEY (user_id, address)
        REFERENCES user_emails (user_id, address) ON UPDATE CASCADE;
CREATE UNIQUE INDEX memberships_by_address ON memberships (workspace_id, address);

-- Filled by the database: who inserts a membership knows a person, and older servers know no address.
CREATE FUNCTION rooiam_fill_address() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    SELECT e.address INTO NEW.address FROM user_emails e WHERE e.user_id = NEW.user_id AND e.is_primary;
    RETURN NEW;
END $$;
CREATE TRIGGER memberships_fill_address
    BEFORE INSERT ON memberships
    FOR EACH ROW WHEN (NEW.address IS NULL)
    EXECUTE FUNCTION rooiam_fill_address();
