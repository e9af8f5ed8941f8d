"""What every installation shares. Values that differ come from the environment (see environment.py)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from edu.settings import environment

ROOT = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(environment.text("GUIXUE_DATA_DIR", str(ROOT / "var" / "demo")))
KEYS_DIR = Path(environment.text("GUIXUE_KEYS_DIR", str(DATA_DIR / "keys")))  # outside the database and its backups

DEBUG = False
ALLOWED_HOSTS: list[str] = []
AUTH_USER_MODEL = "people.Person"
ROOT_URLCONF = "edu.urls"
ASGI_APPLICATION = "edu.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "edu.design",
    "edu.events",
    "edu.institutions",
    "edu.people",
    "edu.notices",
    "edu.api",
    "courses",
    "credits",
    "edu.portal",
    "edu.settings.package_apps.SubmissionsConfig",  # open response assessment: four apps of packages with tables
    "edu.settings.package_apps.AssessmentConfig",
    "edu.settings.package_apps.WorkflowConfig",
    "edu.settings.package_apps.StaffGraderConfig",
    "statici18n",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_vite",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "courses.runtime.middleware.BlockOriginMiddleware",  # requests for *.blocks.* never meet sessions or cookies
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "edu.portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "edu.people.middleware.IdentityMiddleware",
    "courses.catalogue.middleware.EditorRightsMiddleware",  # after the identity: rights follow from affiliations
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "edu.portal.middleware.EditorPolicyMiddleware",  # inside CSP's: it chooses the policy
    "edu.portal.middleware.RefusalMiddleware",
]

# The problem block draws its inputs with these; as an installed app it would load sympy, scipy and nltk at each start.
XBLOCKS_CONTRIB = Path(str(getattr(find_spec("xblocks_contrib"), "origin", ""))).parent
CAPA_TEMPLATES = XBLOCKS_CONTRIB / "problem" / "capa" / "templates"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "edu" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                        ("django.template.loaders.filesystem.Loader", [CAPA_TEMPLATES]),  # ours of that name come first
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "edu.design.context.site",
            ],
        },
    },
]
FORM_RENDERER = "edu.design.forms.UiRenderer"

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [ROOT / "edu" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Signing in
AUTHENTICATION_BACKENDS = [
    "edu.people.backends.IdentifierBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
# django-allauth: one form of ours for all three identifiers, limits of ours by account (edu.people.attempts)
ACCOUNT_ADAPTER = "edu.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "edu.people.forms.SignInForm",
    "reauthenticate": "edu.people.forms.ConfirmPasswordForm",
    "change_password": "edu.people.forms.ChangePasswordForm",
    "reset_password": "edu.people.forms.MailResetForm",
    "reset_password_from_key": "edu.people.forms.MailNewPasswordForm",
}
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "300/m/ip"}  # a class signs in from one address at once
ACCOUNT_SESSION_REMEMBER = False  # machines in schools are shared
MFA_ADAPTER = "edu.people.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "edu.people.forms.SecondFactorForm",
    "reauthenticate": "edu.people.forms.SecondFactorAgainForm",
    "activate_totp": "edu.people.forms.ActivateSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Guixue"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # most accounts have no e-mail at all
WAGTAILADMIN_LOGIN_URL = "account_login"  # one door, with the second factor
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Static files: built by Vite, served by WhiteNoise; no page asks a foreign host for anything
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "edu" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": ROOT / "edu" / "static" / "dist" / ".vite" / "manifest.json",
        "static_url_prefix": "dist",
    }
}

# Tasks: a broker's message is a hint, the truth is in PostgreSQL
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = {"courses.media.*": {"queue": "media"}}  # minutes long: their own worker, so nothing waits behind
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
SILENCED_SYSTEM_CHECKS = ["wagtailadmin.W003"]  # the site's address is a setting of the installation

WAGTAIL_SITE_NAME = "桂学 Guixue"
WAGTAILADMIN_BASE_URL = environment.text("GUIXUE_BASE_URL", "http://localhost:8000")
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True  # what was approved is what is published
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks a foreign host
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # asks a foreign host
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # embeds ask foreign hosts

# What the footer shows when set (look.md B3)
GUIXUE_BASE_URL = WAGTAILADMIN_BASE_URL
GUIXUE_OPERATOR = environment.text("GUIXUE_OPERATOR", "")
GUIXUE_CONTACT = environment.text("GUIXUE_CONTACT", "")
GUIXUE_CONTACT_HOURS = environment.text("GUIXUE_CONTACT_HOURS", "")
GUIXUE_SITE_CODE = environment.text("GUIXUE_SITE_CODE", "")
GUIXUE_ICP_NUMBER = environment.text("GUIXUE_ICP_NUMBER", "")
GUIXUE_POLICE_NUMBER = environment.text("GUIXUE_POLICE_NUMBER", "")

# The transparency log (docs/log.md): its name for ever, public files, the list of erased people, how many witnesses
GUIXUE_LOG_ORIGIN = environment.text("GUIXUE_LOG_ORIGIN", GUIXUE_BASE_URL.split("://", 1)[-1].rstrip("/") + "/log")
GUIXUE_LOG_DIR = Path(environment.text("GUIXUE_LOG_DIR", str(DATA_DIR / "log")))
GUIXUE_ERASURES_FILE = Path(environment.text("GUIXUE_ERASURES_FILE", str(DATA_DIR / "erasures.txt")))
GUIXUE_LOG_QUORUM = environment.whole_number("GUIXUE_LOG_QUORUM", 0)
GUIXUE_TSA_URL = environment.text("GUIXUE_TSA_URL", "")  # RFC 3161; empty: PDFs are signed without a time stamp

# Hosts of the operator's own network that may be asked although their addresses are private (LTI tools, LRS)
GUIXUE_PRIVATE_HOSTS = environment.words("GUIXUE_PRIVATE_HOSTS")

# Short messages (docs/deployment.md): "" is off, "log" notes them, http://127.0.0.1:…/ is the relay on this machine
GUIXUE_SMS_DRIVER = environment.text("GUIXUE_SMS_DRIVER", "")
GUIXUE_WECHAT_DRIVER = environment.text("GUIXUE_WECHAT_DRIVER", "")

# Lighter copies of films (docs/deployment.md): "" finds ffmpeg by itself, a path names it, "off" makes none
GUIXUE_FFMPEG = environment.text("GUIXUE_FFMPEG", "")
GUIXUE_TRANSCODING_AT_ONCE = environment.whole_number("GUIXUE_TRANSCODING_AT_ONCE", 1)

# Where authors' Python in problems runs: a codejail service; empty: nowhere (docs/deployment.md). CAPA asks for these.
GUIXUE_SANDBOX_URL = environment.text("GUIXUE_SANDBOX_URL", "")
ENABLE_CODEJAIL_REST_SERVICE = True  # also without one: then `scripts.run` refuses, and nothing runs in this process
CODE_JAIL_REST_SERVICE_REMOTE_EXEC = "courses.runtime.scripts.run"

# Where the blocks of a course run: "{course}" is the course's own label; empty means an opaque frame on this host
GUIXUE_BLOCKS_ORIGIN = environment.text("GUIXUE_BLOCKS_ORIGIN", "http://{course}.blocks.localhost:8000")
if GUIXUE_BASE_URL.startswith("https://") or (urlsplit(GUIXUE_BASE_URL).hostname or "").endswith(".localhost"):
    # Courses' scripts may set cookies for the hosts above their own, the site's among them, but none of such a name.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# What a page may load: only what this host serves, and frames of the block origin. The page editor's own policy
# stands in edu/portal/middleware.py.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-src": ["'self'", GUIXUE_BLOCKS_ORIGIN.replace("{course}", "*")]
        if GUIXUE_BLOCKS_ORIGIN.startswith("http")
        else ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "guixue": {"level": "INFO"},
        "courses": {"level": "INFO"},
        "credits": {"level": "INFO"},
        "edu": {"level": "INFO"},
    },
}

from edu.settings.blocks import *  # noqa: E402, F403  (names that XBlocks read)
