"""How long a sign-in lasts: one place for pages, REST and sockets."""

from datetime import datetime, timedelta
from typing import Protocol

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# Activity is written down at most this often.
NOTED_EVERY = timedelta(minutes=1)
# How fresh the proof for an act of weight must be.
PROOF = timedelta(minutes=5)


class Lasting(Protocol):
    """What has begun and was seen."""

    started_at: datetime
    seen_at: datetime


def limit_reached(sign_in: Lasting, now: datetime) -> str:
    """Return why a sign-in is over at ``now`` (``idle``, ``too_long``), or an empty string."""
    if now - sign_in.started_at >= LONGEST:
        return "too_long"
    return "idle" if now - sign_in.seen_at >= IDLE else ""
