"""An import can be called off."""

import courses.content.states
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0110_answer_files'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importjob',
            name='status',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('refused', 'refused'), ('failed', 'failed'), ('cancelled', 'cancelled')], default=courses.content.states.ImportStatus['WAITING'], max_length=10),
        ),
    ]
