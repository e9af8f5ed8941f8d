"""Authors choose content at tools."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0105_lti_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("tool", "choosing_url", models.CharField(blank=True, default="", max_length=500), False),
        migrations.CreateModel(
            name="ToolPick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("usage_id", models.CharField(max_length=300)),
                ("language", models.CharField(max_length=10)),
                ("data", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("item", models.JSONField(default=dict)),
                ("used_at", models.DateTimeField(null=True)),
                ("course", models.ForeignKey(on_delete=PROTECT, related_name="+", to="courses.course")),
                ("person", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("tool", models.ForeignKey(on_delete=PROTECT, related_name="picks", to="courses.tool")),
            ],
        ),
    ]
