"""Tests: like development, with cheap password hashing."""

import os

# Static checks load these settings without a running system; nothing connects with such values.
for _name in ("SECRET_KEY", "LINK_KEY", "DB_KEY", "DB_OWNER_PASSWORD"):
    os.environ.setdefault(f"SIGHTLINE_{_name}", "only-for-tests")
os.environ.setdefault("SIGHTLINE_REDIS_URL", "redis://127.0.0.1:1/0")

from config.settings.base import *

IS_PRODUCTION = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CAMERAS_MAY_BE_HERE = True
