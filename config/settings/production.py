"""Production: real names, TLS, real messages. `forces.production` refuses development's conveniences at the start."""

from config.settings.base import *

IS_PRODUCTION = True

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Machines on loopback speak plain HTTP: the media server's events would not follow a redirect.
# Devices are led to HTTPS by their own door: a 301 would make a GET of their POST.
SECURE_REDIRECT_EXEMPT = [r"^machine/", r"^(healthz|readyz|metrics)$", r"^whip(/|$)"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# security.W021 asks for SECURE_HSTS_PRELOAD: browsers' lists take whole registered domains (police.uk) and hardly give
# one back. Whoever owns the domain decides that, not one service below it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The prefix makes browsers themselves refuse these cookies without Secure, with a Domain or from another host: a
# sibling host (another force, a page that was taken over) can not plant one.
SESSION_COOKIE_NAME = f"__Host-{SESSION_COOKIE_NAME}"
CSRF_COOKIE_NAME = f"__Host-{CSRF_COOKIE_NAME}"
CALLER_COOKIE_NAME = f"__Host-{CALLER_COOKIE_NAME}"
AGENCY_COOKIE_NAME = f"__Host-{AGENCY_COOKIE_NAME}"
MEETING_COOKIE_NAME = f"__Host-{MEETING_COOKIE_NAME}"
LANGUAGE_COOKIE_NAME = f"__Host-{LANGUAGE_COOKIE_NAME}"
