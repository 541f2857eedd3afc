"""Which officers have a page open that was heard just now, in Redis: whoever has none is told by a notice."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import redis

from forces.context import current_force
from forces.dispatch import redis_client

log = logging.getLogger(__name__)

NOTED_EVERY_S = 5.0
# A page pings every 2 s. One that is hidden or without a network is soon no open page: rather a notice too many.
OPEN_SECONDS = 12


def page_key(schema: str, user_id: str) -> str:
    """Return the key that stands while a page of an officer is open."""
    return f"{schema}:officer-page:{user_id}"


def open_pages(user_ids: Sequence[str]) -> set[str]:
    """Return those officers who have a page open; nobody when that cannot be known."""
    if not user_ids:
        return set()
    schema = current_force().schema
    try:
        found: Any = redis_client().mget([page_key(schema, user_id) for user_id in user_ids])
    except (redis.RedisError, OSError):
        log.warning("it is not known whose pages are open: everybody is told")
        return set()
    return {user_id for user_id, value in zip(user_ids, found, strict=True) if value is not None}
