"""Registrations of LTI can be changed; what they were is append-only, for the application by privilege, for all by trigger."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

TABLES = ("courses_toolchange", "courses_platformchange")
GUARD = "".join(
    f"""
CREATE TRIGGER {table.removeprefix("courses_")}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION courses_grading_stays();
CREATE TRIGGER {table.removeprefix("courses_")}_not_truncated BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION courses_grading_stays();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table.removeprefix("courses_")}_stays;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table.removeprefix("courses_")}_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
"""
    for table in TABLES
)
UNDO = "".join(
    f"""
DROP TRIGGER {table.removeprefix("courses_")}_stays ON {table};
DROP TRIGGER {table.removeprefix("courses_")}_not_truncated ON {table};
GRANT UPDATE, DELETE ON {table} TO guixue_app;
"""
    for table in TABLES
)
NOW = django.db.models.functions.datetime.Now
PROTECT = django.db.models.deletion.PROTECT


def _history(name: str, subject: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("was", models.JSONField()),
            ("became", models.JSONField()),
            ("reason", models.CharField(max_length=500)),
            ("actor_person_uuid", models.UUIDField()),
            ("actor_institution_uuid", models.UUIDField()),
            ("actor_role", models.CharField(max_length=40)),
            ("happened_at", models.DateTimeField()),
            ("recorded_at", models.DateTimeField(db_default=NOW())),
            ("subject", models.ForeignKey(on_delete=PROTECT, related_name="changes", to=f"courses.{subject}")),
        ],
        options={"ordering": ["id"], "abstract": False},
    )


class Migration(migrations.Migration):
    dependencies = [("courses", "0095_content_submissions")]
    operations = [
        migrations.AddField("tool", "revision", models.PositiveIntegerField(default=1)),
        migrations.AddField("platform", "revision", models.PositiveIntegerField(default=1)),
        _history("ToolChange", "tool"),
        _history("PlatformChange", "platform"),
        migrations.RunSQL(GUARD, UNDO),
    ]
