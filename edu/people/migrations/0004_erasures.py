"""Who was erased, on what ground and by whom; rows that name nobody and stay."""

import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE FUNCTION people_erasure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'erasures are never changed or removed';
END $$;
CREATE TRIGGER erasure_stays BEFORE UPDATE OR DELETE ON people_erasure
    FOR EACH ROW EXECUTE FUNCTION people_erasure_stays();
CREATE TRIGGER erasure_not_truncated BEFORE TRUNCATE ON people_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION people_erasure_stays();
ALTER TABLE people_erasure ENABLE ALWAYS TRIGGER erasure_stays;
ALTER TABLE people_erasure ENABLE ALWAYS TRIGGER erasure_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON people_erasure FROM guixue_app;
"""
UNDO = """
DROP TRIGGER erasure_stays ON people_erasure;
DROP TRIGGER erasure_not_truncated ON people_erasure;
DROP FUNCTION people_erasure_stays();
GRANT UPDATE, DELETE ON people_erasure TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_unread_notices")]
    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_uuid", models.UUIDField(unique=True)),
                ("basis", models.CharField(max_length=200)),
                ("actor_person_uuid", models.UUIDField(null=True)),
                ("actor_role", models.CharField(max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
