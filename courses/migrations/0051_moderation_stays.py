"""The trail of moderation is append-only, for the application by privilege and for everybody by trigger."""

from django.db import migrations

GUARD = """
CREATE FUNCTION courses_post_move_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the trail of moderation is never changed, a new row is added',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER post_move_stays BEFORE UPDATE OR DELETE ON courses_postmove
    FOR EACH ROW EXECUTE FUNCTION courses_post_move_stays();
CREATE TRIGGER post_move_not_truncated BEFORE TRUNCATE ON courses_postmove
    FOR EACH STATEMENT EXECUTE FUNCTION courses_post_move_stays();
ALTER TABLE courses_postmove ENABLE ALWAYS TRIGGER post_move_stays;
ALTER TABLE courses_postmove ENABLE ALWAYS TRIGGER post_move_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON courses_postmove FROM guixue_app;
"""
UNDO = """
DROP TRIGGER post_move_stays ON courses_postmove;
DROP TRIGGER post_move_not_truncated ON courses_postmove;
DROP FUNCTION courses_post_move_stays();
GRANT UPDATE, DELETE ON courses_postmove TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0050_people_of_a_run")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
