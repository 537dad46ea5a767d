"""Settings: one file; what differs between installations comes from the environment.

Sections follow the order of Django's own documentation. `.env.example` lists every variable.
"""

import warnings
from pathlib import Path

import django_stubs_ext
import environ
import pghistory
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from directory.countries import EXTRA_COUNTRIES

# Lets classes of Django be written with their type parameters at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# Which installation this is: production, demo, development or test. Only demo and test accept
# accounts without a second factor and invented data.
APP_ENV = env.str("APP_ENV", default="production")
DEMO = APP_ENV == "demo"
LOCAL = APP_ENV in {"demo", "development", "test"}

# Core
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

INSTALLED_APPS = [
    "config",
    "vault",
    "accounts",
    "files",
    "exports",
    "directory",
    "casework",
    "screening",
    "referrals",
    "outreach",
    "reports",
    "protection",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django_countries",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guardian",
    "import_export",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "knox",
    "drf_spectacular",
]

MIDDLEWARE = [
    "accounts.middleware.PrivateResponseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.RequestIdMiddleware",
    "accounts.middleware.CookieMiddleware",
    "accounts.guard.EndingSessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ScopeMiddleware",
    "vault.middleware.KeysMiddleware",
    "accounts.witness.WitnessMiddleware",
    "accounts.hand_over.HandOverMiddleware",
    "accounts.guard.GuardMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.entrance.EntranceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

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
                "django.template.context_processors.i18n",
                "config.navigation.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Databases: the URL of this process's own role; the owner's only for migrations and roles.
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", engine="accounts.postgresql"),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
    }
}

# Limits and used codes live in the database: flushing the broker must not open a door.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Broker: nothing that matters.
REDIS_URL = env.str("REDIS_URL")

# Row history: looked up by row only, so its other references need no index.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = False

# What is unusual in the trail and told to those who watch; hours are local ones.
ANOMALIES = {
    "cases_a_day": 40,
    "views_off_duty": 3,
    "denials_in_a_row": 4,
    "people_of_one_term": 3,
    "searches_everywhere": 10,
    "duty_begins": env.int("DUTY_BEGINS", default=6),
    "duty_ends": env.int("DUTY_ENDS", default=22),
}

# Keys
KEY_RING_FILE = env.str("KEY_RING_FILE")
# What wraps data keys; another one may speak to a vault or an HSM.
KEY_PROVIDER = env.str("KEY_PROVIDER", default="vault.keys.file_key_provider")
# A container's secret mount cannot always be 0400: say so aloud there.
KEY_RING_READABLE_BY_GROUP = env.bool("KEY_RING_READABLE_BY_GROUP", default=False)

# What the sealer signs the trail with, readable by its own account only, and its file of anchors.
AUDIT_SIGNING_KEY_FILE = env.str("AUDIT_SIGNING_KEY_FILE", default="")
AUDIT_ANCHORS_FILE = env.str("AUDIT_ANCHORS_FILE", default="")

# Erasure and retention: how long records are kept; docs/data-protection.md says why.
# A restore never touches this file: it says who must be erased again.
ERASURE_LEDGER_FILE = env.str(
    "ERASURE_LEDGER_FILE", default=str(BASE_DIR / ".data" / "erasure-ledger.jsonl")
)
RETENTION_CASE_YEARS = env.int("RETENTION_CASE_YEARS", default=5)
RETENTION_CONTACT_YEARS = env.int("RETENTION_CONTACT_YEARS", default=2)
# A child's case is kept until so many years after the eighteenth birthday.
RETENTION_CHILD_YEARS = env.int("RETENTION_CHILD_YEARS", default=5)
# Names and phones of interpreters are forgotten so many years after they left.
RETENTION_INTERPRETER_YEARS = env.int("RETENTION_INTERPRETER_YEARS", default=2)
RETENTION_SHORT_DAYS = env.int("RETENTION_SHORT_DAYS", default=90)
# So many days two records that were merged can be taken apart again.
MERGE_UNDO_DAYS = env.int("MERGE_UNDO_DAYS", default=30)
# Whoever was here or was registered within so many days is compared with everybody each night.
TWINS_FRESH_DAYS = env.int("TWINS_FRESH_DAYS", default=90)
# Where the data lie and who is asked about them, for the register of processing.
HOSTING_COUNTRY = env.str("HOSTING_COUNTRY", default="RS")
HOSTING_PROVIDER = env.str("HOSTING_PROVIDER", default="")
DATA_PROTECTION_CONTACT = env.str("DATA_PROTECTION_CONTACT", default="")

# Backup: public age keys of those who may open one; the role that reads past the policies.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="")
# Where pg_dump and pg_restore are; empty: those that came with the packages, or the path's.
PG_BIN = env.str("PG_BIN", default="")

