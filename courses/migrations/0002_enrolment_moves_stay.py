"""The history of enrolments is append-only, for the application by privilege and for everybody by trigger."""

from django.db import migrations

GUARD = """
CREATE FUNCTION courses_enrolment_move_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'moves of an enrolment are never changed or removed';
END $$;
CREATE TRIGGER enrolment_move_stays BEFORE UPDATE OR DELETE ON courses_enrolmentmove
    FOR EACH ROW EXECUTE FUNCTION courses_enrolment_move_stays();
CREATE TRIGGER enrolment_move_not_truncated BEFORE TRUNCATE ON courses_enrolmentmove
    FOR EACH STATEMENT EXECUTE FUNCTION courses_enrolment_move_stays();
ALTER TABLE courses_enrolmentmove ENABLE ALWAYS TRIGGER enrolment_move_stays;
ALTER TABLE courses_enrolmentmove ENABLE ALWAYS TRIGGER enrolment_move_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON courses_enrolmentmove FROM guixue_app;
"""
UNDO = """
DROP TRIGGER enrolment_move_stays ON courses_enrolmentmove;
DROP TRIGGER enrolment_move_not_truncated ON courses_enrolmentmove;
DROP FUNCTION courses_enrolment_move_stays();
GRANT UPDATE, DELETE ON courses_enrolmentmove TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_ground_floor")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
