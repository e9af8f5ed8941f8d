"""A key of textbooks is revoked once; nothing else about it changes."""

from django.db import migrations, models
from django.db.models import Q

GUARD = """
CREATE OR REPLACE FUNCTION courses_textbookkey_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'to_at' - 'revoked_at' IS DISTINCT FROM to_jsonb(OLD) - 'to_at' - 'revoked_at'
       OR OLD.to_at IS NOT NULL AND NEW.to_at IS DISTINCT FROM OLD.to_at
       OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
       OR (NEW.to_at, NEW.revoked_at) IS NOT DISTINCT FROM (OLD.to_at, OLD.revoked_at)
    THEN
        RAISE EXCEPTION 'a key of textbooks ends once and is revoked once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
GRANT UPDATE (revoked_at) ON courses_textbookkey TO guixue_app;
"""
UNDO = """
CREATE OR REPLACE FUNCTION courses_textbookkey_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.to_at IS NOT NULL OR to_jsonb(NEW) - 'to_at' IS DISTINCT FROM to_jsonb(OLD) - 'to_at' THEN
        RAISE EXCEPTION 'the period of a key of textbooks ends once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE UPDATE (revoked_at) ON courses_textbookkey FROM guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0120_imports_called_off")]
    operations = [
        migrations.AddField("textbookkey", "revoked_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "textbookkey",
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(to_at__isnull=False), name="revoked_textbook_key_signs_no_more"
            ),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
