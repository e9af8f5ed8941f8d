import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0094_traces_by_trigger"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("base_revision", models.PositiveIntegerField(default=0)),
                ("source_run", models.CharField(max_length=255)),
                ("source_org", models.CharField(blank=True, max_length=255)),
                ("source_course", models.CharField(blank=True, max_length=255)),
                ("course_policy", models.JSONField(default=dict)),
                ("grading_policy", models.JSONField(default=dict)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "base",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.contentversion",
                    ),
                ),
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="content_draft", to="courses.course"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("note", models.CharField(max_length=500)),
                ("runs", models.JSONField(default=list)),
                ("actor_person_uuid", models.UUIDField(null=True)),
                ("actor_institution_uuid", models.UUIDField(null=True)),
                ("actor_role", models.CharField(max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="content_publications",
                        to="courses.course",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.contentversion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="courses.contentversion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DraftBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("usage_id", models.CharField(max_length=300)),
                ("block_type", models.CharField(max_length=100)),
                ("url_name", models.CharField(max_length=200)),
                ("parent_usage_id", models.CharField(blank=True, max_length=300)),
                ("position", models.PositiveIntegerField()),
                ("display_name", models.CharField(blank=True, max_length=500)),
                ("fields", models.JSONField(default=dict)),
                ("has_score", models.BooleanField(default=False)),
                (
                    "support",
                    models.CharField(
                        choices=[("supported", "Supported"), ("placeholder", "Placeholder"), ("refused", "Refused")],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("needs_sandbox", models.BooleanField(default=False)),
                ("olx", models.TextField()),
                ("revision", models.PositiveIntegerField(default=0)),
                ("place_revision", models.PositiveIntegerField(default=0)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to="courses.contentdraft"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "usage_id"), name="draft_block_once"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("draft", "parent_usage_id", "position"),
                        name="draft_block_place_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent_usage_id", models.F("usage_id")), _negated=True),
                        name="draft_block_not_in_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftDeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=20)),
                ("usage_id", models.CharField(blank=True, max_length=500)),
                ("name", models.CharField(blank=True, max_length=500)),
                ("actor_person_uuid", models.UUIDField(null=True)),
                ("actor_institution_uuid", models.UUIDField(null=True)),
                ("actor_role", models.CharField(max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deeds", to="courses.contentdraft"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("draft", "revision"), name="draft_deed_once")],
            },
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=500)),
                ("key", models.CharField(max_length=500)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("size", models.BigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="courses.contentdraft"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["draft", "key"], name="draft_file_by_key")],
                "constraints": [models.UniqueConstraint(fields=("draft", "path"), name="draft_file_once")],
            },
        ),
    ]
