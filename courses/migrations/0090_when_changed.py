"""Courses and runs say when they changed, by trigger, so that no writer can forget it; harvesters ask for it."""

import django.db.models.functions.datetime
from django.db import migrations, models

TOUCH = """
CREATE FUNCTION courses_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at = clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER course_changed BEFORE UPDATE ON courses_course
    FOR EACH ROW EXECUTE FUNCTION courses_changed();
CREATE TRIGGER courserun_changed BEFORE UPDATE ON courses_courserun
    FOR EACH ROW EXECUTE FUNCTION courses_changed();
"""
UNDO = """
DROP TRIGGER course_changed ON courses_course;
DROP TRIGGER courserun_changed ON courses_courserun;
DROP FUNCTION courses_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0061_offline_history_stays")]
    operations = [
        migrations.AddField(
            model_name="course",
            name="changed_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="courserun",
            name="changed_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.RunSQL(TOUCH, UNDO),
    ]
