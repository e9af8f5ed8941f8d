
import credits.certificates.storage
import credits.designs.pictures
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0030_papers_and_status_lists'),
        ('institutions', '0001_ground_floor'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('course', 'Credit certificate'), ('hours', 'Certificate of completion'), ('transcript', 'Transcript')], max_length=20, verbose_name='Paper')),
                ('sentence_zh', models.TextField(max_length=400, verbose_name='Sentence in Chinese')),
                ('sentence_en', models.TextField(max_length=400, verbose_name='Sentence in English')),
                ('signer_zh', models.CharField(blank=True, max_length=60, verbose_name="Signer's office and name in Chinese")),
                ('signer_en', models.CharField(blank=True, max_length=60, verbose_name="Signer's office and name in English")),
                ('tint', models.CharField(choices=[('blue', 'River blue'), ('green', 'Green'), ('bronze', 'Bronze'), ('plum', 'Plum')], default='blue', max_length=20, verbose_name='Colour')),
                ('logo', models.FileField(blank=True, storage=credits.designs.pictures.private_pictures, upload_to='paper-pictures', verbose_name='Emblem')),
                ('seal', models.FileField(blank=True, storage=credits.designs.pictures.private_pictures, upload_to='paper-pictures', verbose_name='Seal')),
            ],
            options={
                'verbose_name': 'paper template',
                'verbose_name_plural': 'paper templates',
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.AddField(
            model_name='certificate',
            name='kind',
            field=models.CharField(db_default='course', max_length=20),
        ),
        migrations.AlterField(
            model_name='certificate',
            name='lot_uuid',
            field=models.UUIDField(null=True),
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(default='course', max_length=20)),
                ('scope', models.CharField(max_length=20)),
                ('scope_code', models.CharField(blank=True, max_length=60)),
                ('scope_zh', models.CharField(blank=True, max_length=200)),
                ('scope_en', models.CharField(blank=True, max_length=200)),
                ('numbers', models.JSONField(default=list)),
                ('limit', models.PositiveIntegerField(null=True)),
                ('status', models.CharField(default='waiting', max_length=20)),
                ('language', models.CharField(max_length=10)),
                ('requested_by_uuid', models.UUIDField(null=True)),
                ('requested_role', models.CharField(max_length=40)),
                ('requested_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.institution')),
            ],
            options={
                'verbose_name_plural': 'batches',
            },
        ),
        migrations.CreateModel(
            name='BatchArchive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('from_position', models.PositiveIntegerField()),
                ('to_position', models.PositiveIntegerField()),
                ('papers', models.PositiveIntegerField(default=0)),
                ('file', models.FileField(blank=True, storage=credits.certificates.storage.private_storage, upload_to='batches')),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='archives', to='credits.batch')),
            ],
        ),
        migrations.CreateModel(
            name='BatchLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('person_uuid', models.UUIDField(null=True)),
                ('lot_uuid', models.UUIDField(null=True)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('status', models.CharField(default='waiting', max_length=20)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='credits.batch')),
                ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credits.certificate')),
            ],
        ),
        migrations.CreateModel(
            name='BatchMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('target', models.CharField(max_length=40)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('actor_person_uuid', models.UUIDField(null=True)),
                ('actor_institution_uuid', models.UUIDField(null=True)),
                ('actor_role', models.CharField(max_length=40)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='credits.batch')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CertificateLot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lot_uuid', models.UUIDField()),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='credits.certificate')),
            ],
        ),
        migrations.CreateModel(
            name='PaperDesign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('template_uuid', models.UUIDField()),
                ('revision', models.PositiveBigIntegerField(null=True)),
                ('content_hash', models.CharField(max_length=64)),
                ('document', models.JSONField()),
                ('logo', models.BinaryField(default=bytes)),
                ('seal', models.BinaryField(default=bytes)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('template_uuid', 'revision', 'content_hash'), name='paper_design_once', nulls_distinct=False)],
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='design',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credits.paperdesign'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'transcript'), ('status__in', ['issued', 'suspended'])), fields=('holder', 'issuer'), name='one_issued_transcript_per_holder_and_issuer'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'transcript'), ('status', 'requested')), fields=('holder', 'issuer'), name='one_requested_transcript_per_holder_and_issuer'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'course'), ('lot_uuid__isnull', False)), models.Q(('kind', 'transcript'), ('lot_uuid__isnull', True)), _connector='OR'), name='certificate_kind_fits_its_lot'),
        ),
        migrations.AddField(
            model_name='papertemplate',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.institution', verbose_name='Institution'),
        ),
        migrations.AddField(
            model_name='papertemplate',
            name='latest_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision'),
        ),
        migrations.AddField(
            model_name='papertemplate',
            name='live_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision'),
        ),
        migrations.AddField(
            model_name='papertemplate',
            name='locked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['institution', '-id'], name='batch_by_institution'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('status__in', ['waiting', 'running'])), fields=['id'], name='batch_at_work'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['waiting', 'running']), models.Q(('scope', 'numbers'), _negated=True)), fields=('institution', 'kind', 'scope', 'scope_code'), name='one_batch_of_the_same_at_work'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['term', 'run', 'numbers'])), name='batch_scope_known'),
        ),
        migrations.AddConstraint(
            model_name='batcharchive',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='batch_archive_once'),
        ),
        migrations.AddIndex(
            model_name='batchline',
            index=models.Index(fields=['batch', 'status', 'position'], name='batch_line_by_status'),
        ),
        migrations.AddConstraint(
            model_name='batchline',
            constraint=models.UniqueConstraint(fields=('batch', 'position'), name='batch_line_once'),
        ),
        migrations.AddConstraint(
            model_name='batchline',
            constraint=models.UniqueConstraint(condition=models.Q(('lot_uuid__isnull', False)), fields=('batch', 'lot_uuid'), name='batch_lot_once'),
        ),
        migrations.AddConstraint(
            model_name='batchline',
            constraint=models.UniqueConstraint(condition=models.Q(('lot_uuid__isnull', True), ('person_uuid__isnull', False)), fields=('batch', 'person_uuid'), name='batch_person_once'),
        ),
        migrations.AddConstraint(
            model_name='batchline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'issued'), _negated=True), ('certificate__isnull', False), _connector='OR'), name='issued_line_has_its_certificate'),
        ),
        migrations.AddIndex(
            model_name='certificatelot',
            index=models.Index(fields=['lot_uuid'], name='certificate_by_lot'),
        ),
        migrations.AddConstraint(
            model_name='certificatelot',
            constraint=models.UniqueConstraint(fields=('certificate', 'lot_uuid'), name='certificate_lot_once'),
        ),
        migrations.AddConstraint(
            model_name='papertemplate',
            constraint=models.UniqueConstraint(fields=('institution', 'kind'), name='one_template_per_issuer_and_kind'),
        ),
    ]
