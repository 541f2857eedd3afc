"""Pages of a meeting that work without script and socket: asking for another time, and what comes afterwards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from consultations.contact_times import LONDON
from consultations.meeting_pages import actor_of, refused, without_ticket
from consultations.message_words import when_of
from consultations.page_words import error_words, words_of_page
from consultations.services import answering, moving
from consultations.services.visiting import Visitor, admit_visitor
from consultations.tickets import read_meeting_ticket
from forces import clock
from forces.context import mark_rollback
from forces.errors import DomainError, InvalidInput, InvalidTransition
from forces.languages.page import language_of
from streams.public_pages import guard, show


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
@sensitive_post_parameters("text")
def move_page(request: HttpRequest) -> HttpResponse:
    """Take a person's wish for another time."""
    ticket = read_meeting_ticket(request.COOKIES)
    if ticket is None:
        return without_ticket(request)
    now = clock.now()
    try:
        visitor = admit_visitor(now=now, ticket=ticket, request_id=actor_of(request).request_id)
    except DomainError as error:
        return refused(request, error)
    if request.method != "POST":
        return _move(request, visitor, "sent" in request.GET)
    try:
        ids = {"session_id": visitor.session_id, "participant_id": visitor.participant_id}
        moving.ask_to_move(actor=visitor.actor, now=now, text=request.POST.get("text", ""), **ids)
    except (InvalidInput, InvalidTransition) as error:
        mark_rollback()
        return _move(request, visitor, isinstance(error, InvalidTransition), error)
    except DomainError as error:
        return refused(request, error)
    return HttpResponseRedirect("/meeting/move/?sent", status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
def after_page(request: HttpRequest) -> HttpResponse:
    """Show what comes after a meeting: two questions, and what was agreed to; take the answers."""
    ticket = read_meeting_ticket(request.COOKIES)
    if ticket is None:
        return without_ticket(request)
    asked: dict[str, Any] = {"now": clock.now(), "ticket": ticket, "request_id": actor_of(request).request_id}
    try:
        if request.method == "POST":
            given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("got_what_needed", "again")}
            answering.answer_questions(**asked, **given)
            return HttpResponseRedirect("/meeting/after/", status=303)
        page = answering.read_after(**asked)
    except DomainError as error:
        return refused(request, error)
    language = language_of(request, page.language)
    context = {
        "page": page,
        "words": words_of_page(language, number=page.call_number),
        "receipt": [_agreed(language, one) for one in page.agreed],
    }
    return guard(show(request, "consultations/after.html", context, given=page.language, safe_mode=page.safe_mode))


def _move(request: HttpRequest, visitor: Visitor, is_sent: bool, error: DomainError | None = None) -> HttpResponse:
    language = language_of(request, visitor.language)
    words = words_of_page(language)
    said = error_words(language, error.code, error.message) if error else ""
    context: dict[str, Any] = {
        "words": words,
        "is_sent": is_sent,
        "typed": request.POST.get("text", "")[:500],
        "problem": words["move_open"] if isinstance(error, InvalidTransition) else said,
    }
    status = error.http_status if error else 200
    how: dict[str, Any] = {"given": visitor.language, "safe_mode": visitor.safe_mode, "status": status}
    return guard(show(request, "consultations/move.html", context, **how))


def _agreed(language: str, agreed: answering.Agreed) -> list[str]:
    at = when_of(language, agreed.answered_at.astimezone(LONDON))
    key = "after_yes" if agreed.answer == "yes" else "after_no"
    said = [words_of_page(language, at=at)[key]]
    if agreed.withdrawn_at is not None and agreed.answer == "yes":
        said.append(words_of_page(language, at=when_of(language, agreed.withdrawn_at))["after_withdrawn"])
    return said
