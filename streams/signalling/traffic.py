"""The media server's counts of what arrives: each is held against the one before, and the rows are put right by both.

The count before lies in Redis, for any process may get the next one. Keys begin with the force's schema.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import msgspec

from forces import clock
from forces.context import ForceRef, ain_force
from forces.dispatch import async_redis
from streams.gateway.interface import GatewayEvent
from streams.services import traffic
from streams.services.arrival import WentLive
from streams.services.traffic import Count, LayerCount, Verdict
from streams.signalling.rooms import Participant

log = logging.getLogger(__name__)

REMEMBERED_S = 30


def count_of(participant: Participant, event: GatewayEvent) -> Count:
    """Return a publisher's traffic as the service takes it."""
    layers = tuple(LayerCount(one.layer, one.total_bytes, one.is_arriving) for one in event.traffic)
    return Count(participant.id, event.at, layers)


async def compare(force: ForceRef, counts: Sequence[Count]) -> list[WentLive]:
    """Put right what the counts of a force show to be wrong; returns what became live by that.

    Raises what Redis and the database raise: the next count comes in a few seconds.
    """
    pairs = zip(await _remember(force, counts), counts, strict=True)
    verdicts = [verdict for before, after in pairs if (verdict := traffic.judge(before, after))]
    wrong = await ain_force(force, traffic.find_wrong, verdicts=verdicts) if verdicts else []
    went = [await _correct(force, verdict) for verdict in wrong]
    return [live for live in went if live is not None]


async def _correct(force: ForceRef, verdict: Verdict) -> WentLive | None:
    extra = {"force": force.schema, "stream": str(verdict.stream_id)}
    log.warning("what arrives is not what the row says, which is put right", extra=extra)
    return await ain_force(force, traffic.correct_stream, now=clock.now(), verdict=verdict)


async def _remember(force: ForceRef, counts: Sequence[Count]) -> list[Count | None]:
    """Keep the newest counts; returns those that were kept before."""
    pipe = async_redis().pipeline(transaction=False)
    for count in counts:
        pipe.set(f"{force.schema}:traffic:{count.stream_id}", msgspec.json.encode(count), ex=REMEMBERED_S, get=True)
    return [msgspec.json.decode(found, type=Count) if found else None for found in await pipe.execute()]
