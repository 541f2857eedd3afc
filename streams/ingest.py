"""Keys by which devices send pictures: each app that gives some out says what they open.

An app registers the prefix of its keys from its `ready()`; the door asks nobody else what a key is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forces.actors import Actor
from forces.errors import DomainError


class KeyInvalid(DomainError):
    """There is no such key, or it opens nothing any more (HTTP 401)."""

    code = "key_invalid"
    http_status = 401
    message = "This key is not valid."


@dataclass(frozen=True, slots=True)
class Ingest:
    """Who sends by a key, and into which live session."""

    actor: Actor
    session_id: UUID


FindIngest = Callable[[str, datetime, str], Ingest]
"""(key, now, request id) -> what it opens now; raises `KeyInvalid`, or why nothing is open for it. Locks the key."""
_finders: dict[str, FindIngest] = {}


def register_keys(prefix: str, find: FindIngest) -> None:
    """Let an app say what keys with a prefix open; a second registration of the same prefix is a mistake."""
    if prefix in _finders:
        raise ValueError(f"{prefix} is registered twice")
    _finders[prefix] = find


def find_ingest(key: str, now: datetime, request_id: str) -> Ingest:
    """Return what a key opens now. Raises `KeyInvalid`, or what the key's app does."""
    for prefix, find in _finders.items():
        if key.startswith(prefix):
            return find(key, now, request_id)
    raise KeyInvalid
