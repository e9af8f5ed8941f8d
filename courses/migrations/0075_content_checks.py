"""What a check found in a version, and which findings a publication went past."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0090_when_changed")]

    operations = [
        migrations.AddField(model_name="contentpin", name="overridden", field=models.JSONField(default=list)),
        migrations.CreateModel(
            name="ContentCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.CharField(max_length=40)),
                ("must", models.PositiveIntegerField()),
                ("look", models.PositiveIntegerField()),
                ("info", models.PositiveIntegerField()),
                ("findings", models.JSONField(default=list)),
                ("units", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="courses.contentversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "edition"), name="content_check_once"),
                ],
            },
        ),
    ]
