"""The live set in Redis: the newest fix of each officer on duty. The next fixes make it anew after Redis was lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

import redis

from forces.context import current_force
from forces.dispatch import act_on_commit, redis_client

log = logging.getLogger(__name__)


def geo_key(schema: str) -> str:
    """Return the key of the GEO set: member is the officer's user id."""
    return f"{schema}:officers:geo"


def fix_key(schema: str) -> str:
    """Return the key of the hash of fixes: field is the officer's user id, value an OfficerFix as JSON."""
    return f"{schema}:officers:fix"


def read_fixes(user_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return {user id: OfficerFix} of those that have one; none when that cannot be known."""
    if not user_ids:
        return {}
    try:
        found: Any = redis_client().hmget(fix_key(current_force().schema), list(user_ids))
    except (redis.RedisError, OSError):
        log.warning("it is not known where officers are")
        return {}
    return {user_id: json.loads(value) for user_id, value in zip(user_ids, found, strict=True) if value}


def forget_on_commit(user_id: str) -> None:
    """Take an officer whose shift ends off the map at once; should that fail, the watchdog finds it."""
    schema = current_force().schema
    act_on_commit(lambda: _forget(schema, user_id))


def _forget(schema: str, user_id: str) -> None:
    try:
        pipe = redis_client().pipeline(transaction=False)
        pipe.zrem(geo_key(schema), user_id)
        pipe.hdel(fix_key(schema), user_id)
        pipe.execute()
    except (redis.RedisError, OSError):
        log.warning("an officer off duty is left to the watchdog", extra={"force": schema})
