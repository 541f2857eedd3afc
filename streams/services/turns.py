"""How often a phone may do what is costly: so many turns in a minute, counted in Redis."""

from __future__ import annotations

import hashlib
from datetime import datetime

import redis

from forces.context import current_force
from forces.dispatch import redis_client
from forces.errors import DomainError, Unavailable


class TooOften(DomainError):
    """More turns than a minute has; `details` has `wait_seconds` (HTTP 429)."""

    code = "rate_limited"
    http_status = 429
    message = "This comes too often. Wait a moment."


def take_turn(what: str, holder: str, *, now: datetime, per_minute: int) -> None:
    """Count a turn of `holder` at `what`. Raises `TooOften`, or `Unavailable` when nothing can be counted."""
    second = int(now.timestamp())
    # The holder is known by a secret, of which Redis gets a hash.
    whose = hashlib.sha256(holder.encode()).hexdigest()[:32]
    key = f"{current_force().schema}:turns:{what}:{whose}:{second // 60}"
    try:
        pipe = redis_client().pipeline()
        pipe.incr(key)
        pipe.expire(key, 90)
        count = int(pipe.execute()[0])
    except (redis.RedisError, OSError) as error:
        raise Unavailable from error
    if count > per_minute:
        raise TooOften(details={"wait_seconds": 60 - second % 60})
