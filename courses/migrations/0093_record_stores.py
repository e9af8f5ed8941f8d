import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
NOW = django.db.models.functions.datetime.Now
PROTECT = django.db.models.deletion.PROTECT
UUID = ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True))
KINDS = [("score", "Score"), ("completion", "Completion"), ("passed", "Passed"), ("failed", "Failed")]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0092_lti_platforms"),
        ("institutions", "0001_ground_floor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="RecordStore",
            fields=[
                ID,
                UUID,
                ("endpoint", models.CharField(max_length=500)),
                ("username", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=300)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("closed", "closed")], default="active", max_length=10
                    ),
                ),
                ("named_by_person_uuid", models.UUIDField()),
                ("named_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                (
                    "institution",
                    models.ForeignKey(on_delete=PROTECT, related_name="record_stores", to="institutions.institution"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordStoreMove",
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
                ("subject", models.ForeignKey(on_delete=PROTECT, related_name="moves", to="courses.recordstore")),
            ],
            options={"ordering": ["id"], "abstract": False},
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                ID,
                UUID,
                ("usage_id", models.CharField(blank=True, max_length=300)),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("earned", models.DecimalField(decimal_places=6, max_digits=12, null=True)),
                ("possible", models.DecimalField(decimal_places=6, max_digits=12, null=True)),
                ("happened_at", models.DateTimeField()),
                ("announced_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                ("person", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("run", models.ForeignKey(on_delete=PROTECT, related_name="+", to="courses.courserun")),
                ("store", models.ForeignKey(on_delete=PROTECT, related_name="traces", to="courses.recordstore")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("announced_at__isnull", True)), fields=["store", "id"], name="trace_waiting"
                    )
                ]
            },
        ),
        migrations.AddConstraint(
            model_name="recordstore",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active")), fields=("institution",), name="record_store_one_an_institution"
            ),
        ),
    ]
