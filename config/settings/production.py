"""Production: real names, TLS, real messages; refuses development's conveniences."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import (
    BASE_DOMAIN,
    DB_LOGIN_KEY,
    JANUS_ROOM_KEY,
    LINK_KEY,
    NOTIFY_API_KEY,
    SECRET_KEY,
    SMS_SENDER,
)

IS_PRODUCTION = True

if SMS_SENDER != "notify" or not NOTIFY_API_KEY:
    raise ImproperlyConfigured("Production sends by GOV.UK Notify: set SIGHTLINE_SMS_SENDER and its API key.")
if min(map(len, (SECRET_KEY, LINK_KEY, DB_LOGIN_KEY, JANUS_ROOM_KEY))) < 32:
    raise ImproperlyConfigured("Production needs secret, link, database and room keys of at least 32 characters.")
if BASE_DOMAIN == "localhost":
    raise ImproperlyConfigured("Production needs SIGHTLINE_BASE_DOMAIN.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Machines on loopback speak plain HTTP: the media server's events would not follow a redirect.
SECURE_REDIRECT_EXEMPT = [r"^machine/", r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
