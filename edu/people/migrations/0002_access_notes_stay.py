"""Access notes are append-only, for the application by privilege and for everybody by trigger."""

from django.db import migrations

GUARD = """
CREATE FUNCTION people_access_note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'access notes are never changed or removed';
END $$;
CREATE TRIGGER access_note_stays BEFORE UPDATE OR DELETE ON people_accessnote
    FOR EACH ROW EXECUTE FUNCTION people_access_note_stays();
CREATE TRIGGER access_note_not_truncated BEFORE TRUNCATE ON people_accessnote
    FOR EACH STATEMENT EXECUTE FUNCTION people_access_note_stays();
ALTER TABLE people_accessnote ENABLE ALWAYS TRIGGER access_note_stays;
ALTER TABLE people_accessnote ENABLE ALWAYS TRIGGER access_note_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON people_accessnote FROM guixue_app;
"""
UNDO = """
DROP TRIGGER access_note_stays ON people_accessnote;
DROP TRIGGER access_note_not_truncated ON people_accessnote;
DROP FUNCTION people_access_note_stays();
GRANT UPDATE, DELETE ON people_accessnote TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_ground_floor")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
