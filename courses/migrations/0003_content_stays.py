"""Versions of content, their blocks and files, and who pinned what are never changed or removed."""

from django.db import migrations

TABLES = ("contentversion", "contentblock", "contentasset", "contentpin", "importmove")

FUNCTION = """
CREATE FUNCTION courses_content_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: content is never changed, a new version is made', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
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


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_enrolment_moves_stay")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION courses_content_stays();"),
        *(migrations.RunSQL(GUARD.format(table=table), UNDO.format(table=table)) for table in TABLES),
    ]
