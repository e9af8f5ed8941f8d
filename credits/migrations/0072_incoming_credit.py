
import credits.interop.record
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0071_record_export_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncomingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('actor_person_uuid', models.UUIDField(null=True)),
                ('actor_institution_uuid', models.UUIDField(null=True)),
                ('actor_role', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('institution_uuid', models.UUIDField()),
                ('holder_uuid', models.UUIDField()),
                ('format', models.CharField(max_length=20)),
                ('file_name', models.CharField(max_length=200)),
                ('file_hash', models.CharField(max_length=64)),
                ('learner_name', models.CharField(max_length=200)),
                ('without_credit', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['institution_uuid', '-id'], name='incoming_by_institution')],
                'constraints': [models.CheckConstraint(condition=models.Q(('format', credits.interop.record.Format['ELMO'])), name='incoming_format_known'), models.CheckConstraint(condition=models.Q(('file_hash__regex', '^[0-9a-f]{64}$')), name='incoming_hash_is_one')],
            },
        ),
        migrations.CreateModel(
            name='IncomingProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('actor_person_uuid', models.UUIDField(null=True)),
                ('actor_institution_uuid', models.UUIDField(null=True)),
                ('actor_role', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='credits.incomingfile')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IncomingRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('issuer_name', models.CharField(max_length=200)),
                ('foreign_id', models.CharField(blank=True, max_length=120)),
                ('course_code', models.CharField(blank=True, max_length=60)),
                ('course_name_zh', models.CharField(blank=True, max_length=200)),
                ('course_name_en', models.CharField(blank=True, max_length=200)),
                ('kind', models.CharField(blank=True, max_length=60)),
                ('starts_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('credit', models.CharField(max_length=200)),
                ('grade', models.CharField(blank=True, max_length=60)),
                ('scale', models.CharField(blank=True, max_length=200)),
                ('fault', models.CharField(blank=True, max_length=60)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='credits.incomingfile')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credits.foreignparty')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='IncomingChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('reason', models.CharField(max_length=500)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='credits.incomingproposal')),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='choice', to='credits.incomingrow')),
            ],
        ),
        migrations.CreateModel(
            name='IncomingVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('actor_person_uuid', models.UUIDField(null=True)),
                ('actor_institution_uuid', models.UUIDField(null=True)),
                ('actor_role', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='verdict', to='credits.incomingfile')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='incomingrow',
            constraint=models.UniqueConstraint(fields=('file', 'number'), name='incoming_row_once'),
        ),
        migrations.AddConstraint(
            model_name='incomingrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fault', ''), _negated=True), models.Q(('party__isnull', False), models.Q(('foreign_id', ''), _negated=True)), _connector='OR'), name='incoming_row_has_issuer_and_id'),
        ),
        migrations.AddConstraint(
            model_name='incomingchoice',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='incoming_choice_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='incomingchoice',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='incoming_choice_has_a_reason'),
        ),
    ]
