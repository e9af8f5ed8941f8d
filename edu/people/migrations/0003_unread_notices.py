from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_access_notes_stay'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='unread_notices',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