# Passwords of the unprivileged database roles, read by make_roles only.
WEB_DATABASE_PASSWORD = env.str("WEB_DATABASE_PASSWORD", default="")
WORKER_DATABASE_PASSWORD = env.str("WORKER_DATABASE_PASSWORD", default="")
RELAY_DATABASE_PASSWORD = env.str("RELAY_DATABASE_PASSWORD", default="")
SEAL_DATABASE_PASSWORD = env.str("SEAL_DATABASE_PASSWORD", default="")

# Authentication
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.RoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "accounts.passwords.LongestPassword"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.WordsOfThisPlace"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.entrance_forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = "strict"
# Ours are used instead: allauth counts in the transaction of the request.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.factor_forms.CodeForm",
    "authenticate_webauthn": "accounts.factor_forms.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Casework"
MFA_TRUST_ENABLED = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Roles that need two authenticators, one of them a passkey, before they see any page.
TWO_FACTORS_ROLES = ["administrator", "data_protection", "coordinator"]
# Single sign-on with an OpenID Connect provider; without a server it is off.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_NAME = env.str("OIDC_NAME", default="SSO")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
# Words of `acr` or `amr` that stand for a second factor; empty: ours is asked in any case.
OIDC_SECOND_FACTOR_WORDS = env.list("OIDC_SECOND_FACTOR_WORDS", default=[])
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
    }
INVITATION_SECONDS = 24 * 3600
PASSWORD_RESET_SECONDS = 30 * 60
FACTOR_RESET_SECONDS = 24 * 3600
# The address people type: stands in mails, and passkeys are bound to its host.
SITE_URL = env.str("SITE_URL", default="")
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
# guardian's backend knows no dates and asks once per object: access is read set-wise instead.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# Limits: (how often, within how many seconds) by name; read by accounts.limits.
LIMITS = {
    "sign_in": (5, 300),  # by account and address: nobody can shut an account for its owner
    "sign_in_address": (30, 60),
    "passkey_address": (30, 60),
    "second_factor": (5, 300),
    "password_reset": (3, 3600),
    "password_reset_address": (20, 3600),
    "invitation_address": (20, 3600),
    "search": (60, 3600),
    "search_typing": (600, 3600),
    "search_everywhere": (20, 3600),
    "api": (300, 60),
    "export": (5, 24 * 3600),
    "trial": (10, 24 * 3600),
}
# Networks of the proxies whose X-Forwarded-For is believed, by comma; `socket` for one that
# speaks through a socket file. None: the address of the connection counts.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# Sessions and cookies
SESSION_ENGINE = "accounts.engine"
# Seconds, by role; "" is everybody else's, and of several the shortest counts.
SESSION_IDLE_SECONDS = {"": 1800, "coordinator": 1200, "data_protection": 1200, "partner": 900}
SESSION_ABSOLUTE_SECONDS = {"": 10 * 3600, "partner": 3600}
SESSION_UNFINISHED_SECONDS = 1800
SESSION_TOUCH_SECONDS = 60
SCREEN_BLANK_SECONDS = 300
STEP_UP_SECONDS = 300
DRAFT_SECONDS = 1800
# Unfinished forms: kept so many seconds after a change, for so many days; so many of one user,
# each with so many signs.
FORM_DRAFT_SECONDS = env.int("FORM_DRAFT_SECONDS", default=10)
FORM_DRAFT_DAYS = env.int("FORM_DRAFT_DAYS", default=14)
FORM_DRAFTS_MOST = 50
FORM_DRAFT_SIGNS = 60_000

# Consent: from which age the own answer is enough, purpose by purpose; from which age a child is
# asked beside whoever answers for it; how many days a yes holds for which nobody could be asked.
CONSENT_OWN_AGES = {
    "record": 15,
    "referral": 15,
    "statistics": 15,
    "contact": 15,
    "tracing": 18,
    "photo": 18,
    "research": 18,
}
CONSENT_ASSENT_AGE = 7
CONSENT_BEST_INTERESTS_DAYS = 3

# Emergency access: how long it reads, how long two people may take to agree to a sealed case,
# within which time it is reviewed, how often somebody may ask in a day, how many have to agree.
EMERGENCY_ACCESS_SECONDS = 3600
EMERGENCY_WAIT_SECONDS = 24 * 3600
EMERGENCY_REVIEW_SECONDS = 72 * 3600
EMERGENCY_ASKED_PER_DAY = 3
EMERGENCY_VOTES = 2

# Steps for children: within which time each is due, by how much the child is at risk. Hours pass,
# days are of the calendar. A risk that nobody assessed counts as a medium one.
BEST_INTERESTS_HIGH_HOURS = env.int("BEST_INTERESTS_HIGH_HOURS", default=24)
BEST_INTERESTS_MEDIUM_HOURS = env.int("BEST_INTERESTS_MEDIUM_HOURS", default=72)
BEST_INTERESTS_LOW_DAYS = env.int("BEST_INTERESTS_LOW_DAYS", default=7)

