"""Platforms and tools register themselves, and wait for the office."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

STATUS = [("waiting", "waiting"), ("active", "active"), ("closed", "closed")]
PROTECT = django.db.models.deletion.PROTECT
NOW = django.db.models.functions.datetime.Now


class Migration(migrations.Migration):
    dependencies = [("courses", "0107_lti_members"), ("institutions", "0001_ground_floor")]
    operations = [
        migrations.AlterField("tool", "status", models.CharField(choices=STATUS, default="active", max_length=10)),
        migrations.AlterField("platform", "status", models.CharField(choices=STATUS, default="active", max_length=10)),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "side",
                    models.CharField(choices=[("platform", "platform"), ("tool", "tool")], max_length=10),
                ),
                ("secret_digest", models.CharField(max_length=64, unique=True)),
                ("invited_by_person_uuid", models.UUIDField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=NOW())),
                (
                    "institution",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="institutions.institution"),
                ),
            ],
        ),
    ]
