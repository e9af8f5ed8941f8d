"""Tools may ask who is in a run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0101_textbooks_stay")]
    operations = [
        migrations.AddField("tool", "lists_members", models.BooleanField(default=False)),
        migrations.AddField("toolseat", "told", models.JSONField(default=list)),
    ]
