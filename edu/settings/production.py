"""Production: everything by environment, and no start with a default secret, DEBUG or an embedded database."""

from django.core.exceptions import ImproperlyConfigured

from edu.kernel import clock
from edu.settings import environment
from edu.settings.base import *  # noqa: F403
from edu.settings.base import GUIXUE_BASE_URL

ENVIRONMENT_NAME = "production"
DEBUG = environment.flag("GUIXUE_DEBUG", False)
SECRET_KEY = environment.text("GUIXUE_SECRET_KEY")
ALLOWED_HOSTS = environment.words("GUIXUE_ALLOWED_HOSTS")
_role = environment.text("GUIXUE_DATABASE_ROLE", "application")
_url_name = "MIGRATION_DATABASE_URL" if _role == "migration" else "DATABASE_URL"
DATABASES = {
    "default": {
        **environment.database(environment.text(_url_name)),
        "CONN_MAX_AGE": environment.whole_number("GUIXUE_CONN_MAX_AGE_S", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c role=guixue_owner"} if _role == "migration" else {},
    }
}
CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": environment.text("REDIS_URL")}
}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.text("GUIXUE_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = environment.text("GUIXUE_EMAIL_FROM", "guixue@localhost")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = environment.whole_number("GUIXUE_HSTS_S", 31_536_000)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
GUIXUE_DEMO = False

clock.forbid_setting()


def _refuse(reason: str) -> None:
    raise ImproperlyConfigured(f"Production does not start: {reason}")


if DEBUG:
    _refuse("GUIXUE_DEBUG is on; pages would show settings to strangers.")
if len(SECRET_KEY) < 32 or "demo" in SECRET_KEY:
    _refuse("GUIXUE_SECRET_KEY is short or the demo's; make one of 50 random characters.")
if not ALLOWED_HOSTS:
    _refuse("GUIXUE_ALLOWED_HOSTS is empty; name the hosts that the site answers to.")
if not GUIXUE_BASE_URL.startswith("https://"):
    _refuse("GUIXUE_BASE_URL is not an https address; it is printed on certificates.")
if "guixue-pg-" in str(DATABASES["default"]["HOST"]):
    _refuse("DATABASE_URL names the embedded database of the demo.")
if not environment.text("GUIXUE_BLOCKS_ORIGIN", ""):
    _refuse("GUIXUE_BLOCKS_ORIGIN is not set; set it to https://{course}.blocks.your.domain or to 'opaque'.")
