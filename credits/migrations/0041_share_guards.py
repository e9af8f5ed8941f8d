"""What the tables of shares and printed names refuse, in the database itself.

A share says for ever what it said when it was made, and is ended once; looks and names are only added. By privilege
for the application, and by triggers that are ENABLE ALWAYS for everybody else (credits.md §5.1).
"""

from django.db import migrations

FROZEN = ("uuid", "token", "certificate_id", "scope", "note", "made_at", "expires_at", "recorded_at")

FUNCTIONS = f"""
CREATE FUNCTION shares_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: shares, looks and printed names stay', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION shares_refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR ({", ".join(f"OLD.{name}" for name in FROZEN)})
        IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in FROZEN)}) THEN
        RAISE EXCEPTION 'of a share only its end is set, once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER share_stays BEFORE DELETE ON credits_share
    FOR EACH ROW EXECUTE FUNCTION shares_refuse_change();
CREATE TRIGGER share_ends_once BEFORE UPDATE ON credits_share
    FOR EACH ROW EXECUTE FUNCTION shares_refuse_reopening();
CREATE TRIGGER share_look_stays BEFORE UPDATE OR DELETE ON credits_sharelook
    FOR EACH ROW EXECUTE FUNCTION shares_refuse_change();
CREATE TRIGGER printed_name_stays BEFORE UPDATE OR DELETE ON credits_printedname
    FOR EACH ROW EXECUTE FUNCTION shares_refuse_change();
ALTER TABLE credits_share ENABLE ALWAYS TRIGGER share_stays;
ALTER TABLE credits_share ENABLE ALWAYS TRIGGER share_ends_once;
ALTER TABLE credits_sharelook ENABLE ALWAYS TRIGGER share_look_stays;
ALTER TABLE credits_printedname ENABLE ALWAYS TRIGGER printed_name_stays;
"""

PRIVILEGES = """
REVOKE UPDATE, DELETE, TRUNCATE ON credits_share, credits_sharelook, credits_printedname FROM guixue_app;
GRANT UPDATE (ended_at) ON credits_share TO guixue_app;
"""

UNDO = """
DROP TRIGGER share_stays ON credits_share;
DROP TRIGGER share_ends_once ON credits_share;
DROP TRIGGER share_look_stays ON credits_sharelook;
DROP TRIGGER printed_name_stays ON credits_printedname;
DROP FUNCTION shares_refuse_change(), shares_refuse_reopening();
GRANT UPDATE, DELETE ON credits_share, credits_sharelook, credits_printedname TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0040_shares_and_printed_names")]
    operations = [migrations.RunSQL(FUNCTIONS + PRIVILEGES, UNDO)]
