import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER platformmove_stays BEFORE UPDATE OR DELETE ON courses_platformmove
    FOR EACH ROW EXECUTE FUNCTION courses_grading_stays();
CREATE TRIGGER platformmove_not_truncated BEFORE TRUNCATE ON courses_platformmove
    FOR EACH STATEMENT EXECUTE FUNCTION courses_grading_stays();
ALTER TABLE courses_platformmove ENABLE ALWAYS TRIGGER platformmove_stays;
ALTER TABLE courses_platformmove ENABLE ALWAYS TRIGGER platformmove_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON courses_platformmove FROM guixue_app;

CREATE FUNCTION courses_score_to_pass_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE courses_passback SET changed_at = clock_timestamp()
    WHERE run_id = NEW.run_id AND person_id = NEW.person_id;
    RETURN NULL;
END $$;
CREATE TRIGGER blockscore_to_pass_back AFTER INSERT OR UPDATE ON courses_blockscore
    FOR EACH ROW EXECUTE FUNCTION courses_score_to_pass_back();
"""
UNDO = """
DROP TRIGGER blockscore_to_pass_back ON courses_blockscore;
DROP FUNCTION courses_score_to_pass_back();
DROP TRIGGER platformmove_stays ON courses_platformmove;
DROP TRIGGER platformmove_not_truncated ON courses_platformmove;
GRANT UPDATE, DELETE ON courses_platformmove TO guixue_app;
"""
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
NOW = django.db.models.functions.datetime.Now
PROTECT = django.db.models.deletion.PROTECT
UUID = ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True))


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0091_lti_tools"),
        ("institutions", "0001_ground_floor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Platform",
            fields=[
                ID,
                UUID,
                ("name", models.CharField(max_length=80)),
                ("issuer", models.CharField(max_length=500)),
                ("client_id", models.CharField(max_length=200)),
                ("deployment_ids", models.JSONField()),
                ("auth_url", models.CharField(max_length=500)),
                ("token_url", models.CharField(max_length=500)),
                ("jwks_url", models.CharField(max_length=500)),
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
                    models.ForeignKey(on_delete=PROTECT, related_name="lti_platforms", to="institutions.institution"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlatformMove",
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
                ("subject", models.ForeignKey(on_delete=PROTECT, related_name="moves", to="courses.platform")),
            ],
            options={"ordering": ["id"], "abstract": False},
        ),
        migrations.CreateModel(
            name="PlatformLogin",
            fields=[
                ID,
                UUID,
                ("state_digest", models.CharField(max_length=64, unique=True)),
                ("cookie_digest", models.CharField(max_length=64)),
                ("nonce", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("launched_at", models.DateTimeField(null=True)),
                ("launch", models.JSONField(default=dict)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="logins", to="courses.platform"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlatformAccount",
            fields=[
                ID,
                ("subject", models.CharField(max_length=255)),
                ("linked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                ("person", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("platform", models.ForeignKey(on_delete=PROTECT, related_name="accounts", to="courses.platform")),
            ],
        ),
        migrations.CreateModel(
            name="Passback",
            fields=[
                ID,
                UUID,
                ("unit_usage_id", models.CharField(blank=True, max_length=300)),
                ("line_item", models.CharField(max_length=1000)),
                ("changed_at", models.DateTimeField(null=True)),
                ("announced_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                (
                    "account",
                    models.ForeignKey(on_delete=PROTECT, related_name="passbacks", to="courses.platformaccount"),
                ),
                ("person", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("run", models.ForeignKey(on_delete=PROTECT, related_name="+", to="courses.courserun")),
            ],
            options={"indexes": [models.Index(fields=["run", "person"], name="lti_passback_by_learner")]},
        ),
        migrations.AddConstraint(
            model_name="platform",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active")), fields=("issuer", "client_id"), name="lti_platform_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="platformaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("platform", "subject"),
                name="lti_one_person_a_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="platformaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("platform", "person"),
                name="lti_one_subject_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="passback",
            constraint=models.UniqueConstraint(
                fields=("account", "run", "unit_usage_id", "line_item"), name="lti_passback_once"
            ),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
