"""Settings that every environment shares. Secrets come from the environment; see config/environment.py."""

import os
from pathlib import Path

from config.environment import load_environment

load_environment()

# Whoever loads the settings sends tasks by this application.
from config.celery import app as celery_app  # noqa: F401
from config.settings.parts.celery import *
from config.settings.parts.channels import *
from config.settings.parts.media import *
from config.settings.parts.messaging import *
from config.settings.parts.push import *
from config.settings.parts.security import *
from config.settings.parts.tenancy import *

BASE_DIR = Path(__file__).resolve().parents[2]
DEBUG = False

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Outside of the force's unit of work, for answers that never get as far as a force.
    "forces.headers.headers_middleware",
    "csp.middleware.CSPMiddleware",
    "forces.middleware.force_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "forces.middleware.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
            ]
        },
    }
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("SIGHTLINE_STATIC_ROOT", BASE_DIR / ".run" / "static"))
WEB_ROOT = Path(os.environ.get("SIGHTLINE_WEB_ROOT", BASE_DIR / "web" / "dist"))

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "forces.cache.key_of_force",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["forces.accounts.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "forces.rest.handle_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sightline API",
    "DESCRIPTION": "Read-only for auditors (token); console acts need a signed-in session.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Names of choices that several shapes call `kind` or `state`.
    "ENUM_NAME_OVERRIDES": {
        "SessionKindEnum": "streams.models.session.LiveSession.Kind",
        "SessionStateEnum": "streams.models.session.LiveSession.State",
        "LinkKindEnum": "streams.models.session.LiveSession.LinkKind",
        "ConsultationPurposeEnum": "consultations.models.consultation.Consultation.Purpose",
        "ConsultationStateEnum": "consultations.models.consultation.Consultation.State",
        "ParticipantRoleEnum": "consultations.models.participant.Participant.Role",
        "FlightStateEnum": "drones.models.flight.Flight.State",
        "LawfulBasisEnum": "drones.models.flight.Flight.LawfulBasis",
        "ItemKindEnum": "evidence.models.item.ItemKind",
        "ItemStateEnum": "evidence.models.item.ItemState",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_AUTHENTICATION": [
        "forces.accounts.authentication.SessionAuthentication",
        "forces.accounts.authentication.ApiTokenAuthentication",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "forces.logs.JsonFormatter"}},
    "filters": {"repeats": {"()": "forces.log_repeats.Repeats"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["repeats"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("SIGHTLINE_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Channels' access lines would hold links.
        "django.channels.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
    },
}
