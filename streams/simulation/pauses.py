"""How long a simulated person waits before the next try."""

from __future__ import annotations

import secrets

BETWEEN_CALLS_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 60.0


def pause_seconds(failures: int) -> float:
    """Seconds until the next try: short after one that went well, longer with each failure, jittered."""
    if failures == 0:
        return BETWEEN_CALLS_SECONDS
    full = min(LONGEST_PAUSE_SECONDS, 2.0 ** min(failures, 10))
    return full * (0.5 + secrets.randbelow(500) / 1000)
