"""What must come true of people although nobody pressed a button: clocks of waiting, leading, risk and booking."""

from __future__ import annotations

import logging
from uuid import UUID

from consultations.limits import RETURN_WITHIN
from consultations.services import booking, entrance, leading, places, recording, risk_rounds
from consultations.signalling.carrying import carry_out
from consultations.signs import unheard_people
from forces import clock
from forces.actors import Actor
from forces.context import ain_force
from forces.errors import DomainError
from streams.services.sessions import end_session
from streams.signalling.close import close_session
from streams.signalling.upkeep import Upkeep

log = logging.getLogger(__name__)
_absent: dict[str, dict[UUID, set[UUID]]] = {}


async def return_to_waiting(upkeep: Upkeep) -> None:
    """Whoever was away from the call for five minutes waits again: the phone may be in other hands."""
    before = clock.now() - RETURN_WITHIN
    for session_id, participant_id in await ain_force(upkeep.force, places.list_long_gone, before=before):
        try:
            ids = {"session_id": session_id, "participant_id": participant_id}
            await ain_force(upkeep.force, entrance.wait_again, now=clock.now(), **ids)
        except DomainError as error:  # over in this moment
            log.info("not put back: %s", error.code)


async def notice_who_waits(upkeep: Upkeep) -> None:
    """Show whose page in the waiting room is not heard any more, and whose is again."""
    force = upkeep.force
    waiting = await ain_force(force, entrance.list_who_waits)
    unheard = await unheard_people(force, [participant_id for _, participant_id in waiting])
    absent: dict[UUID, set[UUID]] = {}
    for session_id, participant_id in waiting:
        absent.setdefault(session_id, set()).update({participant_id} & unheard)
    known = _absent.setdefault(force.schema, {})
    for session_id, away in absent.items():
        if known.get(session_id, set()) != away:
            await ain_force(force, entrance.retell_waiting, now=clock.now(), session_id=session_id)
    _absent[force.schema] = absent


async def raise_due_risk(upkeep: Upkeep) -> None:
    """Say that the risk questions are due again."""
    await ain_force(upkeep.force, risk_rounds.raise_due_rounds, now=clock.now())


async def notice_nobody_comes(upkeep: Upkeep) -> None:
    """Say where somebody waits and nobody comes."""
    await ain_force(upkeep.force, booking.notice_nobody_comes, now=clock.now())


async def expire_consultations(upkeep: Upkeep) -> None:
    """End what nobody took in time, and what goes on for too long."""
    await ain_force(upkeep.force, booking.expire_consultations, now=clock.now())


async def notice_nobody_leads(upkeep: Upkeep) -> None:
    """Members must not be left alone in a call: say so, stop the recording, and end it in the end."""
    for session_id in await ain_force(upkeep.force, leading.list_open):
        due = await ain_force(upkeep.force, leading.note_who_leads, now=clock.now(), session_id=session_id)
        if due in ("stop", "end"):
            effects = await ain_force(
                upkeep.force, recording.stop_without_police, now=clock.now(), session_id=session_id
            )
            await carry_out(upkeep.force, effects)
        if due == "end":
            actor, reason = Actor.system("watchdog"), "nobody_leads"
            await ain_force(
                upkeep.force, end_session, actor=actor, now=clock.now(), session_id=session_id, reason=reason
            )
            await close_session(upkeep.force, session_id)
