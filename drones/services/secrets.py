"""Secrets of an aircraft that are derived or kept: nothing that opens anything is in the database as it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from django.conf import settings

from drones.models import Aircraft, AircraftKey
from forces.accounts.second_factor import ciphers
from forces.context import current_force

PASSPHRASE_LETTERS = 24
"""Of 32 different ones: 120 bits, and short enough to be typed into an encoder."""
_FEED_NAME = re.compile(r"[0-9a-f]{64}")


def srt_passphrase(key: AircraftKey) -> str:
    """Return what an encoder of the aircraft shows by SRT; another key has another one."""
    return base64.b32encode(_derived("srt", key))[:PASSPHRASE_LETTERS].decode().lower()


def feed_name(key: AircraftKey) -> str:
    """Return the name by which the RTMP server knows what is pushed with a key; whoever knows it may look."""
    return _derived("rtmp", key).hex()


def is_feed_name(name: str) -> bool:
    """Tell whether a name has the shape of `feed_name`'s, which no key has: by it bridges read, and nobody pushes."""
    return _FEED_NAME.fullmatch(name) is not None


def keep_password(aircraft: Aircraft, password: str) -> None:
    """Set the field of an aircraft's camera password; the caller saves. Nothing is kept of an empty one."""
    aircraft.rtsp_password_kept = ciphers().encrypt(password.encode()).decode() if password else ""


def camera_password(aircraft: Aircraft) -> str:
    """Return an aircraft's camera password; raises cryptography's `InvalidToken` when the secret key has changed."""
    kept = aircraft.rtsp_password_kept
    return ciphers().decrypt(kept.encode()).decode() if kept else ""


def _derived(what: str, key: AircraftKey) -> bytes:
    text = f"drones.{what}|{current_force().schema}|{key.aircraft_id}|{key.key_hash}"
    return hmac.digest(settings.LINK_KEY.encode(), text.encode(), hashlib.sha256)
