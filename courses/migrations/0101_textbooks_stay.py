"""What was packed, who marked it and which key signed it stays: by privilege for the application, by trigger for all."""

from django.db import migrations

TABLES = ("textbookdeed", "textbookpackmove")

GUARD = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON courses_{table}
    FOR EACH ROW EXECUTE FUNCTION courses_content_stays();
CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON courses_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION courses_content_stays();
ALTER TABLE courses_{table} ENABLE ALWAYS TRIGGER {table}_stays;
ALTER TABLE courses_{table} ENABLE ALWAYS TRIGGER {table}_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON courses_{table} FROM guixue_app;
"""
UNDO = """
DROP TRIGGER {table}_stays ON courses_{table};
DROP TRIGGER {table}_not_truncated ON courses_{table};
GRANT UPDATE, DELETE ON courses_{table} TO guixue_app;
"""

# A pack that was made says the same for ever, but for whether its file is still there. A key's period ends once.
ROWS = """
CREATE FUNCTION courses_textbookpack_says_the_same() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.uuid, NEW.textbook_id, NEW.version_id, NEW.edition, NEW.approval_number, NEW.licence, NEW.requested_at)
        IS DISTINCT FROM
       (OLD.uuid, OLD.textbook_id, OLD.version_id, OLD.edition, OLD.approval_number, OLD.licence, OLD.requested_at)
       OR OLD.status IN ('done', 'same', 'refused', 'failed')
       AND to_jsonb(NEW) - 'file_gone_at' IS DISTINCT FROM to_jsonb(OLD) - 'file_gone_at'
    THEN
        RAISE EXCEPTION 'a pack of a textbook says the same for ever' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION courses_textbookkey_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.to_at IS NOT NULL OR to_jsonb(NEW) - 'to_at' IS DISTINCT FROM to_jsonb(OLD) - 'to_at' THEN
        RAISE EXCEPTION 'the period of a key of textbooks ends once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER textbookpack_says_the_same BEFORE UPDATE ON courses_textbookpack
    FOR EACH ROW EXECUTE FUNCTION courses_textbookpack_says_the_same();
CREATE TRIGGER textbookkey_ends_once BEFORE UPDATE ON courses_textbookkey
    FOR EACH ROW EXECUTE FUNCTION courses_textbookkey_ends_once();
CREATE TRIGGER textbookpack_stays BEFORE DELETE ON courses_textbookpack
    FOR EACH ROW EXECUTE FUNCTION courses_content_stays();
CREATE TRIGGER textbookkey_stays BEFORE DELETE ON courses_textbookkey
    FOR EACH ROW EXECUTE FUNCTION courses_content_stays();
CREATE TRIGGER textbook_stays BEFORE DELETE ON courses_textbook
    FOR EACH ROW EXECUTE FUNCTION courses_content_stays();
ALTER TABLE courses_textbookpack ENABLE ALWAYS TRIGGER textbookpack_says_the_same;
ALTER TABLE courses_textbookpack ENABLE ALWAYS TRIGGER textbookpack_stays;
ALTER TABLE courses_textbookkey ENABLE ALWAYS TRIGGER textbookkey_ends_once;
ALTER TABLE courses_textbookkey ENABLE ALWAYS TRIGGER textbookkey_stays;
ALTER TABLE courses_textbook ENABLE ALWAYS TRIGGER textbook_stays;
REVOKE DELETE, TRUNCATE ON courses_textbook, courses_textbookpack, courses_textbookkey FROM guixue_app;
REVOKE UPDATE ON courses_textbookkey FROM guixue_app;
GRANT UPDATE (to_at) ON courses_textbookkey TO guixue_app;
"""
UNDO_ROWS = """
DROP TRIGGER textbookpack_says_the_same ON courses_textbookpack;
DROP TRIGGER textbookpack_stays ON courses_textbookpack;
DROP TRIGGER textbookkey_ends_once ON courses_textbookkey;
DROP TRIGGER textbookkey_stays ON courses_textbookkey;
DROP TRIGGER textbook_stays ON courses_textbook;
DROP FUNCTION courses_textbookpack_says_the_same();
DROP FUNCTION courses_textbookkey_ends_once();
GRANT DELETE ON courses_textbook, courses_textbookpack, courses_textbookkey TO guixue_app;
GRANT UPDATE ON courses_textbookkey TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0100_textbooks")]
    operations = [
        *(migrations.RunSQL(GUARD.format(table=table), UNDO.format(table=table)) for table in TABLES),
        migrations.RunSQL(ROWS, UNDO_ROWS),
    ]
