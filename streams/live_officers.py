"""Where officers on duty are now: a set in Redis per force, made anew by the next fixes when Redis was lost.

`{schema}:officers:geo` holds user ids by place, `{schema}:officers:fix` the newest fix of each as JSON, and
`{schema}:officers:doubt` since when what a phone says is not believed. Nothing here is the truth of who is on duty:
whoever reads it looks at the shifts as well.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import redis

from forces.context import current_force
from forces.dispatch import act_on_commit, redis_client
from forces.errors import Unavailable
from streams.shapes import Plain, iso

log = logging.getLogger(__name__)

OFFERED_FOR = timedelta(minutes=15)
"""A fix that is older says where somebody was, and is no position to send them from."""


@dataclass(frozen=True, slots=True)
class OfficerFix:
    """One fix of an officer: degrees WGS 84, metres, degrees from north, metres per second."""

    latitude: float
    longitude: float
    accuracy_m: float
    fixed_at: datetime
    received_at: datetime
    heading_deg: float | None = None
    speed_mps: float | None = None
    is_late: bool = False

    def stands(self, now: datetime) -> bool:
        """Whether it is young enough to say where the officer is."""
        return now - self.fixed_at <= OFFERED_FOR

    def as_dict(self) -> Plain:
        """Return the wire's OfficerFix."""
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "accuracy_m": self.accuracy_m,
            "heading_deg": self.heading_deg,
            "speed_mps": self.speed_mps,
            "fixed_at": iso(self.fixed_at),
            "received_at": iso(self.received_at),
            "is_late": self.is_late,
        }


def geo_key(schema: str) -> str:
    """Return the key of the officers by place."""
    return f"{schema}:officers:geo"


def fix_key(schema: str) -> str:
    """Return the key of the newest fix of each officer."""
    return f"{schema}:officers:fix"


def doubt_key(schema: str) -> str:
    """Return the key of the officers whose phones say what is not believed."""
    return f"{schema}:officers:doubt"


def forget_on_commit(user_id: str) -> None:
    """Take an officer whose shift ends off the map at once; should that fail, the watchdog finds it."""
    schema = current_force().schema
    act_on_commit(lambda: _forget(schema, user_id))


def nearest(*, latitude: float, longitude: float, radius_m: float, count: int) -> list[str]:
    """Return the user ids of the `count` nearest within `radius_m`, nearest first. Raises `Unavailable`."""
    client, key = redis_client(), geo_key(current_force().schema)
    found: Any = _run(
        lambda: client.geosearch(
            key, longitude=longitude, latitude=latitude, radius=radius_m, unit="m", sort="ASC", count=count
        )
    )
    return [member.decode() for member in found]


def read_fixes(user_ids: Sequence[str]) -> dict[str, OfficerFix]:
    """Return the newest fix of those officers that have one. Raises `Unavailable`."""
    if not user_ids:
        return {}
    client, key = redis_client(), fix_key(current_force().schema)
    found: Any = _run(lambda: client.hmget(key, list(user_ids)))
    return {user_id: _read(text) for user_id, text in zip(user_ids, found, strict=True) if text is not None}


def known_fixes(user_ids: Sequence[str]) -> dict[str, Plain]:
    """Return {user id: OfficerFix of the wire} of those that have one; none when that cannot be known."""
    try:
        return {user_id: fix.as_dict() for user_id, fix in read_fixes(user_ids).items()}
    except Unavailable:
        log.warning("it is not known where officers are")
        return {}


def known_doubts(user_ids: Sequence[str]) -> dict[str, str]:
    """Return {user id: since when} of those whose newest position is doubtful; none when that cannot be known."""
    if not user_ids:
        return {}
    client, key = redis_client(), doubt_key(current_force().schema)
    try:
        found: Any = _run(lambda: client.hmget(key, list(user_ids)))
    except Unavailable:
        return {}
    return {user_id: at.decode() for user_id, at in zip(user_ids, found, strict=True) if at is not None}


def _forget(schema: str, user_id: str) -> None:
    try:
        pipe = redis_client().pipeline(transaction=False)
        pipe.zrem(geo_key(schema), user_id)
        pipe.hdel(fix_key(schema), user_id)
        pipe.hdel(doubt_key(schema), user_id)
        pipe.execute()
    except (redis.RedisError, OSError):
        log.warning("an officer off duty is left to the watchdog", extra={"force": schema})


_read = msgspec.json.Decoder(OfficerFix).decode


def _run(ask: Any) -> Any:
    try:
        return ask()
    except (redis.RedisError, OSError) as error:
        raise Unavailable from error
