"""Which addresses may be posted to: a browser names one when it subscribes, and anybody can write to that door."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 1024  # characters


def is_push_service(endpoint: str) -> bool:
    """Return whether `endpoint` is https at a push service that the settings name, and nothing besides."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        return False
    # What two readers of an address may read in two ways is refused, not cleaned up.
    if "\\" in endpoint or "@" in parts.netloc or parts.fragment or len(parts.path) < 2:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_TEST_ORIGINS:
        return True
    return parts.scheme == "https" and port in (None, 443) and _is_named(host)


def host_of(endpoint: str) -> str:
    """Return the host of an endpoint, which names a maker of browsers and no person."""
    return urlsplit(endpoint).hostname or ""


def _is_named(host: str) -> bool:
    if "" in host.split("."):
        return False
    return any(host.endswith(name[1:]) if name.startswith("*.") else host == name for name in settings.PUSH_SERVICES)
