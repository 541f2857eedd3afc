"""Who is on duty: users with an open console, by signs of life in Redis that expire by themselves."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import redis

from forces.context import current_force
from forces.dispatch import redis_client

DUTY_SECONDS = 15
log = logging.getLogger(__name__)


def duty_key(schema: str, user_id: str) -> str:
    """Return the key that stands while a user has an open console."""
    return f"{schema}:duty:{user_id}"


def users_on_duty(user_ids: Sequence[str]) -> set[str]:
    """Return those of the users whose console was heard lately; nobody when that cannot be known."""
    if not user_ids:
        return set()
    schema = current_force().schema
    try:
        found: Any = redis_client().mget([duty_key(schema, user_id) for user_id in user_ids])
    except redis.RedisError:
        log.warning("it is not known who is on duty")
        return set()
    return {user_id for user_id, value in zip(user_ids, found, strict=True) if value is not None}
