"""Private talks at the media server: both have left every other room before either is told that it is private."""

from __future__ import annotations

import logging
from uuid import UUID

from consultations.services import talks
from consultations.signalling.carrying import carry_out, leave_surely
from consultations.signalling.people import Person
from forces import clock
from forces.context import ForceRef, ain_force
from forces.errors import DomainError
from streams.signalling.gateways import pick_node

log = logging.getLogger(__name__)


async def accept(person: Person, talk_id: UUID) -> None:
    """Begin a private talk that somebody asked for. Raises domain errors; what cannot be left ends the talk."""
    effects = await person.act(talks.accept_talk, talk_id=talk_id, node=await pick_node())
    try:
        await leave_surely(person.force, effects.detach)
    except DomainError:
        await end(person.force, talk_id, "gateway_failed")
        raise
    await ain_force(person.force, talks.note_talk_open, now=clock.now(), talk_id=talk_id)


async def end_own(person: Person) -> None:
    """End the person's own talk, if there is one; each goes back to where they came from."""
    await carry_out(person.force, await person.act(talks.end_talk))


async def end(force: ForceRef, talk_id: UUID, reason: str) -> None:
    """End a talk that cannot go on; one that is over is fine."""
    effects = await ain_force(force, talks.end_talk_of_system, now=clock.now(), talk_id=talk_id, reason=reason)
    await carry_out(force, effects)
