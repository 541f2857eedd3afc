"""The live sets of officers and of aircraft in Redis, written once per force and tick."""

from __future__ import annotations

from typing import Any

import msgspec

from forces.context import ForceRef, ain_force
from forces.dispatch import async_redis
from streams.live_flights import KEPT_FOR_S, flights_key
from streams.live_officers import doubt_key, fix_key, geo_key
from streams.officers import list_on_duty

Fix = dict[str, Any]


class _Known(msgspec.Struct):
    """What of a fix in the live set says whether another one is newer."""

    fixed_at: str


_known = msgspec.json.Decoder(_Known)


async def place_officers(force: ForceRef, fixes: dict[str, Fix]) -> dict[str, Fix]:
    """Put officers where their newest fixes are; returns those that are newer than what was known of them.

    A phone that sends what it kept while its line was down must not move its officer back.
    """
    redis = async_redis()
    newer = await _newer(fix_key(force.schema), fixes)
    if newer:
        pipe = redis.pipeline(transaction=False)
        places = [part for name, fix in newer.items() for part in (fix["longitude"], fix["latitude"], name)]
        pipe.geoadd(geo_key(force.schema), places)
        pipe.hset(fix_key(force.schema), mapping={name: msgspec.json.encode(fix) for name, fix in newer.items()})
        pipe.hdel(doubt_key(force.schema), *newer)
        await pipe.execute()
    return newer


async def place_flights(force: ForceRef, flights: dict[str, Fix]) -> dict[str, Fix]:
    """Keep the newest FlightNow of each flight; returns those that are newer than what was known of them."""
    key = flights_key(force.schema)
    newer = await _newer(key, flights) if flights else {}
    if newer:
        pipe = async_redis().pipeline(transaction=False)
        pipe.hset(key, mapping={name: msgspec.json.encode(flight) for name, flight in newer.items()})
        pipe.expire(key, KEPT_FOR_S)
        await pipe.execute()
    return newer


async def _newer(key: str, fixes: dict[str, Fix]) -> dict[str, Fix]:
    """Return what is newer than what the hash of a live set holds."""
    names = list(fixes)
    known = await async_redis().hmget(key, names)
    return {
        name: fixes[name]
        for name, before in zip(names, known, strict=True)
        if before is None or _known.decode(before).fixed_at < fixes[name]["fixed_at"]
    }


async def doubt_officers(force: ForceRef, since: dict[str, str]) -> dict[str, str]:
    """Note officers whose phones say what is not believed; returns those of whom that is news."""
    pipe = async_redis().pipeline(transaction=False)
    for name, at in since.items():
        pipe.hsetnx(doubt_key(force.schema), name, at)
    return {name: at for (name, at), is_new in zip(since.items(), await pipe.execute(), strict=True) if is_new}


async def forget_absent(force: ForceRef) -> int:
    """Take officers off the live set who are not on duty; returns how many.

    A fix that was on its way when the shift ended, or a Redis that was away at that moment, leaves one behind.
    """
    redis = async_redis()
    names: list[Any] = [*await redis.hkeys(fix_key(force.schema)), *await redis.zrange(geo_key(force.schema), 0, -1)]
    names += await redis.hkeys(doubt_key(force.schema))
    shown = {name.decode() for name in names}
    absent = shown - set(await ain_force(force, list_on_duty)) if shown else set()
    if absent:
        pipe = redis.pipeline(transaction=False)
        pipe.zrem(geo_key(force.schema), *absent)
        pipe.hdel(fix_key(force.schema), *absent)
        pipe.hdel(doubt_key(force.schema), *absent)
        await pipe.execute()
    return len(absent)
