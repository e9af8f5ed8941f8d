"""Files that left the house, and a school's columns, are only added to, in the database itself.

By privilege for the application, and by triggers that are ENABLE ALWAYS for everybody else (credits.md §5.1).
"""

from django.db import migrations

APPEND_ONLY = ("credits_recordexport", "credits_sheetlayout")

FUNCTIONS = """
CREATE FUNCTION interop_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what left the house and what came in stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
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

UNDO = (
    "".join(
        f"DROP TRIGGER {table}_stays ON {table};\nDROP TRIGGER {table}_is_not_emptied ON {table};\n"
        f"GRANT UPDATE, DELETE ON {table} TO guixue_app;\n"
        for table in APPEND_ONLY
    )
    + "DROP FUNCTION interop_refuse_change();\n"
)


class Migration(migrations.Migration):
    dependencies = [("credits", "0070_record_exports")]
    operations = [migrations.RunSQL(FUNCTIONS + GUARDS, UNDO)]
