"""The whole product on embedded parts, on one machine; `make demo` starts it."""

from pathlib import Path

from edu.embedded import broker
from edu.embedded.paths import database_url
from edu.settings import environment
from edu.settings.base import *  # noqa: F403
from edu.settings.base import DATA_DIR

ENVIRONMENT_NAME = "demo"
SECRET_KEY = environment.text("GUIXUE_SECRET_KEY", "demo-only-and-known-to-everyone")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".blocks.localhost", ".localhost"]
DATABASES = {
    "default": {
        **environment.database(
            database_url(
                Path(environment.text("GUIXUE_CLUSTER_DIR", str(DATA_DIR))),
                role=environment.text("GUIXUE_DATABASE_ROLE", "application"),
                name=environment.text("GUIXUE_DATABASE_NAME", "guixue"),
            )
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
CELERY_BROKER_URL = environment.text("GUIXUE_BROKER_URL", broker.url(DATA_DIR))
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
GUIXUE_DEMO = True
GUIXUE_SMS_DRIVER = GUIXUE_WECHAT_DRIVER = "log"  # nothing leaves a demo
GUIXUE_LOG_ORIGIN = environment.text("GUIXUE_LOG_ORIGIN", "demo.guixue.example/log")  # whichever port is free
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # no collecting of files before a demo starts
