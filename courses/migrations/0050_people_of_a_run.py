
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0022_grading_history_stays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TutoringSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('opens', models.BooleanField(default=False)),
                ('by_teacher', models.BooleanField(default=False)),
                ('text', models.TextField(blank=True, max_length=4000)),
                ('status', models.CharField(choices=[('shown', 'shown'), ('reported', 'reported'), ('hidden', 'hidden'), ('removed', 'removed')], default='shown', max_length=10)),
                ('written_at', models.DateTimeField()),
                ('answers_at', models.DateTimeField(null=True)),
                ('answers_by_uuid', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='discussion_posts', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PostMove',
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
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='courses.post')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('unit_usage_id', models.CharField(blank=True, max_length=255)),
                ('title', models.CharField(max_length=80)),
                ('last_post_at', models.DateTimeField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='courses.courserun')),
            ],
        ),
        migrations.AddField(
            model_name='post',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='courses.thread'),
        ),
        migrations.CreateModel(
            name='TutoringBooking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('starts_minute', models.BigIntegerField()),
                ('ends_minute', models.BigIntegerField()),
                ('question', models.CharField(blank=True, max_length=300)),
                ('booked_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('cancelled_by_teacher', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('learner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tutoring_bookings', to=settings.AUTH_USER_MODEL)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='courses.tutoringseat')),
            ],
        ),
        migrations.CreateModel(
            name='TutoringSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('starts_minute', models.BigIntegerField()),
                ('ends_minute', models.BigIntegerField()),
                ('place', models.CharField(max_length=200)),
                ('topic', models.CharField(blank=True, max_length=80)),
                ('offered_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('cancelled_reason', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tutoring_slots', to='courses.courserun')),
                ('teacher', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tutoring_slots', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='tutoringseat',
            name='slot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='courses.tutoringslot'),
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=80)),
                ('text', models.TextField(max_length=4000)),
                ('made_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_by_uuid', models.UUIDField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='announcements', to='courses.courserun')),
            ],
            options={
                'indexes': [models.Index(fields=['run', '-made_at'], name='announcement_by_run')],
                'constraints': [models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('withdrawn_by_uuid__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='announcement_withdrawn_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='EvaluationAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('place', models.CharField(choices=[('rural', 'rural'), ('urban', 'urban'), ('unsaid', 'unsaid')], max_length=6)),
                ('grades', models.JSONField()),
                ('comment', models.TextField(blank=True, max_length=1000)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation_answers', to='courses.courserun')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('place__in', ['rural', 'urban', 'unsaid'])), name='evaluation_place_known')],
            },
        ),
        migrations.CreateModel(
            name='EvaluationTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation_turns', to='courses.courserun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'person'), name='one_evaluation_per_learner')],
            },
        ),
        migrations.CreateModel(
            name='PostReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reason', models.CharField(choices=[('hurtful', 'Hurtful'), ('private', 'Private'), ('advertising', 'Advertising'), ('solution', 'Solution'), ('other', 'Other')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='courses.post')),
                ('reporter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['reporter', '-made_at'], name='report_by_reporter')],
                'constraints': [models.UniqueConstraint(fields=('post', 'reporter'), name='report_once_per_person')],
            },
        ),
        migrations.AddIndex(
            model_name='thread',
            index=models.Index(fields=['run', '-last_post_at'], name='thread_by_run'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['thread', 'id'], name='post_by_thread'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['author', '-written_at'], name='post_by_author'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(condition=models.Q(('status', 'reported')), fields=['status'], name='post_reported'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('opens', True)), fields=('thread',), name='thread_has_one_opening'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['shown', 'reported', 'hidden', 'removed'])), name='post_status_known'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('answers_at__isnull', True), ('answers_by_uuid__isnull', False), _connector='OR'), name='post_answer_has_teacher'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'removed'), _negated=True), ('text', ''), _connector='OR'), name='removed_post_is_empty'),
        ),
        migrations.AddIndex(
            model_name='tutoringbooking',
            index=models.Index(fields=['learner', 'starts_minute'], name='booking_by_learner'),
        ),
        migrations.AddConstraint(
            model_name='tutoringbooking',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True)), fields=('seat',), name='seat_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='tutoringbooking',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('cancelled_at__isnull', True), ('learner__isnull', False)), expressions=[(models.Func(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('learner_id'), '*', models.Value(4294967296, output_field=models.BigIntegerField())), '+', models.F('starts_minute')), django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('learner_id'), '*', models.Value(4294967296, output_field=models.BigIntegerField())), '+', models.F('ends_minute')), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&')], name='learner_in_one_slot_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='tutoringslot',
            index=models.Index(fields=['run', 'starts_at'], name='slot_by_run'),
        ),
        migrations.AddConstraint(
            model_name='tutoringslot',
            constraint=models.CheckConstraint(condition=models.Q(('ends_minute__gt', models.F('starts_minute'))), name='slot_in_order'),
        ),
        migrations.AddConstraint(
            model_name='tutoringslot',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at__isnull', True), models.Q(('cancelled_reason', ''), _negated=True), _connector='OR'), name='slot_cancelled_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='tutoringslot',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('cancelled_at__isnull', True)), expressions=[(models.Func(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('teacher_id'), '*', models.Value(4294967296, output_field=models.BigIntegerField())), '+', models.F('starts_minute')), django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('teacher_id'), '*', models.Value(4294967296, output_field=models.BigIntegerField())), '+', models.F('ends_minute')), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&')], name='teacher_in_one_slot_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='tutoringseat',
            constraint=models.UniqueConstraint(fields=('slot', 'number'), name='seat_once_per_slot'),
        ),
    ]
