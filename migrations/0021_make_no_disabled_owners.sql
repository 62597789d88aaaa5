-- Whoever becomes an owner can sign in, and stays so until this transaction ends: an operator who disables them at the
-- same time waits, and then finds the workspace among those they own.
CREATE FUNCTION rooiam_owner_can_sign_in() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM users u WHERE u.id = NEW.user_id AND u.disabled_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a disabled person becomes no owner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_owner_can_sign_in';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER memberships_owner_can_sign_in_on_insert
    AFTER INSERT ON memberships
    FOR EACH ROW WHEN (NEW.role = 'owner')
    EXECUTE FUNCTION rooiam_owner_can_sign_in();
CREATE TRIGGER memberships_owner_can_sign_in_on_update
    AFTER UPDATE ON memberships
    FOR EACH ROW WHEN (NEW.role = 'owner' AND OLD.role <> 'owner')
    EXECUTE FUNCTION rooiam_owner_can_sign_in();
