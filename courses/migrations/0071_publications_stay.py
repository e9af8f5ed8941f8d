"""What was done in a draft and what was published is append-only: by privilege for the application, by trigger for all."""

from django.db import migrations

TABLES = ("draftdeed", "publication")

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
    dependencies = [("courses", "0070_drafts")]
    operations = [migrations.RunSQL(GUARD.format(table=table), UNDO.format(table=table)) for table in TABLES]
