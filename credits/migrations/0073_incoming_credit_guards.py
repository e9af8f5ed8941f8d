"""Credit that came in as a file: rows are only added, and nobody takes over alone, in the database itself.

By privilege for the application, and by triggers that are ENABLE ALWAYS for everybody else (credits.md §5.1).
"""

from django.db import migrations

APPEND_ONLY = (
    "credits_incomingfile", "credits_incomingrow", "credits_incomingproposal", "credits_incomingchoice",
    "credits_incomingverdict",
)  # fmt: skip

FUNCTIONS = """
-- Who takes over is neither who uploaded nor who proposed, and acts for the same institution.
CREATE FUNCTION interop_check_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed AND NOT EXISTS (
        SELECT 1 FROM credits_incomingfile f JOIN credits_incomingproposal p ON p.file_id = f.id
        WHERE f.id = NEW.file_id AND NEW.actor_person_uuid IS NOT NULL
            AND f.actor_person_uuid IS NOT NULL AND f.actor_person_uuid <> NEW.actor_person_uuid
            AND p.actor_person_uuid IS NOT NULL AND p.actor_person_uuid <> NEW.actor_person_uuid
            AND f.institution_uuid IS NOT DISTINCT FROM NEW.actor_institution_uuid
    ) THEN
        RAISE EXCEPTION 'one person proposes, another takes over' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'incoming_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;

-- A file that was proposed or decided takes no more rows: two people look at the same.
CREATE FUNCTION interop_check_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM credits_incomingproposal p WHERE p.file_id = NEW.file_id)
        OR EXISTS (SELECT 1 FROM credits_incomingverdict v WHERE v.file_id = NEW.file_id) THEN
        RAISE EXCEPTION 'this file is proposed or decided' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'incoming_file_is_closed';
    END IF;
    RETURN NEW;
END $$;

-- A choice is about a line of its own file that has no fault, and made before the decision.
CREATE FUNCTION interop_check_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM credits_incomingrow r JOIN credits_incomingproposal p ON p.file_id = r.file_id
        WHERE r.id = NEW.row_id AND p.id = NEW.proposal_id AND r.fault = ''
            AND NOT EXISTS (SELECT 1 FROM credits_incomingverdict v WHERE v.file_id = r.file_id)
    ) THEN
        RAISE EXCEPTION 'this line cannot be taken over' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'incoming_choice_fits_its_row';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER incoming_verdict_is_anothers BEFORE INSERT ON credits_incomingverdict
    FOR EACH ROW EXECUTE FUNCTION interop_check_verdict();
CREATE TRIGGER incoming_row_in_time BEFORE INSERT ON credits_incomingrow
    FOR EACH ROW EXECUTE FUNCTION interop_check_row();
CREATE TRIGGER incoming_choice_fits BEFORE INSERT ON credits_incomingchoice
    FOR EACH ROW EXECUTE FUNCTION interop_check_choice();
ALTER TABLE credits_incomingverdict ENABLE ALWAYS TRIGGER incoming_verdict_is_anothers;
ALTER TABLE credits_incomingrow ENABLE ALWAYS TRIGGER incoming_row_in_time;
ALTER TABLE credits_incomingchoice ENABLE ALWAYS TRIGGER incoming_choice_fits;
"""

GUARDS = "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION interop_refuse_change();
CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION interop_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_emptied;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
"""
    for table in APPEND_ONLY
)

UNDO = "".join(
    f"DROP TRIGGER {table}_stays ON {table};\nDROP TRIGGER {table}_is_not_emptied ON {table};\n"
    f"GRANT UPDATE, DELETE ON {table} TO guixue_app;\n"
    for table in APPEND_ONLY
) + """
DROP TRIGGER incoming_verdict_is_anothers ON credits_incomingverdict;
DROP TRIGGER incoming_row_in_time ON credits_incomingrow;
DROP TRIGGER incoming_choice_fits ON credits_incomingchoice;
DROP FUNCTION interop_check_verdict(), interop_check_row(), interop_check_choice();
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0072_incoming_credit")]
    operations = [migrations.RunSQL(FUNCTIONS + GUARDS, UNDO)]
