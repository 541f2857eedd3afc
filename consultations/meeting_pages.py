"""What every page of a meeting has: who asks, the secret of the browser, and plain words for a refusal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from consultations.page_words import error_words
from consultations.services import visiting
from consultations.tickets import LEFT_COOKIE, MEETING_COOKIE, MeetingTicket, read_meeting_cookie
from forces.actors import Actor
from forces.errors import DomainError
from forces.languages.page import language_of
from streams.public_pages import refuse
from streams.services.link_standing import LinkNotOpened


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def secret_of(request: HttpRequest) -> str:
    """Return the secret of this browser, where it has one."""
    ticket = read_meeting_cookie(request.COOKIES.get(MEETING_COOKIE))
    return ticket.browser_secret if ticket else ""


def refused(request: HttpRequest, error: DomainError, token: str = "") -> HttpResponse:
    """Return the refusal in the language and the mode of the link's person, or of the ticket's."""
    kept = read_meeting_cookie(request.COOKIES.get(MEETING_COOKIE))
    language, safe_mode = visiting.page_frame(None if token else kept, token)
    error.message = error_words(language_of(request, language), error.code, error.message)
    return refuse(request, error, given=language, safe_mode=safe_mode)


def without_ticket(request: HttpRequest, ticket: MeetingTicket | None = None) -> HttpResponse:
    """Say that the link has to be opened; where the page was left in a hurry, in a frame that says nothing."""
    kept = ticket or read_meeting_cookie(request.COOKIES.get(MEETING_COOKIE))
    language, safe_mode = visiting.page_frame(kept)
    return refuse(request, LinkNotOpened(), given=language, safe_mode=safe_mode or LEFT_COOKIE in request.COOKIES)
