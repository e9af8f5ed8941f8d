import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# What became of a registration is append-only, for the application by privilege, for all by trigger.
GUARD = """
CREATE TRIGGER toolmove_stays BEFORE UPDATE OR DELETE ON courses_toolmove
    FOR EACH ROW EXECUTE FUNCTION courses_grading_stays();
CREATE TRIGGER toolmove_not_truncated BEFORE TRUNCATE ON courses_toolmove
    FOR EACH STATEMENT EXECUTE FUNCTION courses_grading_stays();
ALTER TABLE courses_toolmove ENABLE ALWAYS TRIGGER toolmove_stays;
ALTER TABLE courses_toolmove ENABLE ALWAYS TRIGGER toolmove_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON courses_toolmove FROM guixue_app;
"""
UNDO = """
DROP TRIGGER toolmove_stays ON courses_toolmove;
DROP TRIGGER toolmove_not_truncated ON courses_toolmove;
GRANT UPDATE, DELETE ON courses_toolmove TO guixue_app;
"""
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
NOW = django.db.models.functions.datetime.Now
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0076_content_checks_stay"),
        ("institutions", "0001_ground_floor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Tool",
            fields=[
                ID,
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("client_id", models.CharField(max_length=40, unique=True)),
                ("deployment_id", models.CharField(max_length=40, unique=True)),
                ("login_url", models.CharField(max_length=500)),
                ("launch_url", models.CharField(max_length=500)),
                ("redirect_urls", models.JSONField()),
                ("jwks_url", models.CharField(max_length=500)),
                ("sends_name", models.BooleanField(default=False)),
                ("sends_email", models.BooleanField(default=False)),
                ("purpose", models.CharField(blank=True, max_length=300)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("closed", "closed")], default="active", max_length=10
                    ),
                ),
                ("registered_by_person_uuid", models.UUIDField()),
                ("registered_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                (
                    "institution",
                    models.ForeignKey(on_delete=PROTECT, related_name="lti_tools", to="institutions.institution"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ToolMove",
            fields=[
                ID,
                ("source", models.CharField(max_length=40)),
                ("target", models.CharField(max_length=40)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("actor_person_uuid", models.UUIDField(null=True)),
                ("actor_institution_uuid", models.UUIDField(null=True)),
                ("actor_role", models.CharField(max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                ("subject", models.ForeignKey(on_delete=PROTECT, related_name="moves", to="courses.tool")),
            ],
            options={"ordering": ["id"], "abstract": False},
        ),
        migrations.CreateModel(
            name="ToolSeat",
            fields=[
                ID,
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("usage_id", models.CharField(max_length=300)),
                ("unit_usage_id", models.CharField(max_length=300)),
                ("subject", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("scored_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                (
                    "person",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("run", models.ForeignKey(on_delete=PROTECT, related_name="+", to="courses.courserun")),
                ("tool", models.ForeignKey(on_delete=PROTECT, related_name="seats", to="courses.tool")),
            ],
        ),
        migrations.CreateModel(
            name="SeenToken",
            fields=[
                ID,
                ("digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="tool",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sends_email", False), ("sends_name", False)),
                    models.Q(("purpose", ""), _negated=True),
                    _connector="OR",
                ),
                name="lti_tool_tells_people_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="toolseat",
            constraint=models.UniqueConstraint(fields=("tool", "run", "usage_id", "person"), name="lti_seat_once"),
        ),
        migrations.AddConstraint(
            model_name="toolseat",
            constraint=models.UniqueConstraint(fields=("tool", "run", "usage_id", "subject"), name="lti_subject_once"),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
