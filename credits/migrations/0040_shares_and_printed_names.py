"""Links that holders make, looks at them, and the book of names that codes on paper refer to."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import edu.kernel.identifiers


class Migration(migrations.Migration):
    dependencies = [("credits", "0021_ledger_event_guards")]

    operations = [
        migrations.CreateModel(
            name="PrintedName",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=10)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=300)),
                ("former_name_zh", models.CharField(blank=True, max_length=200)),
                ("former_name_en", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "name_zh", "name_en", "former_name_zh", "former_name_en"),
                        name="printed_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token", models.CharField(default=edu.kernel.identifiers.new_token, max_length=22, unique=True)),
                ("scope", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=100)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="credits.certificate"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShareLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="credits.share"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(fields=["certificate", "-made_at"], name="share_by_certificate"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))), name="share_expires_after_it_is_made"
            ),
        ),
        migrations.AddIndex(
            model_name="sharelook",
            index=models.Index(fields=["share", "-happened_at"], name="look_by_share"),
        ),
    ]
