"""What leaves a unit of work after its COMMIT: tasks by name, and messages to sockets with a number per topic.

A lost task or message changes nothing: what is due is a state in Postgres that a sweep finds again, and a client
that misses a number takes a snapshot.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from celery import current_app
from channels.layers import get_channel_layer
from django.conf import settings

from forces.context import required_unit
from forces.refs import ForceRef

log = logging.getLogger(__name__)

# How long a batch of messages may take to leave: a Redis that hangs must not hold whoever has committed.
SEND_SECONDS = 2.0
# A topic's numbers begin again when nothing was said for so long; whoever still listens then asks for the snapshot.
COUNTED_FOR_S = 24 * 3600

_redis: redis.Redis | None = None
_async_redis: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()
Broadcasts = list[tuple[str, dict[str, Any]]]


def redis_client() -> redis.Redis:
    """Return this process's Redis client (2 s deadline on every call)."""
    global _redis
    if _redis is None:
        _redis = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    return _redis


def async_redis() -> redis.asyncio.Redis:
    """Return the running loop's Redis client (2 s deadline on every call)."""
    loop = asyncio.get_running_loop()
    if loop not in _async_redis:
        _async_redis[loop] = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2
        )
    return _async_redis[loop]


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


def act_on_commit(act: Callable[[], None]) -> None:
    """Run ``act`` when the open unit of work has committed; a sweep must repair it if it is lost."""
    required_unit().after_commit.append(act)


def broadcast_on_commit(topic: str, message: dict[str, Any]) -> None:
    """Send ``message`` to the active force's ``topic`` when the open unit of work has committed."""
    required_unit().broadcasts.append((topic, message))


def broadcast_abroad_on_commit(schema: str, topic: str, message: dict[str, Any]) -> None:
    """Send ``message`` to ``topic`` of another force's own sockets; for ``forces.services.sharing`` alone."""
    required_unit().abroad.append((schema, topic, message))


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


def current_seq(schema: str, topic: str) -> int:
    """Return the number of the last message of a topic (0 before the first)."""
    value = redis_client().get(seq_key(schema, topic))
    return int(value) if value else 0


async def publish(force: ForceRef, broadcasts: Broadcasts) -> None:
    """Number and send messages from async code; no message ever waits on the event loop itself."""
    if broadcasts:
        await _senders.setdefault(asyncio.get_running_loop(), Sender()).send(force, broadcasts)


def publish_now(force: ForceRef, broadcasts: Broadcasts) -> None:
    """Number and send messages from sync code, without an event loop: a number is hardly ahead of its message."""
    if not broadcasts:
        return
    try:
        pipe = redis_client().pipeline(transaction=False)
        _count(pipe, force, broadcasts)
        _expire_counts(pipe, force, broadcasts)
        numbers = pipe.execute()[: len(broadcasts)]
        pipe = redis_client().pipeline(transaction=False)
        _put(pipe, _numbered(force, broadcasts, numbers))
        pipe.execute()
    except redis.RedisError:
        _log_unsent(force)


class Sender:
    """The way out of one event loop: a batch at a time, so that messages leave in the order of their numbers.

    Whoever comes while a batch is on its way goes with the next one: with a Redis that hangs, nobody waits
    for more than two of them.
    """

    def __init__(self) -> None:
        """Begin with nothing waiting."""
        self._waiting: list[tuple[ForceRef, Broadcasts]] = []
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, force: ForceRef, broadcasts: Broadcasts) -> None:
        """Return when these messages have left, or could not; they leave although the caller is cancelled."""
        self._waiting.append((force, broadcasts))
        task = asyncio.create_task(self._send_waiting())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.shield(task)

    async def _send_waiting(self) -> None:
        async with self._turn:
            batch, self._waiting = self._waiting, []
            if batch:
                await _send_batch(batch)


_senders: WeakKeyDictionary[asyncio.AbstractEventLoop, Sender] = WeakKeyDictionary()


async def _send_batch(batch: list[tuple[ForceRef, Broadcasts]]) -> None:
    try:
        pipe = async_redis().pipeline(transaction=False)
        for force, broadcasts in batch:
            _count(pipe, force, broadcasts)
        for force, broadcasts in batch:
            _expire_counts(pipe, force, broadcasts)
        numbers = await pipe.execute()
    except (redis.RedisError, OSError):
        _log_unsent(*(force for force, _ in batch))
        return
    messages = []
    for force, broadcasts in batch:
        messages += _numbered(force, broadcasts, numbers[: len(broadcasts)])
        numbers = numbers[len(broadcasts) :]
    await _send(messages)


def _count(pipe: Any, force: ForceRef, broadcasts: Broadcasts) -> None:
    for topic, _ in broadcasts:
        pipe.incr(seq_key(force.schema, topic))


def _expire_counts(pipe: Any, force: ForceRef, broadcasts: Broadcasts) -> None:
    """Let the counters of topics that nobody writes to any more go: sessions end, and their topics with them."""
    for topic in {topic for topic, _ in broadcasts}:
        pipe.expire(seq_key(force.schema, topic), COUNTED_FOR_S)


def _numbered(force: ForceRef, broadcasts: Broadcasts, numbers: list[int]) -> Broadcasts:
    """Give each message its topic and number; returns (group, message)."""
    return [
        (group_name(force.schema, topic), {**message, "topic": topic, "seq": number})
        for (topic, message), number in zip(broadcasts, numbers, strict=True)
    ]


async def _send(messages: Broadcasts) -> None:
    """Send (group, message) at once; what is left when Redis fails is missed and asked for again."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            pipe = async_redis().pipeline(transaction=False)
            _put(pipe, messages)
            await pipe.execute()
    except (redis.RedisError, OSError):
        log.exception("messages not sent, clients will find them missing", extra={"count": len(messages)})


def _put(pipe: Any, messages: Broadcasts) -> None:
    layer: Any = get_channel_layer()
    for group, message in messages:
        pipe.publish(*layer.parcel(group, {"type": "wire.message", "message": message}))


def _log_unsent(*forces: ForceRef) -> None:
    schemas = sorted({force.schema for force in forces})
    log.exception("messages not sent, clients will see their sockets fail", extra={"forces": schemas})
