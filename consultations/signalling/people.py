"""Who acts from a page: a member with a ticket, or an officer who is signed in. Every act is admitted anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from consultations.services.visiting import admit_visitor
from consultations.tickets import MeetingTicket
from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.shapes import Plain
from streams.signalling.callers import ice_servers as wire_servers

T = TypeVar("T")


class Person(Protocol):
    """One person of one consultation."""

    @property
    def force(self) -> ForceRef:
        """The force of the consultation."""

    @property
    def session_id(self) -> UUID:
        """The consultation."""

    @property
    def participant_id(self) -> UUID:
        """Who they are among its people."""

    async def act(self, service: Callable[..., T], /, **arguments: Any) -> T:
        """Admit the person and run `service(actor, now, session_id, participant_id, ...)` in one transaction."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A member with a ticket. Holds nothing that the rows say."""

    force: ForceRef
    ticket: MeetingTicket
    request_id: str

    @property
    def session_id(self) -> UUID:
        """The consultation of the ticket."""
        return self.ticket.session_id

    @property
    def participant_id(self) -> UUID:
        """Whose ticket it is."""
        return self.ticket.participant_id

    async def act(self, service: Callable[..., T], /, **arguments: Any) -> T:
        """See `Person`. Raises the errors of `admit_visitor`."""
        return await ain_force(self.force, self._admitted, service, arguments)

    async def admit(self) -> None:
        """Raise the errors of `admit_visitor` when the page may not go on."""
        await self.act(_nothing)

    def _admitted(self, service: Callable[..., T], arguments: dict[str, Any]) -> T:
        now = clock.now()
        visitor = admit_visitor(now=now, ticket=self.ticket, request_id=self.request_id)
        ids = {"session_id": visitor.session_id, "participant_id": visitor.participant_id}
        return service(actor=visitor.actor, now=now, **ids, **arguments)


@dataclass(frozen=True, slots=True)
class Officer:
    """A signed-in officer as one of the people of a consultation."""

    force: ForceRef
    actor: Actor
    session_id: UUID
    participant_id: UUID

    async def act(self, service: Callable[..., T], /, **arguments: Any) -> T:
        """See `Person`; services check the actor's rights."""
        ids = {"session_id": self.session_id, "participant_id": self.participant_id}
        return await ain_force(self.force, service, actor=self.actor, now=clock.now(), **ids, **arguments)


def ice_servers_of(participant_id: UUID) -> list[Plain]:
    """Return ICE servers for a person; their id, and nothing else of them, shows in the relay's log."""
    return wire_servers(participant_id)


def _nothing(**_admitted: Any) -> None:
    """Admission itself is the act."""
