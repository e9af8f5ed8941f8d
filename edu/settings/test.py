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
WHITENOISE_AUTOREFRESH = True  # files are found when they are asked for: every test client would list them all
GUIXUE_DEMO = False
GUIXUE_PRIVATE_HOSTS = ["127.0.0.1"]  # servers of the tests' own
GUIXUE_TASKS_BY_HAND = True  # tests deliver events and run jobs by hand
_BUILT = (ROOT / "edu" / "static" / "dist" / ".vite" / "manifest.json").exists()  # noqa: F405
DJANGO_VITE = {"default": {**DJANGO_VITE["default"], "dev_mode": not _BUILT}}  # noqa: F405  (tests pass without a build)
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  (WhiteNoise warns of a missing folder, and warnings are errors)
