"""Names and passwords of the Postgres logins: one per force, one for the platform, one owner."""

import hashlib
import hmac

PUBLIC_SCHEMA = "public"
PLATFORM_LOGIN = "sightline_platform"
OWNER_LOGIN = "sightline_owner"


def login_of(schema: str) -> str:
    """Return the login that may use ``schema``; ``public`` belongs to the platform's login."""
    return PLATFORM_LOGIN if schema == PUBLIC_SCHEMA else f"force_{schema}"


def password_of(login: str, key: str) -> str:
    """Derive a login's password: hex HMAC-SHA256 of its name under the deployment's key."""
    return hmac.new(key.encode(), login.encode(), hashlib.sha256).hexdigest()
