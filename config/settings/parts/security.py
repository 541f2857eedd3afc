"""Secrets, hosts, cookies and headers."""

import os

from csp.constants import NONCE, NONE, SELF

SECRET_KEY = os.environ["SIGHTLINE_SECRET_KEY"]
# Keys that it replaced: sessions and secrets of authenticator apps made under them go on being read.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SIGHTLINE_SECRET_KEY_FALLBACKS", "").split(",") if key]
LINK_KEY = os.environ["SIGHTLINE_LINK_KEY"]
SCHEME = os.environ.get("SIGHTLINE_SCHEME", "http")
PUBLIC_PORT = int(os.environ.get("SIGHTLINE_PORT", "8000"))

_base = os.environ.get("SIGHTLINE_BASE_DOMAIN", "localhost")
# Which host is a force is decided by forces.middleware; this list only keeps foreign names out.
ALLOWED_HOSTS = [_base, f".{_base}", "127.0.0.1"]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

# Sign-in by user name and password, then a second factor where one is enrolled or the role must have one. Accounts are
# made by admins: no page signs anybody up, and no e-mail opens an account.
ACCOUNT_ADAPTER = "forces.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# A failure budget, which comes back by itself: wrong passwords for one name from one address, and all from one address.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/5m/ip,8/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1
MFA_ADAPTER = "forces.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Phones' clocks differ from ours: the codes before and after the present one are right as well.
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_NAME = "sl_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "sl_csrf"
CALLER_COOKIE_NAME = "sl_caller"
AGENCY_COOKIE_NAME = "sl_agency"
MEETING_COOKIE_NAME = "sl_meeting"
# Where "Exit this page" leads from an error page; a force sets its own for all others.
EXIT_URL = "https://www.bbc.co.uk/weather"
# The language that a member of the public chose: no secret.
LANGUAGE_COOKIE_NAME = "sl_language"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "forces.views.csrf_failed"
# Nothing leaves the site; pages with a link in their address say less still. "no-referrer" would hide the origin by
# which forms of the admin are checked.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

_tiles = os.environ.get("SIGHTLINE_MAP_TILES_URL", "")
_tile_hosts = ["/".join(_tiles.split("/")[:3])] if "://" in _tiles else []
# Tiles of another host come without the header that this would ask of them.
CROSS_ORIGIN_EMBEDDER_POLICY = "unsafe-none" if _tile_hosts else "require-corp"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # The nonce is that of a page's own style element, see forces/templatetags/pages.py; scripts are files, always.
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *_tile_hosts],
        "media-src": [SELF, "blob:"],
        # Named for browsers whose 'self' does not cover sockets (Safari before 15.4).
        "connect-src": [SELF, f"wss://*.{_base}"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
