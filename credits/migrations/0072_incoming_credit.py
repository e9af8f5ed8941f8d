"""Credit that came in as a file: its tables, and what the database refuses.

Rows are only added, and nobody takes over alone. By privilege for the application, and by triggers that are ENABLE
ALWAYS for everybody else (credits.md §5.1).
"""

import credits.interop.record
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models

APPEND_ONLY = (
    "credits_incomingfile", "credits_incomingrow", "credits_incomingproposal", "credits_incomingchoice",
    "credits_incomingverdict",
)  # fmt: skip

# What may name somebody is emptied when the holder is erased; nothing else of these rows changes, ever.
FORGETS = {"credits_recordexport": ("recipient", "legal_reference"), "credits_incomingfile": ("learner_name", "file_name")}

FUNCTIONS = """
-- The columns that are named are emptied, all others stay as they are.
CREATE FUNCTION interop_only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    name text;
BEGIN
    IF before IS DISTINCT FROM after THEN
        FOREACH name IN ARRAY TG_ARGV LOOP
            IF after ->> name = '' THEN
                before := before - name;
                after := after - name;
            END IF;
        END LOOP;
        IF before IS NOT DISTINCT FROM after THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% of % is refused: what left the house and what came in stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
-- Who takes over is neither who uploaded nor who proposed, and acts for the same institution.
CREATE FUNCTION interop_check_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed AND NOT EXISTS (
        SELECT 1 FROM credits_incomingfile f JOIN credits_incomingproposal p ON p.file_id = f.id
        WHERE f.id = NEW.file_id AND NEW.actor_person_uuid IS NOT NULL
            AND f.actor_person_uuid IS NOT NULL AND f.actor_person_uuid <> NEW.actor_person_uuid
            AND p.actor_person_uuid IS NOT NULL AND p.actor_person_uuid <> NEW.actor_person_uuid
            AND f.institution_uuid IS NOT DISTINCT FROM NEW.actor_institution_uuid
    ) THEN
        RAISE EXCEPTION 'one person proposes, another takes over' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'incoming_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;

-- A file that was proposed or decided takes no more rows: two people look at the same.
CREATE FUNCTION interop_check_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM credits_incomingproposal p WHERE p.file_id = NEW.file_id)
        OR EXISTS (SELECT 1 FROM credits_incomingverdict v WHERE v.file_id = NEW.file_id) THEN
        RAISE EXCEPTION 'this file is proposed or decided' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'incoming_file_is_closed';
    END IF;
    RETURN NEW;
END $$;

-- A choice is about a line of its own file that has no fault, and made before the decision.
CREATE FUNCTION interop_check_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM credits_incomingrow r JOIN credits_incomingproposal p ON p.file_id = r.file_id
        WHERE r.id = NEW.row_id AND p.id = NEW.proposal_id AND r.fault = ''
            AND NOT EXISTS (SELECT 1 FROM credits_incomingverdict v WHERE v.file_id = r.file_id)
    ) THEN
        RAISE EXCEPTION 'this line cannot be taken over' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'incoming_choice_fits_its_row';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER incoming_verdict_is_anothers BEFORE INSERT ON credits_incomingverdict
    FOR EACH ROW EXECUTE FUNCTION interop_check_verdict();
CREATE TRIGGER incoming_row_in_time BEFORE INSERT ON credits_incomingrow
    FOR EACH ROW EXECUTE FUNCTION interop_check_row();
CREATE TRIGGER incoming_choice_fits BEFORE INSERT ON credits_incomingchoice
    FOR EACH ROW EXECUTE FUNCTION interop_check_choice();
ALTER TABLE credits_incomingverdict ENABLE ALWAYS TRIGGER incoming_verdict_is_anothers;
ALTER TABLE credits_incomingrow ENABLE ALWAYS TRIGGER incoming_row_in_time;
ALTER TABLE credits_incomingchoice ENABLE ALWAYS TRIGGER incoming_choice_fits;
"""

GUARDS = "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION interop_refuse_change();
CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION interop_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_emptied;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
"""
    for table in APPEND_ONLY
) + """
DROP TRIGGER credits_recordexport_stays ON credits_recordexport;
DROP TRIGGER credits_incomingfile_stays ON credits_incomingfile;
""" + "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION interop_refuse_change();
CREATE TRIGGER {table}_only_forgets BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION interop_only_forgets({", ".join(f"'{name}'" for name in columns)});
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_only_forgets;
GRANT UPDATE ({", ".join(columns)}) ON {table} TO guixue_app;
"""
    for table, columns in FORGETS.items()
)

UNDO = """
DROP TRIGGER credits_recordexport_only_forgets ON credits_recordexport;
DROP TRIGGER credits_incomingfile_only_forgets ON credits_incomingfile;
DROP TRIGGER credits_recordexport_stays ON credits_recordexport;
CREATE TRIGGER credits_recordexport_stays BEFORE UPDATE OR DELETE ON credits_recordexport
    FOR EACH ROW EXECUTE FUNCTION interop_refuse_change();
ALTER TABLE credits_recordexport ENABLE ALWAYS TRIGGER credits_recordexport_stays;
REVOKE UPDATE (recipient, legal_reference) ON credits_recordexport FROM guixue_app;
""" + "".join(
    f"DROP TRIGGER {table}_stays ON {table};\nDROP TRIGGER {table}_is_not_emptied ON {table};\n"
    f"GRANT UPDATE, DELETE ON {table} TO guixue_app;\n"
    for table in APPEND_ONLY
) + """
DROP TRIGGER incoming_verdict_is_anothers ON credits_incomingverdict;
DROP TRIGGER incoming_row_in_time ON credits_incomingrow;
DROP TRIGGER incoming_choice_fits ON credits_incomingchoice;
DROP FUNCTION interop_check_verdict(), interop_check_row(), interop_check_choice(), interop_only_forgets();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0076_seal_guards'),
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
        migrations.RunSQL(FUNCTIONS + GUARDS, UNDO),
    ]
