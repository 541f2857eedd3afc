"""The officer behind a socket or a request: every act is under the sign-in's actor, and in the own session alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.sockets import session_actor
from streams import wire
from streams.selectors import Plain
from streams.services import progress
from streams.services.duty_fixes import is_doubtful, is_late, officer_fix
from streams.services.going_live import NotLive, admit_officer
from streams.services.officer_page import find_live, read_officer_page
from streams.services.positions import NewFix
from streams.signalling import presence
from streams.signalling.callers import ice_servers
from streams.signalling.ticks import position_ticks

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Officer:
    """A signed-in officer and the session in which they are live."""

    force: ForceRef
    actor: Actor
    session_id: UUID

    @property
    def holder(self) -> str:
        """Counted by person: an officer has one session at a time."""
        return f"officer:{self.actor.id}"

    @property
    def stop_reason(self) -> str:
        """What an officer's STOP is called."""
        return "officer_stopped"

    def show_fix(self, fix: NewFix) -> None:
        """Who is live is on duty: a fix of the session is where the officer is. It is kept with the session alone."""
        if not is_doubtful(fix):
            now = clock.now()
            position_ticks().move(self.force, self.actor.id, officer_fix(fix, now, is_late=is_late(fix, now)))

    async def act(self, service: Callable[..., T], **arguments: Any) -> T:
        """Admit the officer and run `service(actor, now, session_id, ...)` in one transaction."""
        return await ain_force(self.force, self._admitted, service, arguments)

    def _admitted(self, service: Callable[..., T], arguments: dict[str, Any]) -> T:
        admit_officer(actor=self.actor, session_id=self.session_id)
        return service(actor=self.actor, now=clock.now(), session_id=self.session_id, **arguments)


async def officer_of(force: ForceRef, session_key: str, request_id: str) -> Officer:
    """Return the officer of a signed-in session of Django's, for a door that is no socket.

    Raises `NotLive`, also where nobody is signed in: whoever is not, is not live.
    """
    return await ain_force(force, _find_officer, force, session_key, request_id)


def _find_officer(force: ForceRef, session_key: str, request_id: str) -> Officer:
    actor = session_actor(session_key, request_id, is_activity=True) if session_key else None
    session_id = find_live(actor=actor) if actor else None
    if actor is None or session_id is None:
        raise NotLive
    return Officer(force, actor, session_id)


async def read_page(force: ForceRef, actor: Actor) -> Plain:
    """Return `officer_page.read_officer_page` with the ICE servers of who is live. Raises `NotPermitted`."""
    page = await ain_force(force, read_officer_page, actor=actor, now=clock.now())
    if page["live"] is not None:
        page["live"]["ice_servers"] = ice_servers(page["live"]["session"]["id"])
    return page


def officer_state(page: Plain, seqs: dict[str, int], ref: str | None) -> wire.OfficerState:
    """Return the page's state as it goes over the wire."""
    return wire.OfficerState(now=wire.wire_time(clock.now()), **page, seqs=seqs, ref=ref)


async def hear_officer(officer: Officer) -> None:
    """The page of an officer who is live was heard."""
    await presence.hear_caller(officer.force, officer.session_id)


async def note_back(officer: Officer) -> None:
    """The page of an officer who is live has connected, perhaps after a line that was lost."""
    await hear_officer(officer)
    await ain_force(officer.force, progress.note_connected, now=clock.now(), session_id=officer.session_id)