# The country where the houses of this installation work: sets of questions that are meant for it
# are offered, beside those for the country of nationality.
HOUSE_COUNTRY = env.str("HOUSE_COUNTRY", default="RS")

# After how many days a new talk is proposed, by the letter of the result, where an instrument does
# not say it itself. A proposal of this project: no source names a number of days.
ASK_AGAIN_DAYS = env.dict("ASK_AGAIN_DAYS", {"value": int}, default={"C": 30, "D": 30, "E": 90})

# The desk: when the hub closes (local time), how long a stay may last at most, after how many
# days only the day of a stay is kept, within which time a count can be taken back.
HUB_CLOSES_AT = env.str("HUB_CLOSES_AT", default="20:00")
CHECK_IN_LONGEST_HOURS = env.int("CHECK_IN_LONGEST_HOURS", default=14)
CHECK_IN_HOURS_KEPT_DAYS = env.int("CHECK_IN_HOURS_KEPT_DAYS", default=30)
HEADCOUNT_UNDO_SECONDS = 15 * 60

# How many times faster these clocks run, for tests of an installation that is nothing else.
CLOCK_FACTOR = env.float("TEST_CLOCK_FACTOR", default=1.0) if APP_ENV == "test" else 1.0
# How long a right password waits for its second step.
ACCOUNT_LOGIN_TIMEOUT = round(600 / CLOCK_FACTOR)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
# On loopback without TLS a browser keeps no cookie that is marked secure.
COOKIES_SECURE = env.bool("COOKIES_SECURE", default=not LOCAL)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = COOKIES_SECURE
SESSION_COOKIE_NAME = "__Host-sid" if COOKIES_SECURE else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if COOKIES_SECURE else "csrf"
# A random number that tells a browser from others in the trail; it opens nothing.
DEVICE_COOKIE_NAME = "__Host-device" if COOKIES_SECURE else "device"
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"

# Outgoing traffic: hosts that may be spoken to; empty, nothing goes out.
OUTGOING_HOSTS = env.list("OUTGOING_HOSTS", default=[])
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=465)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=True)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="noreply@localhost")
# By what messages leave: `smtp` for mail, `http` for text messages, `folder` where nothing leaves.
GATEWAYS = {
    "mail": env.str("MAIL_GATEWAY", default="folder" if DEMO else "smtp"),
    "sms": env.str("SMS_GATEWAY", default="folder" if DEMO else "http"),
    "push": "web",
}
# The gateway for text messages, by https; its host counts only when OUTGOING_HOSTS names it.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN_FILE = env.str("SMS_GATEWAY_TOKEN_FILE", default="")
# Where messages are put down instead of sent; empty: they are not.
POST_DIR = env.str("POST_DIR", default="")
# Push services that browsers may be told by; empty: none is. docs/notifications.md names them.
PUSH_HOSTS = env.list("PUSH_HOSTS", default=[])
# Notices of so many seconds are told together, and nobody is told oftener than so in an hour.
NOTICES_TOGETHER_SECONDS = env.int("NOTICES_TOGETHER_SECONDS", default=180)
NOTICES_TOLD_PER_HOUR = env.int("NOTICES_TOLD_PER_HOUR", default=6)
# Whose certificates are believed beside the system's: of a gateway inside the house.
OUTGOING_CA_FILE = env.str("OUTGOING_CA_FILE", default="")

# Security headers
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not LOCAL)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not LOCAL else None
SECURE_HSTS_SECONDS = 0 if LOCAL else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
# With "no-referrer" a browser sends `Origin: null` with each form, and CSRF refuses it
# (docs/decisions/0020-headers.md).
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        # A browser follows a form to the provider only when its address stands here.
        "form-action": ["'self'", *([OIDC_SERVER_URL] if OIDC_SERVER_URL else [])],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "report-uri": ["/csp/"],
    }
}

# Languages and times
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("sr-latn", _("Serbian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Belgrade"
COUNTRIES_OVERRIDE = EXTRA_COUNTRIES

# Static files
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / ".data" / "static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.StaticStorage"},
}

