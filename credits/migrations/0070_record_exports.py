
import credits.interop.record
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0061_transcript_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('actor_person_uuid', models.UUIDField(null=True)),
                ('actor_institution_uuid', models.UUIDField(null=True)),
                ('actor_role', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('holder_uuid', models.UUIDField()),
                ('kind', models.CharField(max_length=20)),
                ('format', models.CharField(max_length=20)),
                ('recipient', models.CharField(blank=True, max_length=200)),
                ('recipient_country', models.CharField(default='CN', max_length=2)),
                ('legal_basis', models.CharField(blank=True, max_length=60)),
                ('legal_document', models.JSONField(default=dict)),
                ('legal_reference', models.CharField(blank=True, max_length=200)),
                ('columns', models.JSONField(default=list)),
                ('loss_report', models.JSONField()),
                ('row_count', models.PositiveIntegerField()),
                ('size_bytes', models.PositiveIntegerField()),
                ('content_hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['holder_uuid', '-id'], name='record_export_by_holder')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', [credits.interop.record.Kind['TRANSCRIPT'], credits.interop.record.Kind['RECOGNITION']])), name='record_export_kind_known'), models.CheckConstraint(condition=models.Q(('format__in', [credits.interop.record.Format['ELMO'], credits.interop.record.Format['CLR'], credits.interop.record.Format['XLSX']])), name='record_export_format_known'), models.CheckConstraint(condition=models.Q(('recipient_country', 'CN'), models.Q(('legal_basis', ''), _negated=True), _connector='OR'), name='record_export_abroad_has_its_ground'), models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='record_export_hash_is_one'), models.CheckConstraint(condition=models.Q(('row_count__gt', 0)), name='record_export_says_something')],
            },
        ),
        migrations.CreateModel(
            name='SheetLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('actor_person_uuid', models.UUIDField(null=True)),
                ('actor_institution_uuid', models.UUIDField(null=True)),
                ('actor_role', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('institution_uuid', models.UUIDField()),
                ('columns', models.JSONField()),
            ],
            options={
                'indexes': [models.Index(fields=['institution_uuid', '-id'], name='sheet_layout_by_institution')],
            },
        ),
    ]
