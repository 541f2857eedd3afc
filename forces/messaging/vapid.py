"""The keys by which push services know this deployment (VAPID, RFC 8292)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid

_CONTACT = re.compile(r"mailto:[^@\s]+@[\w-]+(\.[\w-]+)+|https://[\w-]+(\.[\w-]+)+(/\S*)?")


class KeyUnusable(ValueError):
    """What was given is no private key of P-256; never says what it was."""


def is_contact(address: str) -> bool:
    """Return whether push services can write to `address`: an e-mail address or a page."""
    return _CONTACT.fullmatch(address) is not None


def is_on() -> bool:
    """Return whether phones can be pushed to: it is switched on, and there is a key."""
    return settings.PUSH == "on" and bool(settings.PUSH_KEY)


def public_key() -> str:
    """Return the public half of the present key (base64url, 65 bytes); raises `KeyUnusable`."""
    return read_key(settings.PUSH_KEY)[0]


def signer_of(server_key: str) -> Any | None:
    """Return the `py_vapid.Vapid` whose public half a browser subscribed with; None when it is ours no longer."""
    known = dict(read_key(key) for key in (settings.PUSH_KEY, *settings.PUSH_KEY_FALLBACKS))
    return known.get(server_key)


@lru_cache(maxsize=8)
def read_key(text: str) -> tuple[str, Any]:
    """Return (public half, `py_vapid.Vapid`) of a private key, raw in base64url or PEM. Raises `KeyUnusable`."""
    try:
        vapid = Vapid.from_pem(text.encode()) if text.startswith("-----BEGIN") else Vapid.from_string(text)
        point = vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    except Exception:
        raise KeyUnusable("not a private key of P-256") from None  # the first one may repeat it
    if not isinstance(vapid.public_key.curve, SECP256R1):
        raise KeyUnusable("not a private key of P-256")
    return urlsafe_b64encode(point).rstrip(b"=").decode(), vapid