# Files that were brought in: sealed, below this folder, never below a served one.
FILES_DIR = env.path("FILES_DIR", default=str(BASE_DIR / ".data" / "files"))()
# `none`, or where clamd listens: `host:port` or `unix:/path`. While it is away files wait.
SCANNER = env.str("SCANNER", default="none")
# A file is held in memory until it is sealed: no clear copy touches a disk.
FILE_UPLOAD_HANDLERS = ["files.uploads.MemoryOnlyHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Jobs: a job is a row in the outbox; Redis only wakes a worker.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep-sessions": {"task": "accounts.tasks.sweep_sessions", "schedule": 600.0},
    # "Due since" is asked, not the clock: a run that was missed is made up for.
    "keep-time": {"task": "protection.tasks.keep_time", "schedule": 3600.0},
    "forget-unfinished-forms": {
        "task": "casework.tasks.forget_unfinished",
        "schedule": crontab(hour=3, minute=40),
    },
    "end-forgotten-check-ins": {"task": "casework.tasks.end_forgotten", "schedule": 600.0},
    "check-the-trail": {
        "task": "accounts.tasks.check_trail",
        "schedule": crontab(hour=2, minute=30),
    },
    "drop-old-segments": {
        "task": "accounts.tasks.drop_old_segments",
        "schedule": crontab(hour=3, minute=30),
    },
    "tell-the-seal": {
        "task": "accounts.tasks.promise_anchor",
        "schedule": crontab(hour=6, minute=0),
    },
    "find-anomalies": {"task": "protection.tasks.find_anomalies", "schedule": 120.0},
    "remind-of-steps": {"task": "casework.tasks.remind_of_steps", "schedule": 600.0},
    "remind-of-tasks": {"task": "casework.tasks.remind_of_tasks", "schedule": 600.0},
    "remind-of-clocks": {"task": "screening.tasks.remind_of_clocks", "schedule": 600.0},
    "remind-of-reviews": {"task": "casework.tasks.remind_of_reviews", "schedule": 3600.0},
    "expire-exports": {"task": "exports.tasks.expire_exports", "schedule": 300.0},
    "check-waiting-files": {"task": "files.tasks.check_again", "schedule": 300.0},
    "gather-strays": {"task": "casework.tasks.gather_strays", "schedule": 600.0},
    "ask-due-checks": {
        "task": "directory.tasks.ask_due_checks",
        "schedule": crontab(hour=9, minute=10),
    },
    "find-twins": {
        "task": "casework.tasks.find_twins",
        "schedule": crontab(hour=4, minute=0),
    },
    "forget-interpreters": {
        "task": "casework.tasks.forget_interpreters",
        "schedule": crontab(hour=4, minute=20),
    },
    "sweep-files": {"task": "files.tasks.sweep", "schedule": 3600.0},
    "note-unfinished-sign-ins": {
        "task": "accounts.tasks.note_unfinished_sign_ins",
        "schedule": 120.0,
    },
    "sweep-entrances": {"task": "accounts.tasks.sweep_entrances", "schedule": 3600.0},
    "tell-notices": {"task": "accounts.tasks.tell_notices", "schedule": 60.0},
    "look-after-the-outbox": {"task": "accounts.tasks.sweep_outbox", "schedule": 300.0},
    "mark-overdue-referrals": {
        "task": "referrals.tasks.mark_overdue_referrals",
        "schedule": 300.0,
    },
    "remind-of-procedures": {
        "task": "referrals.tasks.remind_of_procedures",
        "schedule": 900.0,
    },
}

# API
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105  # the name of a model
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.SessionWithChallenge",
        "accounts.authentication.MachineToken",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.WithinScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.authentication.ApiThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.parsing.PlainJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.answer_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Casework",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "Band": "screening.models.screening.Screening.Band",
        "ConsentChannel": "casework.models.consent.Consent.Channel",
        "ConsentDecision": "casework.models.consent.Consent.Decision",
        "ContactChannel": "casework.models.contact.Channel",
        "IncidentAnswer": "screening.incident_types.Answer",
        "AccompanimentOutcome": "referrals.models.accompaniment.Accompaniment.Outcome",
        "AccompanimentPlace": "referrals.models.accompaniment.Accompaniment.Place",
        "PersonSex": "casework.models.person.Person.Sex",
        "ProcedureOutcome": "referrals.models.identification.ProcedureStep.Outcome",
        "ReferralOverride": "referrals.models.words.Override",
        "ReferralRecallReason": "referrals.models.words.RecallReason",
        "ReferralReview": "referrals.models.words.Review",
        "ReferralState": "referrals.models.Referral.State",
        "UnmetNeedReason": "referrals.models.unmet_need.UnmetNeed.Reason",
        "ReportState": "reports.models.report.Report.State",
        "ServiceChannel": "casework.models.service.ServiceDelivered.Channel",
        "ScreeningState": "screening.models.screening.Screening.State",
        "YesNo": "casework.models.person.YesNo",
    },
}

# Logs: one line of JSON a request; no path parameters, queries, bodies or names.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "accounts.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.server": {"level": "ERROR"}},
}

# The demo's password is made at first start and shown; only seed_demo reads it.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")

# Third-party deprecations that would stop the tests belong here, each with its reason.
warnings.filterwarnings("default", category=DeprecationWarning, module="kombu")
