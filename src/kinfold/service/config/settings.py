"""
Settings. Everything that differs between machines comes from KINFOLD_* variables; with none set, Kinfold runs
from a folder called `data` on SQLite, answering only to the machine it is on.

`docs/reference/settings.md` lists every variable; a test holds that page to this file.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key

from kinfold.access.law import sign_in_number
from kinfold.service.config.sign_in import directory, rate_limits
from kinfold.terms.errors import SettingError

PACKAGE = Path(__file__).resolve().parents[2]
TODAY = datetime.now(UTC).date()  # which of the dated numbers of sign-in hold, until the next start
WEB = PACKAGE / "service" / "web"


def _flag(name: str) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "0", "no", "false", "off"):
        return False
    if value in ("1", "yes", "true", "on"):
        return True
    raise SettingError(f"{name} must be 1 or 0, not {value!r}")


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise SettingError(f"{name} must be a whole number such as {default}, not {value!r}")
    return int(value)


DATA = Path(os.environ.get("KINFOLD_DATA") or Path.cwd() / "data").resolve()
DATA.mkdir(parents=True, exist_ok=True)
# Rooms that keep a cache (the postcode index) find the same folder without knowing these settings.
os.environ.setdefault("KINFOLD_DATA", str(DATA))

INSTALLATIONS = ("council", "region", "regulator", "department", "exchange")
INSTALLATION = os.environ.get("KINFOLD_INSTALLATION", "council")
if INSTALLATION not in INSTALLATIONS:
    raise SettingError(f"KINFOLD_INSTALLATION must be one of {', '.join(INSTALLATIONS)}, not {INSTALLATION!r}")

# The demonstration signs people in by clicking a persona. It needs the variable AND a marker that only
# `kinfold demo` writes beside invented data, so that no typing slip can open a real record.
DEMO_MARKER = DATA / "invented-data-only"
DEMO = _flag("KINFOLD_DEMO") and DEMO_MARKER.exists()
DEBUG = _flag("KINFOLD_DEBUG")
BEHIND_TLS = _flag("KINFOLD_TLS")


def _secret() -> str:
    if key := os.environ.get("KINFOLD_SECRET_KEY"):
        if len(key) < 40:
            raise SettingError(
                "KINFOLD_SECRET_KEY must be at least 40 characters; `kinfold doctor --new-secret` makes one"
            )
        return key
    path = DATA / "secret-key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as out:
        key = get_random_secret_key()
        out.write(key)
    return key


SECRET_KEY = _secret()

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "cache_size=-65536",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
    "wal_autocheckpoint=8000",  # 32 MB: whoever writes the last page waits for the disk, at 4 MB one call in a hundred
    "foreign_keys=ON",
)


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        pool: dict[str, Any] = {"min_size": 1, "max_size": _number("KINFOLD_DATABASE_POOL", 8), "timeout": 20}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 0,  # the pool keeps the connections
            "TEST": {"NAME": f"test_kinfold_{os.environ.get('KINFOLD_TEST_NAME', 'all')}"},
            "OPTIONS": {"pool": pool, **query},
        }
    if parts.scheme != "sqlite":
        raise SettingError(
            "KINFOLD_DATABASE_URL must start with sqlite:// or postgresql://, for example "
            f"postgresql://kinfold@localhost/kinfold, not {parts.scheme or 'nothing'}://"
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": unquote(parts.path) or str(DATA / "kinfold.sqlite3"),
        "CONN_MAX_AGE": None,  # opening the file costs 1 to 3 ms
        # a file and not memory, so that other connections and processes see what a test committed
        "TEST": {"NAME": str(DATA / f"test-{os.environ.get('KINFOLD_TEST_NAME', 'all')}.sqlite3")},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # else 'database is locked' as soon as two processes write
            "timeout": 30,
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in SQLITE_PRAGMAS),
        },
    }


DATABASES = {"default": _database(os.environ.get("KINFOLD_DATABASE_URL") or "sqlite://")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOWED_HOSTS = [
    h.strip() for h in os.environ.get("KINFOLD_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h.strip()
]
if os.environ.get("KINFOLD_ORIGINS"):
    CSRF_TRUSTED_ORIGINS = [o.strip() for o in os.environ["KINFOLD_ORIGINS"].split(",")]
TRUSTED_PROXIES = _number("KINFOLD_TRUSTED_PROXIES", 0)

ROOT_URLCONF = "kinfold.service.config.urls"
WSGI_APPLICATION = "kinfold.service.config.wsgi.application"
AUTH_USER_MODEL = "records.Account"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "ninja",  # serves its documentation pages from its own static files
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "kinfold.service.records",
    "kinfold.service.web",
]
MIDDLEWARE = [
    "kinfold.service.config.counting.counted",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kinfold.service.config.middleware.quiet_logging",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kinfold.service.config.middleware.session_limits",
    "kinfold.service.config.middleware.reader_scope",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates", WEB / "templates" / "allauth"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kinfold.service.web.context.every_page",
            ],
            "builtins": ["kinfold.service.web.templatetags.kinfold"],
        },
    }
]
FORM_RENDERER = "kinfold.service.web.forms.GovukRenderer"

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kinfold.service.web.sign_in.passwords.PasswordRules"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = sign_in_number("first_link", TODAY) * 3600
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

USE_TZ, TIME_ZONE, LANGUAGE_CODE = True, "Europe/London", "en-gb"
USE_I18N = False

STATIC_URL, STATIC_ROOT = "/static/", DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns when it is missing
WHITENOISE_USE_FINDERS = True  # no collecting step: the package's own files are served with a day's cache
RECEIVED_FILES = DATA / "received"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_TEMP_DIR = DATA / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
MAX_UPLOAD_BYTES = _number("KINFOLD_MAX_UPLOAD_MB", 250) * 1_000_000

# The counts of wrong passwords lie here: at Django's 300 entries, trying many addresses would push them out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

API_CALLS_A_MINUTE = _number(
    "KINFOLD_API_CALLS_A_MINUTE", sign_in_number("requests_token", TODAY)
)  # of one client; more is answered 429

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = sign_in_number("session_longest", TODAY) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
# Monitoring on this machine asks without TLS; none of these tells anything about a person.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

EMAIL_HOST = os.environ.get("KINFOLD_SMTP_HOST", "")
EMAIL_PORT = _number("KINFOLD_SMTP_PORT", 587)
EMAIL_HOST_USER = os.environ.get("KINFOLD_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KINFOLD_SMTP_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_HOST)
EMAIL_TIMEOUT = 30  # a mail server that says nothing holds no job up
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
NOTIFY_KEY = os.environ.get("KINFOLD_NOTIFY_KEY", "")
NOTIFY_TEMPLATE = os.environ.get("KINFOLD_NOTIFY_TEMPLATE", "")
NOTIFY_ADDRESS = "https://api.notifications.service.gov.uk"
if NOTIFY_KEY:
    EMAIL_BACKEND = "kinfold.service.notify_mail.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("KINFOLD_MAIL_FROM", "kinfold@localhost")

ACCOUNT_ADAPTER = "kinfold.service.web.sign_in.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "kinfold.service.web.sign_in.adapter.DirectoryAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, never by sign-up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = rate_limits(TODAY)
ACCOUNT_REAUTHENTICATION_TIMEOUT = sign_in_number("fresh_sign_in", TODAY) * 60
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "kinfold.service.web.sign_in.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address; nobody signs themselves up with another's
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
MFA_TOTP_ISSUER = "Kinfold"
MFA_TOTP_TOLERANCE = 1  # a code typed as it changes, or a telephone half a minute off (RFC 6238, 5.2)

# A council's own directory, by OpenID Connect. The role comes from the group (see docs/how-to/sign-in.md).
DIRECTORY = directory(os.environ, INSTALLATION)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = DIRECTORY.provider if DIRECTORY else {}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "kinfold.service.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("KINFOLD_LOG_LEVEL", "WARNING")},
    "loggers": {
        "kinfold": {"level": os.environ.get("KINFOLD_LOG_LEVEL", "INFO")},
        "django.security.DisallowedHost": {"level": "ERROR"},
    },
}
