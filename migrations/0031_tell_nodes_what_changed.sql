-- Nodes keep in memory what a workspace's issuer is, and are told in the transaction that changes it. Nobody learns more from
-- it than which workspace changed.
CREATE FUNCTION rooiam_tell_issuer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rooiam_issuer', COALESCE(NEW.workspace_id, OLD.workspace_id)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER workspace_directory_tells_nodes
    AFTER INSERT OR UPDATE OR DELETE ON workspace_directory
    FOR EACH ROW EXECUTE FUNCTION rooiam_tell_issuer_changed();
CREATE TRIGGER signing_keys_tell_nodes
    AFTER INSERT OR UPDATE OR DELETE ON signing_keys
    FOR EACH ROW EXECUTE FUNCTION rooiam_tell_issuer_changed();
