"""What the tables of transcripts, batches and templates refuse, in the database itself.

The credits of a certificate, its kind and the version of the template it was made with never change; nor does that
version; nor does the history of a batch. By privilege for the application, and by triggers that are ENABLE ALWAYS.
"""

from django.db import migrations

APPEND_ONLY = ("credits_certificatelot", "credits_paperdesign", "credits_batchmove")
STAYING = ("credits_batch", "credits_batchline", "credits_batcharchive")

FUNCTIONS = """
CREATE FUNCTION certificates_refuse_another_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.kind, OLD.design_id) IS DISTINCT FROM (NEW.kind, NEW.design_id) THEN
        RAISE EXCEPTION 'the kind of a certificate and its design do not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER certificate_kind_stays BEFORE UPDATE ON credits_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_another_kind();
ALTER TABLE credits_certificate ENABLE ALWAYS TRIGGER certificate_kind_stays;

INSERT INTO credits_certificatelot (certificate_id, lot_uuid)
    SELECT id, lot_uuid FROM credits_certificate WHERE lot_uuid IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

GUARDS = "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
"""
    for table in APPEND_ONLY
) + "".join(f"REVOKE DELETE, TRUNCATE ON {table} FROM guixue_app;\n" for table in STAYING)

UNDO = (
    "".join(
        f"DROP TRIGGER {table}_stays ON {table};\nGRANT UPDATE, DELETE ON {table} TO guixue_app;\n"
        for table in APPEND_ONLY
    )
    + "".join(f"GRANT DELETE ON {table} TO guixue_app;\n" for table in STAYING)
    + """
DELETE FROM credits_certificatelot;
DROP TRIGGER certificate_kind_stays ON credits_certificate;
DROP FUNCTION certificates_refuse_another_kind();
"""
)


class Migration(migrations.Migration):
    dependencies = [("credits", "0060_transcripts_batches_templates")]
    operations = [migrations.RunSQL(FUNCTIONS + GUARDS, UNDO)]
