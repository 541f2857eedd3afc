"""What a production process refuses to start with: development's conveniences, and secrets that are none."""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from forces import clock
from forces.messaging import vapid

LEAST_CHARACTERS = 32
LEAST_DIFFERENT = 8
# Each by its setting and the variable that sets it.
SECRETS = {
    "SECRET_KEY": "SIGHTLINE_SECRET_KEY",
    "LINK_KEY": "SIGHTLINE_LINK_KEY",
    "DB_LOGIN_KEY": "SIGHTLINE_DB_KEY",
    "JANUS_ROOM_KEY": "SIGHTLINE_JANUS_ROOM_KEY",
    "JANUS_API_SECRET": "SIGHTLINE_JANUS_API_SECRET",
    "JANUS_ADMIN_KEY": "SIGHTLINE_JANUS_ADMIN_KEY",
    "JANUS_EVENTS_PASSWORD": "SIGHTLINE_JANUS_EVENTS_PASSWORD",
    "TURN_SECRET": "SIGHTLINE_TURN_SECRET",
    "NOTIFY_CALLBACK_TOKEN": "SIGHTLINE_NOTIFY_CALLBACK_TOKEN",
}


def refuse_unsafe_settings(settings: Any) -> None:
    """Raise ``ImproperlyConfigured`` with every reason why these settings may not serve people; never with a value."""
    reasons = [*_weak_secrets(settings), *_conveniences(settings), *_addresses(settings), *_push(settings)]
    if reasons:
        raise ImproperlyConfigured("Production does not start:\n" + "\n".join(f"- {reason}" for reason in reasons))


def _weak_secrets(settings: Any) -> list[str]:
    values = {variable: str(getattr(settings, name)) for name, variable in SECRETS.items()}
    uses = Counter(values.values())
    needed = f"{LEAST_CHARACTERS} random characters, different from every other secret"
    return [f"{variable} needs {needed}." for variable, value in values.items() if _is_weak(value) or uses[value] > 1]


def _is_weak(value: str) -> bool:
    return len(value) < LEAST_CHARACTERS or len(set(value)) < LEAST_DIFFERENT or value.startswith("django-insecure-")


def _conveniences(settings: Any) -> list[str]:
    rules = {
        "DEBUG is on.": settings.DEBUG,
        "SIGHTLINE_SMS_SENDER must be notify: the outbox sends nothing.": settings.SMS_SENDER != "notify",
        "SIGHTLINE_NOTIFY_API_KEY is missing.": not settings.NOTIFY_API_KEY,
        "SIGHTLINE_TURN_URLS is missing: phones behind a carrier's network need a relay.": not settings.TURN_URLS,
        "SIGHTLINE_CLOCK_OFFSET_S moves the clock.": clock.is_moved(),
    }
    return [reason for reason, is_broken in rules.items() if is_broken]


def _addresses(settings: Any) -> list[str]:
    rules = {
        "SIGHTLINE_BASE_DOMAIN must be a real domain.": not _is_real_domain(settings.BASE_DOMAIN),
        "SIGHTLINE_SCHEME must be https.": settings.SCHEME != "https",
        "SIGHTLINE_REDIS_URL has no password.": not urlsplit(settings.REDIS_URL).password,
    }
    return [reason for reason, is_broken in rules.items() if is_broken]


def _push(settings: Any) -> list[str]:
    is_on = settings.PUSH == "on"
    keys = (settings.PUSH_KEY, *settings.PUSH_KEY_FALLBACKS)
    rules = {
        "SIGHTLINE_PUSH is on or off.": settings.PUSH not in ("on", "off"),
        "SIGHTLINE_PUSH_KEY (or the file of SIGHTLINE_PUSH_KEY_FILE) and each of SIGHTLINE_PUSH_KEY_FALLBACKS must be "
        "a private key of P-256.": is_on and not all(_is_key(key) for key in keys),
        "SIGHTLINE_PUSH_CONTACT must be an address, mailto: or https:.": is_on
        and not vapid.is_contact(settings.PUSH_CONTACT),
        "SIGHTLINE_PUSH_TEST_ORIGINS lets phones be pushed to by what is no push service.": bool(
            settings.PUSH_TEST_ORIGINS
        ),
    }
    return [reason for reason, is_broken in rules.items() if is_broken]


def _is_key(text: str) -> bool:
    try:
        vapid.read_key(text)
    except vapid.KeyUnusable:
        return False
    return True


def _is_real_domain(name: str) -> bool:
    if name.rpartition(".")[2] in {"", "localhost", "local", "test", "invalid", "localdomain"} or "." not in name:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False
