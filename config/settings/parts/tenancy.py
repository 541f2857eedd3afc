"""One schema and one login per force; the owner role only where schemas are made."""

import os

DB_ROLE = os.environ.get("DB_ROLE", "web")
DB_LOGIN_KEY = os.environ["SIGHTLINE_DB_KEY"]
DB_THREADS = int(os.environ.get("SIGHTLINE_DB_THREADS", "12"))
# At once in each process, for each force: acts of sockets, and requests. One more is for consoles' heartbeats.
DB_SLOTS_PER_FORCE = int(os.environ.get("SIGHTLINE_DB_SLOTS_PER_FORCE", "4"))
DB_REQUESTS_PER_FORCE = int(os.environ.get("SIGHTLINE_DB_REQUESTS_PER_FORCE", "4"))
# Whoever has a slot finds a connection, too.
DB_POOL_SIZE = int(os.environ.get("SIGHTLINE_DB_POOL_SIZE", str(DB_SLOTS_PER_FORCE + DB_REQUESTS_PER_FORCE + 2)))
# More than the statement time-out of every login (15 s), which a server that hangs does not keep.
DB_ANSWER_SECONDS = float(os.environ.get("SIGHTLINE_DB_ANSWER_SECONDS", "17"))
BASE_DOMAIN = os.environ.get("SIGHTLINE_BASE_DOMAIN", "localhost")

_is_owner = DB_ROLE == "owner"
# A server that lets a login in without SCRAM (`trust`, `peer`, a clear password) would let in every force's: libpq then
# gives the connection up.
_CONNECTING = {"connect_timeout": 5, "require_auth": "scram-sha-256"}

DATABASES = {
    "default": {
        # The stock search-path backend has DDL rights only by the owner's login.
        "ENGINE": "forces.postgres.owner" if _is_owner else "forces.postgres",
        "NAME": os.environ.get("SIGHTLINE_DB_NAME", "sightline"),
        "HOST": os.environ.get("SIGHTLINE_DB_HOST", "127.0.0.1"),
        "PORT": os.environ.get("SIGHTLINE_DB_PORT", ""),
        "USER": "sightline_owner" if _is_owner else "",
        "PASSWORD": os.environ["SIGHTLINE_DB_OWNER_PASSWORD"] if _is_owner else "",
        "CONN_MAX_AGE": 0,
        "OPTIONS": _CONNECTING if _is_owner else {**_CONNECTING, "pool": True},
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]

TENANT_MODEL = "forces.Force"
TENANT_DOMAIN_MODEL = "forces.Domain"
TENANT_LIMIT_SET_CALLS = False
AUTH_USER_MODEL = "accounts.User"

_BOTH = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "forces.accounts",
    "forces.audit",
    "allauth.account",
    "allauth.mfa",
]
SHARED_APPS = [
    "forces",
    *_BOTH,
    "django_tenants",  # after the admin, whose own templates are the right ones
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]
TENANT_APPS = [*_BOTH, "evidence", "streams", "drones", "consultations"]
INSTALLED_APPS = [*SHARED_APPS, *[app for app in TENANT_APPS if app not in SHARED_APPS]]
