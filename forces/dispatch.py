"""What leaves a unit of work after its COMMIT: tasks by name, and messages to sockets with a number per topic.

A lost task or message changes nothing: what is due is a state in Postgres that a sweep finds again, and a client
that misses a number takes a snapshot.
"""

import logging
import re
from typing import Any

import redis
from asgiref.sync import async_to_sync
from celery import current_app
from channels.layers import get_channel_layer
from django.conf import settings

from forces.context import required_unit
from forces.refs import ForceRef

log = logging.getLogger(__name__)

_redis: redis.Redis | None = None
Broadcasts = list[tuple[str, dict[str, Any]]]


def redis_client() -> redis.Redis:
    """Return this process's Redis client (2 s deadline on every call)."""
    global _redis
    if _redis is None:
        _redis = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    return _redis


def group_name(schema: str, topic: str) -> str:
    """Return the channel group of a force's topic; Channels allows letters, digits, ``-``, ``_`` and ``.``."""
    return f"{schema}.{re.sub(r'[^A-Za-z0-9_.-]', '-', topic)}"


def seq_key(schema: str, topic: str) -> str:
    """Return the Redis key that counts the messages of a topic."""
    return f"{schema}:seq:{topic}"


def enqueue_on_commit(task: str, kwargs: dict[str, Any], *, countdown: float = 0) -> None:
    """Send the force task ``task`` when the open unit of work has committed."""
    unit = required_unit()
    unit.after_commit.append(lambda: send_force_task(unit.force, task, kwargs, countdown=countdown))


def broadcast_on_commit(topic: str, message: dict[str, Any]) -> None:
    """Send ``message`` to the active force's ``topic`` when the open unit of work has committed."""
    required_unit().broadcasts.append((topic, message))


def send_force_task(
    force: ForceRef,
    task: str,
    kwargs: dict[str, Any],
    *,
    countdown: float = 0,
    expires: float | None = None,
) -> None:
    """Send a force task now, its force in the header and in an argument; a dead broker is logged, not raised."""
    try:
        current_app.send_task(
            task,
            kwargs={**kwargs, "force": force.schema},
            headers={"force": force.schema},
            countdown=countdown or None,
            expires=expires,
        )
    except Exception:
        log.exception("task not sent, its sweep will find it", extra={"task": task, "force": force.schema})


def numbered(force: ForceRef, broadcasts: Broadcasts) -> Broadcasts:
    """Give each message its topic and the topic's next number; returns nothing when Redis is not there."""
    if not broadcasts:
        return []
    try:
        pipe = redis_client().pipeline(transaction=False)
        for topic, _ in broadcasts:
            pipe.incr(seq_key(force.schema, topic))
        numbers = pipe.execute()
    except redis.RedisError:
        log.exception("messages not sent, clients will see their sockets fail", extra={"force": force.schema})
        return []
    return [
        (topic, {**message, "topic": topic, "seq": number})
        for (topic, message), number in zip(broadcasts, numbers, strict=True)
    ]


def current_seq(schema: str, topic: str) -> int:
    """Return the number of the last message of a topic (0 before the first)."""
    value = redis_client().get(seq_key(schema, topic))
    return int(value) if value else 0


async def publish(force: ForceRef, broadcasts: Broadcasts) -> None:
    """Number and send messages from async code."""
    layer: Any = get_channel_layer()
    for topic, message in numbered(force, broadcasts):
        try:
            await layer.group_send(group_name(force.schema, topic), {"type": "wire.message", "message": message})
        except (redis.RedisError, OSError):
            log.exception("message not sent", extra={"force": force.schema, "topic": topic})


def publish_now(force: ForceRef, broadcasts: Broadcasts) -> None:
    """Number and send messages from sync code."""
    if broadcasts:
        async_to_sync(publish)(force, broadcasts)
