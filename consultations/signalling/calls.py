"""Acts of officers and members on a call, written down first and then carried out at the media server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from consultations.services import caution, leading, visiting
from consultations.services.effects import Effects
from consultations.signalling.carrying import carry_out
from consultations.signalling.people import Person
from consultations.tickets import MeetingTicket
from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.signalling.close import close_session

Service = Callable[..., Effects]


async def act_on(force: ForceRef, actor: Actor, service: Service, session_id: UUID, **arguments: Any) -> None:
    """Run an officer's act on a consultation, or on one of its people, and carry out what it means."""
    effects = await ain_force(force, service, actor=actor, now=clock.now(), session_id=session_id, **arguments)
    await carry_out(force, effects)


async def act_as(person: Person, service: Service, **arguments: Any) -> None:
    """Run a person's own act, and carry out what it means."""
    await carry_out(person.force, await person.act(service, **arguments))


async def end_for_all(force: ForceRef, actor: Actor, session_id: UUID, reason: str) -> None:
    """End a consultation: the rows first, so that it holds whatever fails; then media and evidence."""
    await ain_force(force, leading.end_consultation, actor=actor, now=clock.now(), session_id=session_id, reason=reason)
    await close_session(force, session_id)


async def state_caution(
    force: ForceRef, actor: Actor, session_id: UUID, *, participant_id: UUID, reason: str, goes_on: bool
) -> None:
    """Set a caution down; where the call ends by it, its room is closed."""
    said: dict[str, Any] = {"participant_id": participant_id, "reason": reason, "goes_on": goes_on}
    has_ended = await ain_force(
        force, caution.state_caution, actor=actor, now=clock.now(), session_id=session_id, **said
    )
    if has_ended:
        await close_session(force, session_id)


async def leave_meeting(force: ForceRef, ticket: MeetingTicket, request_id: str, *, is_exit: bool = False) -> None:
    """A member leaves, in a hurry or not, by whichever door that is told first."""
    effects = await ain_force(
        force, visiting.leave_meeting, now=clock.now(), ticket=ticket, request_id=request_id, is_exit=is_exit
    )
    await carry_out(force, effects)
