"""What the caller's page is given when its socket opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forces.context import current_force
from streams.selectors import (
    CallerTicket,
    Plain,
    find_session,
    find_wording,
    list_answers,
    list_messages,
    list_open_asks,
    message_for_caller,
    wording_view,
)
from streams.services.consent import CallerAdmission, admit_caller
from streams.services.locks import lock_session
from streams.services.phone_page import newest_stream, own_session_view
from streams.services.progress import note_connected
from streams.services.recording import is_recorded
from streams.services.sessions import choose_language
from streams.services.viewers import Viewers, find_viewers


@dataclass(frozen=True, slots=True)
class CallerPage:
    """The parts of `caller.state`, less the ICE servers; `scopes` is empty before consent."""

    admission: CallerAdmission
    session: Plain
    wording: Plain
    stream: Plain | None
    is_recorded: bool
    viewers: Viewers
    messages: list[Plain]
    still_asks: list[str]
    phrases: list[Plain]


def open_caller_page(*, now: datetime, ticket: CallerTicket, request_id: str, language: str = "") -> CallerPage:
    """Admit a ticket and read its page; a `language` that its browser chose becomes the session's.

    Raises the errors of `consent.admit_caller`.
    """
    admission = admit_caller(now=now, ticket=ticket, request_id=request_id)
    if language and language != admission.language:
        choose_language(actor=admission.actor, session_id=ticket.session_id, language=language)
    return _read_page(admission, language)


def note_caller_back(*, now: datetime, ticket: CallerTicket, request_id: str) -> None:
    """The page has opened, perhaps again. Nobody can leave it between this admission and what is noted.

    Raises the errors of `consent.admit_caller`.
    """
    lock_session(ticket.session_id)
    admit_caller(now=now, ticket=ticket, request_id=request_id)
    note_connected(now=now, session_id=ticket.session_id)


def read_caller_page(*, now: datetime, ticket: CallerTicket, request_id: str, language: str = "") -> CallerPage:
    """Admit a ticket and read its page, worded in a `language`, without a change to the session.

    Raises the errors of `consent.admit_caller`.
    """
    return _read_page(admit_caller(now=now, ticket=ticket, request_id=request_id), language)


def _read_page(admission: CallerAdmission, language: str) -> CallerPage:
    session = find_session(admission.session_id)
    session.language = language or session.language
    force_name = current_force().name
    return CallerPage(
        admission=admission,
        session=own_session_view(session),
        wording=wording_view(find_wording(session.language)),
        stream=newest_stream(session.id),
        is_recorded=is_recorded(session),
        viewers=find_viewers(session.id),
        messages=[message_for_caller(row, force_name=force_name) for row in list_messages(session.id)],
        still_asks=list_open_asks(session.id),
        phrases=list_answers(session.language),
    )
