"""Where aircraft in the air are now, and what their cameras see: a set in Redis per force, made anew by the next fixes.

`{schema}:flights` holds the wire's FlightNow of each flight as JSON, by its session's id. It is not the truth of what
flies: whoever reads it asks for sessions that go on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

import redis

from forces.context import current_force
from forces.dispatch import act_on_commit, redis_client
from streams.shapes import Plain

log = logging.getLogger(__name__)

# What a flight that ended left behind, for want of Redis at that moment, goes when nothing flies for a day.
KEPT_FOR_S = 24 * 3600


def flights_key(schema: str) -> str:
    """Return the key of the newest of each flight."""
    return f"{schema}:flights"


def known_flights(session_ids: Sequence[str]) -> dict[str, Plain]:
    """Return {session id: FlightNow} of those flights that have one; none when that cannot be known."""
    if not session_ids:
        return {}
    try:
        found: Any = redis_client().hmget(flights_key(current_force().schema), list(session_ids))
    except (redis.RedisError, OSError):
        log.warning("it is not known where aircraft are")
        return {}
    return {name: json.loads(text) for name, text in zip(session_ids, found, strict=True) if text is not None}


def forget_flight_on_commit(session_id: str) -> None:
    """Take a flight that is over off the map at once."""
    schema = current_force().schema
    act_on_commit(lambda: _forget(schema, session_id))


def _forget(schema: str, session_id: str) -> None:
    try:
        redis_client().hdel(flights_key(schema), session_id)
    except (redis.RedisError, OSError):
        log.warning("a flight that is over stays in the live set", extra={"force": schema})
