"""What is pushed to a browser, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one push: taken; try later; refused; or the browser has gone and is to be forgotten."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PushTarget:
    """One browser: its address and keys (base64url), and the key of ours that it subscribed with."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    server_key: str


@dataclass(frozen=True, slots=True)
class PushMessage:
    """What is pushed. Under one `topic` (1 to 32 characters of base64url) a later one replaces one not yet fetched."""

    content: Mapping[str, str]
    topic: str
    ttl_s: int


@dataclass(frozen=True, slots=True)
class PushReport:
    """What became of a push to one browser, and after how many seconds the service wants to be asked again."""

    outcome: Outcome
    wait_s: int = 0
