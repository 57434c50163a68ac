"""Settings of the portal, read from the environment; a missing value stops the start with its name.

Every variable is explained in docs/betrieb.md. Numbers of the domain (deadlines, periods) do not stand here
but beside the rule they belong to.
"""

import re
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

env = FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

# Demonstration: made-up persons, mail goes nowhere, /demo/postausgang/ exists.
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])

# The one address of the portal: links in mails, allowed host and https follow from it.
SITE_URL = env.str("SITE_URL").rstrip("/")
HTTPS = urlsplit(SITE_URL).scheme == "https"
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "", *env.list("EXTRA_HOSTS", [])]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Where to report a weakness, an e-mail or web address (/.well-known/security.txt).
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")

INSTALLED_APPS = [
    "netzwerk.apps.NetzwerkConfig",
    "mailings",
    "declarations",
    "meetings",
    "members",
    "users",
    "core",
    "netzwerk.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.forms",  # its widget templates: FORM_RENDERER looks for them in the apps
    "crispy_forms",
    "csp",
    "simple_history",
]

MIDDLEWARE = [
    "core.page_cache.KeptPagesMiddleware",
    # Next those that write headers, so that redirects to https and static files carry them too.
    "core.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.probes.ProbesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.text.CleanTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "users.middleware.SessionLimitMiddleware",
    "users.middleware.SecondFactorMiddleware",
    "members.middleware.ActingPersonMiddleware",
    "netzwerk.middleware.ViewingMiddleware",
]

ROOT_URLCONF = "netzwerk.urls"
WSGI_APPLICATION = "netzwerk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "netzwerk.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "kern"
CRISPY_TEMPLATE_PACK = "kern"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE and the waiting time let several threads write without "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL",
    }
else:
    # A request ends within 10 seconds whatever the database does; core.postgresql cares for one that says nothing.
    DATABASES["default"]["ENGINE"] = "core.postgresql"
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=3, options="-c statement_timeout=8000 -c lock_timeout=5000"
    )
if DEMO and (HTTPS or DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3"):
    raise ImproperlyConfigured(
        "DEMO=true zeigt allen jeden Anmeldecode und jeden zweiten Faktor. Die Demonstration läuft deshalb nur mit "
        "SQLite und ohne https; für den Betrieb lassen Sie DEMO weg."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits live here, shared by all processes; the default of 300 entries would drop counters.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Public pages (core.page_cache), in the memory of each process: all 432 profiles and some more, about 10 MB.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 600},
    },
}

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["users.backends.CodeBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "start"

ACCOUNT_ADAPTER = "users.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code itself proves the address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 20 * 60  # mail gateways of administrations may hold a mail for minutes
ACCOUNT_LOGIN_TIMEOUT = 60 * 60  # all steps together: a code, a new code, the second factor
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": True, "length": 6}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    # A town hall often shares one IP address; a mailbox needs no more than a few codes.
    "request_login_code": "20/m/ip,3/m/key,12/h/key",
    # Wrong codes: guessing one of a million within the limits takes years.
    "login_failed": "10/m/ip,5/5m/key",
}
MFA_ADAPTER = "users.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey without PIN, finger or face would be one factor only
MFA_TOTP_ISSUER = "Kommunen-Netzwerk"
MFA_TOTP_TOLERANCE = 1
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "core.formats"

# Files of the portal; no address leads to them, views send them after asking who may (core.uploads).
MEDIA_ROOT = DATA_DIR / "media"
# clamd of ClamAV, "tcp://host:3310"; what people send is looked at by nobody without it.
VIRUS_SCANNER = env.str("VIRUS_SCANNER", default="")
if VIRUS_SCANNER and not re.fullmatch(r"tcp://[^/:]+(:\d+)?", VIRUS_SCANNER):
    raise ImproperlyConfigured("VIRUS_SCANNER braucht die Form tcp://rechner:3310.")
# Certificates of issuers whose electronic signatures count as trusted.
TRUST_ROOTS = Path(env.str("TRUST_ROOTS")) if env.str("TRUST_ROOTS", default="") else None
if TRUST_ROOTS and not TRUST_ROOTS.is_dir():
    raise ImproperlyConfigured(f"TRUST_ROOTS nennt keinen Ordner: {TRUST_ROOTS}")
FILE_UPLOAD_HANDLERS = ["core.uploads.MemoryUploads"]
DATA_UPLOAD_MAX_NUMBER_FILES = 5

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_DIR", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other website shows our files
STORAGES = {
    "default": {"BACKEND": "core.uploads.WholeFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail: the queue of record is the database (core.models.OutgoingMail); this only says how it leaves the house.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    vars().update({key: value for key, value in env.dj_email_url("EMAIL_URL").items() if key != "EMAIL_BACKEND"})
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM")
MAIL_REPLY_TO = env.str("MAIL_REPLY_TO", default="")
# Where the portal itself writes to the office: the mailbox that people answer to, unless another is named.
MAIL_OFFICE = env.str("MAIL_OFFICE", default="") or MAIL_REPLY_TO or parseaddr(DEFAULT_FROM_EMAIL)[1]
# Above the address in the window of a letter, in one line: who gets it back.
OFFICE_ADDRESS = env.str("OFFICE_ADDRESS", default="")
# Where failed mail comes back to ("bounces@…", with "+…" before the @), and the mailbox behind it
# (imaps://name:password@host/folder). Without them nothing is read.
MAIL_BOUNCES = env.str("MAIL_BOUNCES", default="")
MAIL_BOUNCES_IMAP = env.str("MAIL_BOUNCES_IMAP", default="")
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", 60)
MAIL_CONNECTIONS = env.int("MAIL_CONNECTIONS", 2)
# Whether an Informations-E-Mail needs a second person to release it, as it should where two people work.
MAILING_SECOND_PERSON = env.bool("MAILING_SECOND_PERSON", True)

# "memory://" starts worker and clock inside the web process, of which there must be only one then. Only the
# demonstration has it without being asked for: in operation a forgotten variable must not choose it silently.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", **({"default": "memory://localhost"} if DEMO else {}))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TASK_TIME_LIMIT = 900  # below Redis' visibility timeout of an hour
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# No page waits for an absent broker: the row in the database is enough, the sweep finds it.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry_on_timeout": False}

SESSION_COOKIE_AGE = 30 * 24 * 60 * 60  # the longest that any session lives; the rest decides users.middleware
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Messages name persons ("Gesperrt: …"): they stay on the server, not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # container engines ask these with http (core.probes)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
    }
}

SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.Formatter", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
