"""Scores and completions leave a trace while the host has a record store; its history is append-only."""

from django.db import migrations

GUARD = """
CREATE TRIGGER recordstoremove_stays BEFORE UPDATE OR DELETE ON courses_recordstoremove
    FOR EACH ROW EXECUTE FUNCTION courses_grading_stays();
CREATE TRIGGER recordstoremove_not_truncated BEFORE TRUNCATE ON courses_recordstoremove
    FOR EACH STATEMENT EXECUTE FUNCTION courses_grading_stays();
ALTER TABLE courses_recordstoremove ENABLE ALWAYS TRIGGER recordstoremove_stays;
ALTER TABLE courses_recordstoremove ENABLE ALWAYS TRIGGER recordstoremove_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON courses_recordstoremove FROM guixue_app;

CREATE FUNCTION courses_leave_trace(
    run bigint, person bigint, usage text, what text, points numeric, most numeric, at timestamptz
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO courses_trace (uuid, store_id, run_id, person_id, usage_id, kind, earned, possible, happened_at)
    SELECT gen_random_uuid(), s.id, run, person, usage, what, points, most, at
    FROM courses_recordstore s
    JOIN courses_course c ON c.institution_id = s.institution_id
    JOIN courses_courserun r ON r.course_id = c.id
    WHERE s.status = 'active' AND r.id = run
$$;
CREATE FUNCTION courses_score_traced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM courses_leave_trace(
        NEW.run_id, NEW.person_id, NEW.usage_id::text, 'score', NEW.earned, NEW.possible, NEW.scored_at);
    RETURN NULL;
END $$;
CREATE FUNCTION courses_completion_traced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.completion = 1 AND (TG_OP = 'INSERT' OR OLD.completion < 1) THEN
        PERFORM courses_leave_trace(
            NEW.run_id, NEW.person_id, NEW.usage_id::text, 'completion', NULL, NULL, NEW.completed_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER blockscore_traced AFTER INSERT OR UPDATE ON courses_blockscore
    FOR EACH ROW EXECUTE FUNCTION courses_score_traced();
CREATE TRIGGER blockcompletion_traced AFTER INSERT OR UPDATE ON courses_blockcompletion
    FOR EACH ROW EXECUTE FUNCTION courses_completion_traced();
"""
UNDO = """
DROP TRIGGER blockcompletion_traced ON courses_blockcompletion;
DROP TRIGGER blockscore_traced ON courses_blockscore;
DROP FUNCTION courses_completion_traced();
DROP FUNCTION courses_score_traced();
DROP FUNCTION courses_leave_trace(bigint, bigint, text, text, numeric, numeric, timestamptz);
DROP TRIGGER recordstoremove_stays ON courses_recordstoremove;
DROP TRIGGER recordstoremove_not_truncated ON courses_recordstoremove;
GRANT UPDATE, DELETE ON courses_recordstoremove TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0093_record_stores")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
