import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# What a key is may never change: only its end and its last use.
GUARD = """
CREATE FUNCTION api_machinekey_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
       OR ROW(NEW.uuid, NEW.institution_id, NEW.name, NEW.digest, NEW.scopes::text, NEW.made_by_person_uuid, NEW.made_at,
              NEW.expires_on)
          IS DISTINCT FROM
          ROW(OLD.uuid, OLD.institution_id, OLD.name, OLD.digest, OLD.scopes::text, OLD.made_by_person_uuid, OLD.made_at,
              OLD.expires_on)
    THEN
        RAISE EXCEPTION 'a machine key is never changed but for its end and its last use';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER machinekey_stays BEFORE UPDATE OR DELETE ON api_machinekey
    FOR EACH ROW EXECUTE FUNCTION api_machinekey_stays();
ALTER TABLE api_machinekey ENABLE ALWAYS TRIGGER machinekey_stays;
REVOKE DELETE, TRUNCATE ON api_machinekey FROM guixue_app;
"""
UNDO = """
DROP TRIGGER machinekey_stays ON api_machinekey;
DROP FUNCTION api_machinekey_stays();
GRANT DELETE ON api_machinekey TO guixue_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("institutions", "0001_ground_floor")]
    operations = [
        migrations.CreateModel(
            name="MachineKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list)),
                ("made_by_person_uuid", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                ("expires_on", models.DateField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by_person_uuid", models.UUIDField(null=True)),
                ("last_used_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="machine_keys",
                        to="institutions.institution",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="machinekey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by_person_uuid__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by_person_uuid__isnull", False)),
                    _connector="OR",
                ),
                name="machine_key_revoked_by_somebody",
            ),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
