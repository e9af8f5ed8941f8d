"""Texts, signatures, decisions and histories of the exchange only grow: by privilege and by trigger.

The triggers are ENABLE ALWAYS, because `session_replication_role = replica` switches ordinary ones off
(credits.md §5.1, tried).
"""

from django.db import migrations

APPEND_ONLY = (
    "credits_agreementtext",
    "credits_agreementapproval",
    "credits_agreementmove",
    "credits_equivalencemove",
    "credits_studyplantext",
    "credits_studyplanapproval",
    "credits_studyplanmove",
    "credits_recognitioncasemove",
    "credits_recognitiondecision",
)

FUNCTION = """
CREATE FUNCTION exchange_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what was signed, decided or moved stays as it was', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

GUARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
"""
UNGUARD = "DROP TRIGGER {table}_stays ON {table}; GRANT UPDATE, DELETE, TRUNCATE ON {table} TO guixue_app;\n"


class Migration(migrations.Migration):
    dependencies = [("credits", "0002_ledger_guards")]

    operations = [
        migrations.RunSQL(
            sql=FUNCTION + "".join(GUARD.format(table=table) for table in APPEND_ONLY),
            reverse_sql="".join(UNGUARD.format(table=table) for table in APPEND_ONLY)
            + "DROP FUNCTION exchange_refuse_change();",
        )
    ]
