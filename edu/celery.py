"""The Celery application: worker and beat of the product."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edu.settings.demo")

app = Celery("guixue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Hints may be lost; this is how soon lost work is found again.
    "deliver waiting events": {"task": "events.deliver_waiting", "schedule": 5.0},
    "mail notices": {"task": "notices.mail_due", "schedule": 60.0},
    "send short messages": {"task": "notices.send_waiting", "schedule": 15.0},
    "take up stalled imports": {"task": "courses.content.take_up_stalled_imports", "schedule": 15.0},
    "sweep files of interrupted imports": {"task": "courses.content.sweep", "schedule": 6 * 3600.0},
    # On the queue of their own; a message that waited longer says nothing that the next one does not.
    "take up stalled copies of films": {
        "task": "courses.media.take_up_stalled_renditions",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "sweep files without an answer": {"task": "courses.runtime.sweep_answer_files", "schedule": 6 * 3600.0},
    "sweep copies of films": {"task": "courses.media.sweep_renditions", "schedule": 6 * 3600.0},
    "take up stalled packs of textbooks": {"task": "courses.textbooks.take_up_stalled_packs", "schedule": 15.0},
    "sweep packs of textbooks": {"task": "courses.textbooks.sweep_packs", "schedule": 6 * 3600.0},
    "sequence the log": {"task": "credits.sequence_log", "schedule": 5.0},
    "seal terms": {"task": "credits.seal_due_terms", "schedule": 3600.0},
    "take up stalled regrades": {"task": "courses.grading.take_up_stalled_regrades", "schedule": 15.0},
    "look for signals in runs": {"task": "courses.grading.look_for_signals", "schedule": 6 * 3600.0},
    "announce scores for other platforms": {"task": "courses.lti.announce_changes", "schedule": 10.0},
    "announce learning records": {"task": "courses.xapi.announce_waiting", "schedule": 15.0},
    "forget learning records that were sent": {"task": "courses.xapi.forget_sent", "schedule": 6 * 3600.0},
    "forget tokens of LTI that have expired": {"task": "courses.lti.forget_expired", "schedule": 6 * 3600.0},
    "draw waiting certificates": {"task": "credits.draw_waiting_certificates", "schedule": 30.0},
    "take up batches of certificates": {"task": "credits.take_up_batches", "schedule": 15.0},
    "forget archives of certificates": {"task": "credits.forget_archives", "schedule": 6 * 3600.0},
}
