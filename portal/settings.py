"""The settings, driven by the environment. README.md has the table of variables.

Without `PORTAL_MODE` the portal is in production and refuses to start until it has
what it needs there; `make run` sets `demonstration`, the test suite `test`.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.logs import configure
from portal.settings_apps import *  # noqa: F403  what is installed, and what each request passes through
from portal.settings_files import where_files_lie
from portal.settings_login import *  # noqa: F403  what allauth is told
from portal.settings_messages import how_mail_leaves, tencent_sms
from portal.settings_pages import *  # noqa: F403  what Wagtail is told

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("PORTAL_MODE", "production")
if MODE not in {"production", "demonstration", "development", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {MODE!r}; it is production, demonstration, development or test.")
PRODUCTION = MODE == "production"
DEBUG = MODE == "development"

DATA_DIR = Path(env.str("PORTAL_DATA", str(BASE_DIR / "var")))

if PRODUCTION:
    missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL") if not env.str(name, "")]
    if missing:
        raise ImproperlyConfigured(
            f"Production mode needs {', '.join(missing)} in the environment; README.md says what each is. "
            "For a try on this machine: make run."
        )

SECRET_KEY = env.str("SECRET_KEY", "only-for-demonstration-and-tests-never-for-people-with-keys")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier secrets, while they are being replaced
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
BASE_URL = env.str("PORTAL_URL", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
WAGTAILADMIN_BASE_URL = BASE_URL

# --- the company -------------------------------------------------------------------------------------------
COMPANY_NAME = {"en": env.str("COMPANY_NAME", "Yanxia Homes"), "zh-hans": env.str("COMPANY_NAME_ZH", "檐下")}
COMPANY_HOTLINE = env.str("COMPANY_HOTLINE", "400 000 0826")
WAGTAIL_SITE_NAME = COMPANY_NAME["en"]

# --- applications ------------------------------------------------------------------------------------------
ROOT_URLCONF = "portal.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.company",
                "portal.home.masthead.masthead",
                "portal.ui.offline.offline",
            ],
        },
    }
]

# --- database and cache ------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if "ENGINE" not in DATABASES["default"]:
    raise ImproperlyConfigured("DATABASE_URL is none; an example: postgres://user:password@host/name")
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # FULL is what keeps an acknowledged commit through a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes: the limits on log-in attempts live here.
CACHES = {"default": env.cache("CACHE_URL", "dbcache://portal_cache")}
if CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 100_000}  # Django's 300 would forget the counters at once

# --- people and the one door -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", PRODUCTION)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60

# --- languages and time ------------------------------------------------------------------------------------
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]  # the second: what the packages lack
WAGTAIL_I18N_ENABLED = True
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = env.str("PORTAL_TIME_ZONE", "Asia/Shanghai")
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", "CN")
WORK_CALENDAR = env.str("WORK_CALENDAR", "CN")  # whose public holidays count where a development says nothing else
MILESTONE_APPROVAL = env.bool("MILESTONE_APPROVAL", True)  # off: in a small firm one person says what is reached
PAGE_APPROVAL = env.bool("PAGE_APPROVAL", True)  # off: in a small firm marketing publishes what it has written
MONTHLY_LEAFLETS = env.bool("MONTHLY_LEAFLETS", True)  # made by themselves when a month is over, sent by staff
# The same defect in so many homes, within so many days, is a pattern: staff hear of it.
TICKET_PATTERNS = {"homes": 3, "days": 180}
NEWS_INTERVAL_DAYS = env.int("NEWS_INTERVAL_DAYS", 14)  # by then an update is followed by the next
CARE_APPROVAL_ABOVE = env.int("CARE_APPROVAL_ABOVE", 50)  # homes that a rule reaches on the word of one person
OFFLINE = env.bool("OFFLINE", True)  # off: phones forget what they kept, and send what waits
WORKING_HOURS = env.str("WORKING_HOURS", "09:00-12:00 13:30-18:00")

# --- what every answer carries -----------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],  # 'none' would break Wagtail's preview
}
# The Wagtail admin writes styles and scripts into its pages.
SECURE_CSP_BY_PREFIX = {
    "/desk/": SECURE_CSP | {"script-src": ["'self'", "'unsafe-inline'"], "style-src": ["'self'", "'unsafe-inline'"]}
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_SECURE = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- logs --------------------------------------------------------------------------------------------------
LOGGING = configure(json=env.bool("LOG_JSON", PRODUCTION))

# --- files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = MODE in {"development", "test"}
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"
STORAGES = where_files_lie(env, PRIVATE_ROOT) | {
    "staticfiles": {"BACKEND": "portal.ui.stylesheets.OnePieceStorage"},
}
if MODE in {"development", "test"}:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# The front server's internal location over PRIVATE_ROOT; empty: Django sends the bytes itself.
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", "")
# Stops an upload while it is read. More files than a form takes reach the form, which says so.
FILE_UPLOAD_HANDLERS = ["accounts.files.uploadhandler.CappedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 500

# Where the nightly backup goes; empty: there is none. And how many backups stay there.
BACKUP_FOLDER = env.str("BACKUP_FOLDER", "")
BACKUP_KEEP = env.int("BACKUP_KEEP", 14)

# --- messages ----------------------------------------------------------------------------------------------
# Four slashes before the folder: django-environ takes the first three away.
vars().update(env.email("EMAIL_URL", "smtp://localhost:25" if PRODUCTION else f"filemail:///{DATA_DIR / 'mail'}"))
vars().update(how_mail_leaves(env))
EMAIL_TIMEOUT = 8  # seconds for each step of a conversation, of which a message has about ten
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{COMPANY_NAME['en']} <portal@localhost>")
# Dotted path of an accounts.sms.Gateway; empty: no text messages.
SMS_GATEWAY = env.str("SMS_GATEWAY", "" if PRODUCTION else "accounts.sms.FileGateway")
TENCENT_SMS = tencent_sms(env)

# --- background jobs ---------------------------------------------------------------------------------------
Q_CLUSTER = {
    "name": "portal",
    "orm": "default",
    "workers": env.int("WORKERS", 2),
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 120,
    "retry": 300,  # longer than the timeout, or a slow task would run twice
    "max_attempts": 5,
    "save_limit": 0,
    "catch_up": False,
    "poll": 0.5,
    "recycle": 500,
}

# --- Wagtail -----------------------------------------------------------------------------------------------
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
PAGE_CACHE_SECONDS = 0 if MODE in {"development", "test"} else 60  # for what no editor changes, such as milestones
