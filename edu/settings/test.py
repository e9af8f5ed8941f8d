"""Tests: embedded parts of their own; tests/conftest.py points DATABASES at a fresh clone of the template."""

import os

os.environ.setdefault("GUIXUE_DATA_DIR", str(__import__("pathlib").Path(__file__).parents[2] / "var" / "test"))

from edu.settings.demo import *  # noqa: F403
from edu.settings.demo import DATABASES as _DATABASES

ENVIRONMENT_NAME = "test"
DATABASES = {"default": {**_DATABASES["default"], "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
GUIXUE_DEMO = False
GUIXUE_TASKS_BY_HAND = True  # tests deliver events and run jobs by hand
if not DJANGO_VITE["default"]["manifest_path"].exists():  # noqa: F405  (Python tests pass without a build)
    DJANGO_VITE["default"]["dev_mode"] = True  # noqa: F405
