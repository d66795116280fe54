"""Settings, from the environment; every default makes a working lender on one machine.

`CHEQI_HOME` is where data lives (database, files, keys); `CHEQI_DATABASE_URL` moves the rows to
PostgreSQL, as in `postgresql://user@host:5432/name`. Nothing here names a person's machine.
"""

import os
from pathlib import Path

from cheqi.config.environment import database_from_url, discovered_apps, flag, secret_key

PACKAGE_DIR = Path(__file__).resolve().parent.parent
CHEQI_HOME = Path(os.environ.get("CHEQI_HOME", "var")).resolve()
CHEQI_DATA = os.environ.get("CHEQI_DATA", "")

DEBUG = flag("CHEQI_DEBUG", default=False)
SECRET_KEY = secret_key(CHEQI_HOME)
ALLOWED_HOSTS = os.environ.get("CHEQI_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CHEQI_ORIGINS", "").split(",") if origin]
LENDER_NAME = os.environ.get("CHEQI_LENDER_NAME", "车契演示汽车金融有限公司")
CHEQI_LOG_NAME = os.environ.get("CHEQI_LOG_NAME", "cheqi.local/evidence")
PUBLIC_URL = os.environ.get("CHEQI_PUBLIC_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "ninja",
    *discovered_apps(PACKAGE_DIR),
    "cheqi.config",
]
MIDDLEWARE = [
    "cheqi.web.api.frame.ApiFrame",
    "django.middleware.security.SecurityMiddleware",
    "cheqi.ui.csp.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cheqi.foundation.access.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cheqi.web.desk.gate.DeskGate",
]
ROOT_URLCONF = "cheqi.config.urls"
WSGI_APPLICATION = "cheqi.config.wsgi.application"
AUTH_USER_MODEL = "staff.Member"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cheqi.ui.context.shell",
            ],
            "builtins": ["cheqi.ui.templatetags.cheqi_ui"],
        },
    },
]

FORM_RENDERER = "cheqi.ui.forms.Renderer"
CSRF_FAILURE_VIEW = "cheqi.ui.errors.csrf_failed"

DATABASES = {"default": database_from_url(os.environ.get("CHEQI_DATABASE_URL", ""), CHEQI_HOME)}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("CHEQI_STATIC_ROOT") or None  # only for a separate file server
MEDIA_ROOT = CHEQI_HOME / "files"
FILE_UPLOAD_HANDLERS = ["cheqi.foundation.documents.upload_handler.LimitedUploadHandler"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/ui/build/[\w.]+-[0-9A-Z]{8}\.\w+$"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
X_FRAME_OPTIONS = "DENY"
CHEQI_SECOND_FACTOR_OPTIONAL = flag("CHEQI_SECOND_FACTOR_OPTIONAL", default=False)
CHEQI_PROXIES = int(os.environ.get("CHEQI_PROXIES", "0"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CHEQI_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SESSION_COOKIE_SECURE else 0

EMAIL_HOST = os.environ.get("CHEQI_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("CHEQI_SMTP_PORT", "1025"))
EMAIL_HOST_USER = os.environ.get("CHEQI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("CHEQI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("CHEQI_SMTP_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("CHEQI_MAIL_FROM", "notice@cheqi.invalid")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("CHEQI_LOG_LEVEL", "WARNING")},
}

LENDER_USCC = os.environ.get("CHEQI_LENDER_USCC", "91330100MA0CHEQ1X7")
LENDER_ADDRESS = os.environ.get("CHEQI_LENDER_ADDRESS", "浙江省杭州市示例区示例路 1 号")
LENDER_PHONE = os.environ.get("CHEQI_LENDER_PHONE", "400-000-0000")
LENDER_PLACE = os.environ.get("CHEQI_LENDER_PLACE", "浙江省杭州市")
LENDER_COURT = os.environ.get("CHEQI_LENDER_COURT", "贷款人住所地人民法院")
LENDER_CODE = os.environ.get("CHEQI_LENDER_CODE", "CHEQI-DEMO")
