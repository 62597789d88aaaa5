-- Names and texts that were stored before they were asked to be visible lose what no reader sees and what turns their
-- direction. A name of nothing else gets a plain one; of two that would become the same, each gets a part of its
-- identifier behind it. What nobody could have meant is taken away: joiners and selectors, which languages and emoji
-- need, stay.
CREATE FUNCTION pg_temp.clean(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT btrim(regexp_replace(words,
        '[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffc\U000E0000-\U000E00FF]',
        '', 'g'))
$$;

CREATE FUNCTION pg_temp.clean_name(words text, id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(nullif(pg_temp.clean(words), ''), 'Unnamed ' || right(id::text, 6))
$$;

DO $$
DECLARE
    place uuid;
BEGIN
    -- Row level security binds the owner of these tables too, so each workspace is gone to.
    FOR place IN SELECT workspace_id FROM workspace_directory LOOP
        PERFORM set_config('rooiam.workspace_id', place::text, true);
        UPDATE workspaces SET name = pg_temp.clean_name(name, id), login_text = pg_temp.clean(login_text)
            WHERE name <> pg_temp.clean(name) OR login_text <> pg_temp.clean(login_text);
        UPDATE apps SET name = pg_temp.clean_name(name, id) WHERE name <> pg_temp.clean(name);
        UPDATE roles SET name = left(pg_temp.clean_name(name, id), 70) || ' ' || right(id::text, 6)
            WHERE name <> pg_temp.clean(name);
        UPDATE groups SET name = left(pg_temp.clean_name(name, id), 70) || ' ' || right(id::text, 6)
            WHERE name <> pg_temp.clean(name);
        UPDATE support_windows SET reason = coalesce(nullif(pg_temp.clean(reason), ''), '-')
            WHERE reason <> pg_temp.clean(reason);
    END LOOP;
    PERFORM set_config('rooiam.workspace_id', '', true);
END
$$;
UPDATE workspace_directory SET suspended_reason = coalesce(nullif(pg_temp.clean(suspended_reason), ''), '-')
    WHERE suspended_reason <> pg_temp.clean(suspended_reason);
UPDATE users SET display_name = pg_temp.clean(display_name) WHERE display_name <> pg_temp.clean(display_name);

DROP FUNCTION pg_temp.clean_name(text, uuid);
DROP FUNCTION pg_temp.clean(text);
