import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER submissionmove_stays BEFORE UPDATE OR DELETE ON courses_submissionmove
    FOR EACH ROW EXECUTE FUNCTION courses_content_stays();
CREATE TRIGGER submissionmove_not_truncated BEFORE TRUNCATE ON courses_submissionmove
    FOR EACH STATEMENT EXECUTE FUNCTION courses_content_stays();
ALTER TABLE courses_submissionmove ENABLE ALWAYS TRIGGER submissionmove_stays;
ALTER TABLE courses_submissionmove ENABLE ALWAYS TRIGGER submissionmove_not_truncated;
REVOKE UPDATE, DELETE, TRUNCATE ON courses_submissionmove FROM guixue_app;
"""
UNDO = """
DROP TRIGGER submissionmove_stays ON courses_submissionmove;
DROP TRIGGER submissionmove_not_truncated ON courses_submissionmove;
GRANT UPDATE, DELETE ON courses_submissionmove TO guixue_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0086_film_history_stays"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [
        migrations.CreateModel(
            name='ContentSubmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('status', models.CharField(choices=[('waiting', 'waiting'), ('approved', 'approved'), ('returned', 'returned'), ('withdrawn', 'withdrawn'), ('replaced', 'replaced')], default="waiting", max_length=10)),
                ('runs', models.JSONField(default=list)),
                ('note', models.CharField(max_length=500)),
                ('submitted_by_uuid', models.UUIDField()),
                ('submitted_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='content_submissions', to='courses.course')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='courses.contentversion')),
                ('workflow', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.workflowstate')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='contentpin',
            name='submission',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pins', to='courses.contentsubmission'),
        ),
        migrations.CreateModel(
            name='SubmissionMove',
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
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='courses.contentsubmission')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='contentsubmission',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('course',), name='one_submission_waits'),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
