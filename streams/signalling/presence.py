"""Who is there: signs of life in Redis, which expire by themselves. Keys begin with the force's schema."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from forces.context import ForceRef
from forces.dispatch import async_redis, seq_key
from streams.open_pages import OPEN_SECONDS, page_key
from streams.services.duty import DUTY_SECONDS, duty_key

# A page pings every 2 s, and the watchdog looks every second: a phone that dies is shown as lost within 5 s.
CALLER_MS = 3_500
SOCKET_SECONDS = 60
# A console that is not heard for so long has no session in view any more.
VIEW_SECONDS = 15
PLACES_SECONDS = 86_400


async def hear_caller(force: ForceRef, name: object, key: str = "caller") -> None:
    """A page was heard: of a session's caller, or whatever an app names by a `key` of its own."""
    await async_redis().set(f"{force.schema}:{key}:{name}", "1", px=CALLER_MS)


async def hear_page(force: ForceRef, user_id: str) -> None:
    """A page of an officer's was heard."""
    await async_redis().set(page_key(force.schema, user_id), "1", ex=OPEN_SECONDS)


async def close_page(force: ForceRef, user_id: str) -> None:
    """A page of an officer's is closed; another that is open says so itself within seconds."""
    await async_redis().delete(page_key(force.schema, user_id))


async def unheard(force: ForceRef, names: Sequence[object], key: str = "caller") -> set[object]:
    """Return those sessions whose caller, or those names of a `key` whose page, was not heard lately."""
    return await _absent(names, [f"{force.schema}:{key}:{name}" for name in names])


async def hold_lease(force: ForceRef, socket: str) -> None:
    """A console's socket lives; what it watches is not orphaned."""
    await async_redis().set(f"{force.schema}:socket:{socket}", "1", ex=SOCKET_SECONDS)


async def drop_lease(force: ForceRef, socket: str) -> None:
    """A console's socket is closed."""
    await async_redis().delete(f"{force.schema}:socket:{socket}")


async def keep_view(force: ForceRef, socket: str, user_id: str, session_ids: Iterable[object], at: float) -> None:
    """A user's console lives at the Unix time ``at``, and has these sessions open."""
    pipe = async_redis().pipeline(transaction=False)
    pipe.set(f"{force.schema}:socket:{socket}", "1", ex=SOCKET_SECONDS)
    pipe.set(duty_key(force.schema, user_id), "1", ex=DUTY_SECONDS)
    if views := {f"{session_id} {socket}": at for session_id in session_ids}:
        pipe.zadd(_views_key(force), views)
        pipe.expire(_views_key(force), PLACES_SECONDS)
    await pipe.execute()


async def drop_view(force: ForceRef, socket: str, session_ids: Iterable[object]) -> None:
    """A console has these sessions open no longer."""
    if views := [f"{session_id} {socket}" for session_id in session_ids]:
        await async_redis().zrem(_views_key(force), *views)


async def in_view(force: ForceRef, at: float) -> set[str]:
    """Return the ids of the sessions that some console has open at the Unix time ``at``."""
    pipe = async_redis().pipeline(transaction=False)
    pipe.zremrangebyscore(_views_key(force), "-inf", at - VIEW_SECONDS)
    pipe.zrange(_views_key(force), 0, -1)
    return {view.decode().split(" ")[0] for view in (await pipe.execute())[1]}


async def lapsed(force: ForceRef, sockets: Sequence[str]) -> set[object]:
    """Return those sockets that were not heard for a minute."""
    return await _absent(sockets, [f"{force.schema}:socket:{name}" for name in sockets])


async def take_place(force: ForceRef, holder: str, channel: str, most: int, at: float) -> list[str]:
    """Count a socket among those of one holder, heard at the Unix time ``at``.

    Returns the channels that must give way, for there are more than ``most``: those heard longest ago. A phone that
    lost its network leaves sockets behind that are dead; the living one must not be kept out by them.
    """
    key = _places_key(force, holder)
    pipe = async_redis().pipeline(transaction=True)
    pipe.zadd(key, {channel: at})
    pipe.zrange(key, 0, -most - 1)
    pipe.zremrangebyrank(key, 0, -most - 1)
    pipe.expire(key, PLACES_SECONDS)
    return [name.decode() for name in (await pipe.execute())[1]]


async def leave_place(force: ForceRef, holder: str, channel: str) -> None:
    """A socket of that holder is closed."""
    await async_redis().zrem(_places_key(force, holder), channel)


def _views_key(force: ForceRef) -> str:
    return f"{force.schema}:views"


def _places_key(force: ForceRef, holder: str) -> str:
    # The holder is known by a secret, of which Redis gets a hash.
    return f"{force.schema}:places:{hashlib.sha256(holder.encode()).hexdigest()[:32]}"


async def read_seqs(force: ForceRef, topics: Iterable[str]) -> dict[str, int]:
    """Return the number of the last message of each topic (0 before the first)."""
    names = list(topics)
    if not names:
        return {}
    values = await async_redis().mget([seq_key(force.schema, topic) for topic in names])
    return {topic: int(value or 0) for topic, value in zip(names, values, strict=True)}


async def _absent(names: Sequence[object], keys: list[str]) -> set[object]:
    if not keys:
        return set()
    values = await async_redis().mget(keys)
    return {name for name, value in zip(names, values, strict=True) if value is None}
