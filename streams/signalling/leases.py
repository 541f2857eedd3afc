"""Which processes live, by leases in Redis that each renews: a place of one whose lease lapsed may be taken over.

The keys belong to processes, not to a force, and begin with `process:` as other signs of life do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

import redis

from forces.dispatch import async_redis, redis_client

log = logging.getLogger(__name__)

RENEW_SECONDS = 1.0
LEASE_SECONDS = 4
# Leases come back within a renewal after Redis was lost: only a longer absence counts.
LAPSED_AFTER_S = 2.5
# Long enough for a watchdog that is being restarted, too, to see that a process went in good order.
GOODBYE_SECONDS = 600
_HELD, _GIVEN_BACK = b"held", b"given back"


@dataclass(frozen=True, slots=True)
class Absent:
    """Processes without a lease: those which gave it back themselves, and those which are only missed."""

    left: frozenset[str]
    missed: frozenset[str]


async def renew(process: str) -> bool:
    """Hold the lease for some seconds more; returns whether it had lapsed. Raises `RedisError` or `OSError`."""
    before = await async_redis().set(_key(process), _HELD, ex=LEASE_SECONDS, get=True)
    return before != _HELD


async def keep(process: str, on_lapse: Callable[[], None]) -> None:
    """Renew until cancelled. `on_lapse`: others may have thought us dead."""
    while True:
        try:
            if await renew(process):
                on_lapse()
        except (redis.RedisError, OSError) as error:
            log.warning("lease not renewed", extra={"error": type(error).__name__})
        await asyncio.sleep(RENEW_SECONDS)


def give_back(process: str) -> None:
    """This process goes: what it held may be taken over at once. Blocks; a dead Redis is only logged."""
    try:
        redis_client().set(_key(process), _GIVEN_BACK, ex=GOODBYE_SECONDS)
    except (redis.RedisError, OSError) as error:
        log.warning("lease not given back, it will lapse", extra={"error": type(error).__name__})


async def find_absent(processes: Collection[str]) -> Absent:
    """Return which of them hold no lease now. Raises `RedisError` or `OSError`: then nothing is known."""
    names = sorted(processes)
    values = await async_redis().mget([_key(name) for name in names]) if names else []
    found = dict(zip(names, values, strict=True))
    return Absent(
        left=frozenset(name for name, value in found.items() if value == _GIVEN_BACK),
        missed=frozenset(name for name, value in found.items() if value is None),
    )


def _key(process: str) -> str:
    return f"process:lease:{process}"
