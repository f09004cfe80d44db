"""Settings come from the environment; a missing secret is an error at start, never a default."""

import logging
from pathlib import Path

from environs import Env, validate

from abonent.lib import clock

env = Env()
clock.start_from_environment()

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = env.bool("ABONENT_DEMO", False)
SECRET_KEY = env.str("ABONENT_SECRET_KEY", validate=validate.Length(min=1))
DATABASE_URL = env.str("ABONENT_DATABASE_URL")
EMAIL_URL = env.str("ABONENT_EMAIL_URL")
EMAIL_FROM = env.str("ABONENT_EMAIL_FROM", "Abonent <abonent@localhost>")
SMS_URL = env.str("ABONENT_SMS_URL", "")
# The mailbox that is read for answers (imaps://user:password@host/INBOX), and its address if it is not the sender's.
MAILBOX_URL = env.str("ABONENT_MAILBOX_URL", "")
MAILBOX_ADDRESS = env.str("ABONENT_MAILBOX_ADDRESS", "")
STORAGE_URL = env.str("ABONENT_STORAGE_URL")
USAGE_URL = env.str("ABONENT_USAGE_URL")
# Which network orders are done in: "embedded:" is the one that comes with the product.
NETWORK_URL = env.str("ABONENT_NETWORK_URL", "embedded:")
# By what it knows us, where it is another system (https://…).
NETWORK_TOKEN = env.str("ABONENT_NETWORK_TOKEN", "")
PROFILE = env.str("ABONENT_PROFILE")
# Where a signed line a day about the journal goes: file:///path, mailto:address, or nowhere.
ANCHOR_URL = env.str("ABONENT_ANCHOR_URL", "")
SITE_URL = env.str("ABONENT_SITE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ABONENT_HOSTS", ["127.0.0.1", "localhost"])
# Behind a balancer that ends TLS, the address from which people come; empty where the server is reached directly.
TRUSTED_PROXIES: list[str] = env.list("ABONENT_TRUSTED_PROXIES", [])
SECURE = SITE_URL.startswith("https://")
DEBUG = False

INSTALLED_APPS = [
    # Before Django's admin, whose templates it overrides.
    "abonent.backoffice",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "abonent.formats",
    "abonent.files",
    "abonent.jobs",
    "abonent.audit",
    "abonent.outbox",
    "abonent.clients",
    "abonent.access",
    "abonent.catalog",
    "abonent.network",
    "abonent.subscribers",
    "abonent.hierarchy",
    "abonent.usage",
    "abonent.billing",
    "abonent.orders",
    "abonent.documents",
    "abonent.appeals",
    "abonent.notices",
    "abonent.portal",
    "abonent.demo",
    "abonent.main",
]

MIDDLEWARE = [
    "abonent.portal.middleware.headers_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Behind the language, in which its page is, and before whatever reads the body.
    "abonent.portal.middleware.size_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "abonent.access.middleware.seat_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "abonent.main.urls"
WSGI_APPLICATION = "abonent.main.wsgi.application"
AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["abonent.access.backend.PersonBackend"]
PASSWORD_HASHERS = ["abonent.access.hashers.TunedArgon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name",)}},
]
LOGIN_URL = "login"
# Where the link of an invitation leads, with its token.
INVITATION_URL = "invitation"
LOGIN_REDIRECT_URL = "seats"
# Where a person without a seat in force is sent.
SEATS_URL = "seats"
# Where whoever proved who they are too long ago does so again, and where a second factor is asked for.
PROOF_URL = "login_again"
SECOND_FACTOR_URL = "login_second"
# Where a letter's link to a document leads, with its token.
DOCUMENT_FILE_URL = "document_file"
# Where a letter's link to an appeal leads, with its id.
APPEAL_URL = "appeal"
# Where a letter's links to a notice (with its id) and to the choice of notices lead.
NOTICE_URL = "notice"
NOTICE_CHOICES_URL = "notice_choices"
ACCOUNT_ADAPTER = "abonent.access.adapter.AccountAdapter"
# Identifiers are ours: allauth never looks for a user, never asks for a confirmation, never keeps the codes.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "abonent.access.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey is asked for the person's own presence, by PIN, finger or face: then it is both factors in one.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# The clock of a phone may be off by half a minute.
MFA_TOTP_TOLERANCE = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "abonent.portal.navigation.frame",
            ],
        },
    },
]

DATABASES = {"default": env.dj_db_url("ABONENT_DATABASE_URL", conn_max_age=600)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A confirmed order survives a power cut (FULL), and a writer waits its turn instead of failing (IMMEDIATE).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
    }

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English"), ("be", "Беларуская")]
# Django's own Belarusian is not in the official orthography: `framework` says those words anew.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "framework"]
# And it has no formats at all.
FORMAT_MODULE_PATH = ["abonent.main.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Static files are served from where they lie in the packages; only `collectstatic` needs a folder.
STATIC_ROOT = env.path("ABONENT_STATIC_ROOT", None)
WHITENOISE_USE_FINDERS = True

SESSION_ENGINE = "abonent.access.sessions"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "abonent.portal.views.errors.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_SSL_REDIRECT = SECURE and not TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# An upload is refused by size before it is read; a list of 100,000 numbers is under 5 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """A readiness probe that is told "not yet" got an answer; it is no error."""
    return not (record.name == "django.request" and record.getMessage().endswith("/health/ready"))


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"worth": {"()": "django.utils.log.CallbackFilter", "callback": _is_worth_a_line}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["worth"]}},
    "root": {"handlers": ["stderr"], "level": env.str("ABONENT_LOG_LEVEL", "WARNING")},
}
