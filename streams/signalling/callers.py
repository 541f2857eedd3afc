"""The caller behind a socket: every act admits the ticket anew, so that a re-armed link shuts the old browser out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings

from forces import clock
from forces.context import ForceRef, ain_force
from streams import wire
from streams.gateway.turn import ice_servers as turn_servers
from streams.selectors import CallerTicket, Plain
from streams.services import caller_page, positions
from streams.services.consent import admit_caller, give_consent
from streams.signalling import presence
from streams.signalling.phones import Phone
from streams.signalling.ticks import position_ticks

T = TypeVar("T")
# Long enough to connect, and to connect again over a bad line; the page gets new ones with each socket.
TURN_TTL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Caller:
    """A ticket in a force. Holds nothing that the rows say."""

    force: ForceRef
    ticket: CallerTicket
    request_id: str

    @property
    def session_id(self) -> UUID:
        """The session the ticket belongs to."""
        return self.ticket.session_id

    @property
    def holder(self) -> str:
        """The secret of the browser that opened the link."""
        return self.ticket.browser_secret

    @property
    def stop_reason(self) -> str:
        """What a caller's STOP is called."""
        return "caller_stopped"

    def show_fix(self, fix: positions.NewFix) -> None:
        """A caller is on no map but the session's."""

    async def act(self, service: Callable[..., T], **arguments: Any) -> T:
        """Admit the ticket and run `service(actor, now, session_id, ...)` in one transaction."""
        return await ain_force(self.force, self._admitted, service, arguments)

    def _admitted(self, service: Callable[..., T], arguments: dict[str, Any]) -> T:
        now = clock.now()
        admission = admit_caller(now=now, ticket=self.ticket, request_id=self.request_id)
        return service(actor=admission.actor, now=now, session_id=self.ticket.session_id, **arguments)


async def open_page(caller: Caller, language: str = "") -> caller_page.CallerPage:
    """Return what the page needs to begin, in the language that the browser chose; the caller counts as heard.

    Raises the errors of `consent.admit_caller`, also where the page was left while it was read.
    """
    page = await ain_force(
        caller.force,
        caller_page.open_caller_page,
        now=clock.now(),
        ticket=caller.ticket,
        request_id=caller.request_id,
        language=language,
    )
    await presence.hear_caller(caller.force, caller.session_id)
    await ain_force(
        caller.force,
        caller_page.note_caller_back,
        now=clock.now(),
        ticket=caller.ticket,
        request_id=caller.request_id,
    )
    return page


def state_of(page: caller_page.CallerPage, servers: list[Plain] | None) -> wire.CallerState:
    """Return the page's state as it goes over the wire; ICE `servers` stay out of it before consent."""
    scopes = list(page.admission.scopes)
    return wire.CallerState(
        session=page.session,
        wording=page.wording,
        consent={"scopes": scopes} if scopes else None,
        stream=page.stream,
        ice_servers=servers if scopes else None,
        recording={"on": page.is_recorded},
        watching=page.viewers.count > 0,
        count=page.viewers.count,
        guests=page.viewers.elsewhere,
        messages=page.messages,
        still_asks=page.still_asks,
        phrases=page.phrases,
    )


async def hear(caller: Caller) -> None:
    """The page was heard. Raises the errors of `consent.admit_caller` when it may not go on."""
    await admit(caller)
    await presence.hear_caller(caller.force, caller.session_id)


async def admit(caller: Caller) -> None:
    """Raise the errors of `consent.admit_caller` when the page may not go on."""
    await caller.act(_nothing)


async def agree(caller: Caller, *, scopes: list[str], wording_version: int, language: str) -> Plain:
    """Give consent; returns `selectors.consent_view`."""
    return await caller.act(
        give_consent,
        invitation_id=caller.ticket.invitation_id,
        browser_secret=caller.ticket.browser_secret,
        scopes=scopes,
        wording_version=wording_version,
        language=language,
    )


async def report_fix(phone: Phone, fix: positions.NewFix) -> None:
    """Keep a fix and let the consoles know with the next tick; an officer's moves the officer on the map, too."""
    kept = await phone.act(positions.add_fix, fix=fix)
    position_ticks().add(phone.force, phone.session_id, kept)
    phone.show_fix(fix)


def ice_servers(subject: object) -> list[Plain]:
    """Return the wire's ICE servers; `subject` (a stream's, watch's or session's id) shows in the relay's log."""
    found = turn_servers(settings.TURN_URLS, settings.TURN_SECRET, str(subject), clock.now(), TURN_TTL)
    return [
        {"urls": list(server.urls), "username": server.username, "credential": server.credential} for server in found
    ]


def _nothing(**_admitted: Any) -> None:
    """Admission itself is the act."""
