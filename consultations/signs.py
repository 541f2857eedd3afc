"""Signs of life of people's pages, in Redis, which expire by themselves. Keys begin with the force's schema."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import redis

from consultations.limits import LOST_AFTER
from forces.context import ForceRef, current_force
from forces.dispatch import async_redis, redis_client


def _key(schema: str, participant_id: UUID) -> str:
    return f"{schema}:meeting:{participant_id}"


async def hear_person(force: ForceRef, participant_id: UUID) -> None:
    """A person's page was heard."""
    await async_redis().set(_key(force.schema, participant_id), "1", px=round(LOST_AFTER.total_seconds() * 1000))


async def unheard_people(force: ForceRef, participant_ids: Sequence[UUID]) -> set[UUID]:
    """Return those whose page was not heard lately."""
    if not participant_ids:
        return set()
    values = await async_redis().mget([_key(force.schema, one) for one in participant_ids])
    return {one for one, value in zip(participant_ids, values, strict=True) if value is None}


def heard_people(participant_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the active force whose page was heard lately; all of them where nobody can tell."""
    if not participant_ids:
        return set()
    try:
        values = redis_client().mget([_key(current_force().schema, one) for one in participant_ids])
    except (redis.RedisError, OSError):
        return set(participant_ids)
    return {one for one, value in zip(participant_ids, values, strict=True) if value is not None}
