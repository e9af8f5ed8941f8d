"""What the tables of certificates refuse, in the database itself.

What was signed never changes, nothing is deleted, history only grows, a key's period is closed once. By privilege for
the application, and by triggers that are ENABLE ALWAYS for everybody else (credits.md §5.1).
"""

from django.db import migrations

FROZEN = (
    "uuid", "number", "token", "lot_uuid", "issuer_id", "holder_id", "statement", "signature", "key_id",
    "supersedes_id", "reissue_reason", "requested_at", "recorded_at",
)  # fmt: skip
CHANGING = ("status", "pdf", "pdf_sha256", "leased_until", "attempts", "last_error", "issued_at")

FUNCTIONS = f"""
CREATE FUNCTION certificates_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: certificates and their history stay', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION certificates_refuse_resigning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ({", ".join(f"OLD.{name}" for name in FROZEN)}) IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in FROZEN)}) THEN
        RAISE EXCEPTION 'what a certificate says was signed and does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.pdf_sha256 <> '' AND (OLD.pdf, OLD.pdf_sha256, OLD.issued_at)
        IS DISTINCT FROM (NEW.pdf, NEW.pdf_sha256, NEW.issued_at) THEN
        RAISE EXCEPTION 'the paper of an issued certificate does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION certificates_refuse_reopening_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.to_at IS NOT NULL OR (OLD.institution_id, OLD.purpose, OLD.key_id, OLD.public_key, OLD.from_at)
        IS DISTINCT FROM (NEW.institution_id, NEW.purpose, NEW.key_id, NEW.public_key, NEW.from_at) THEN
        RAISE EXCEPTION 'of a signing key only the end of its period is set, once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER certificate_stays BEFORE DELETE ON credits_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER certificate_says_the_same BEFORE UPDATE ON credits_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_resigning();
CREATE TRIGGER certificate_history_stays BEFORE UPDATE OR DELETE ON credits_certificatemove
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER signing_key_stays BEFORE DELETE ON credits_signingkey
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER signing_key_period_ends_once BEFORE UPDATE ON credits_signingkey
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_reopening_key();
ALTER TABLE credits_certificate ENABLE ALWAYS TRIGGER certificate_stays;
ALTER TABLE credits_certificate ENABLE ALWAYS TRIGGER certificate_says_the_same;
ALTER TABLE credits_certificatemove ENABLE ALWAYS TRIGGER certificate_history_stays;
ALTER TABLE credits_signingkey ENABLE ALWAYS TRIGGER signing_key_stays;
ALTER TABLE credits_signingkey ENABLE ALWAYS TRIGGER signing_key_period_ends_once;
"""

PRIVILEGES = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON credits_certificate, credits_certificatemove, credits_signingkey FROM guixue_app;
GRANT UPDATE ({", ".join(CHANGING)}) ON credits_certificate TO guixue_app;
GRANT UPDATE (to_at) ON credits_signingkey TO guixue_app;
REVOKE DELETE, TRUNCATE ON credits_numberseries FROM guixue_app;
"""

UNDO = """
DROP TRIGGER certificate_stays ON credits_certificate;
DROP TRIGGER certificate_says_the_same ON credits_certificate;
DROP TRIGGER certificate_history_stays ON credits_certificatemove;
DROP TRIGGER signing_key_stays ON credits_signingkey;
DROP TRIGGER signing_key_period_ends_once ON credits_signingkey;
DROP FUNCTION certificates_refuse_change(), certificates_refuse_resigning(), certificates_refuse_reopening_key();
GRANT UPDATE, DELETE ON credits_certificate, credits_certificatemove, credits_signingkey TO guixue_app;
GRANT DELETE ON credits_numberseries TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0003_exchange_guards")]
    operations = [migrations.RunSQL(FUNCTIONS + PRIVILEGES, UNDO)]
