"""Pages of consultations: a person's link and meeting, an officer's board and desk. Looking spends nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST, require_safe

from consultations.meeting_pages import actor_of, refused, secret_of, without_ticket
from consultations.message_words import when_of
from consultations.page_words import words_of_page
from consultations.selectors import find_policy, team_of
from consultations.services import visiting
from consultations.services.calendar import calendar_of
from consultations.services.visit_page import read_visit_page, require_desk, require_runner
from consultations.signalling.pages import meeting_state
from consultations.tickets import (
    LEFT_COOKIE,
    LONGEST_S,
    MEETING_COOKIE,
    read_meeting_ticket,
    write_meeting_cookie,
)
from forces import clock
from forces.accounts.permissions import rights_of
from forces.actors import Actor
from forces.context import current_force
from forces.errors import DomainError
from forces.headers import page_uses
from forces.languages.page import chosen_language, language_of
from streams.public_pages import guard, show


@require_safe
@never_cache
@ensure_csrf_cookie
@page_uses("clipboard-write")  # "Copy the address", in apps whose browser has no camera
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show when the meeting is, and that nothing happens yet; neither a purpose nor a name."""
    try:
        page = visiting.describe_meeting_link(now=clock.now(), token=token, browser_secret=secret_of(request))
    except DomainError as error:
        return refused(request, error, token)
    language = language_of(request, page.language)
    context = {
        "words": words_of_page(language),
        "when": when_of(language, page.starts_at),
        "open_url": f"/m/{token}/open/",
        "calendar_url": f"/m/{token}/calendar.ics",
    }
    return guard(show(request, "consultations/link.html", context, given=page.language, safe_mode=page.safe_mode))


@require_POST
@never_cache
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A person opened the link: give this browser its ticket, and an address without the token."""
    try:
        ticket = visiting.open_meeting(
            now=clock.now(), token=token, browser_secret=secret_of(request), request_id=actor_of(request).request_id
        )
    except DomainError as error:
        return refused(request, error, token)
    response = HttpResponseRedirect("/meeting/", status=303)
    response.set_cookie(
        MEETING_COOKIE,
        write_meeting_cookie(ticket),
        max_age=LONGEST_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    response.delete_cookie(LEFT_COOKIE, samesite="Lax")  # whoever comes by the link is back on purpose
    return response


@require_safe
@never_cache
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar entry of a link; spends nothing."""
    try:
        entry = calendar_of(now=clock.now(), token=token, browser_secret=secret_of(request))
    except DomainError as error:
        return refused(request, error, token)
    response = HttpResponse(entry, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return guard(response)


@require_GET
@never_cache
@ensure_csrf_cookie
@page_uses("camera", "microphone", "autoplay", "screen-wake-lock", "display-capture")
def meeting_page(request: HttpRequest) -> HttpResponse:
    """Show a member's own page to a browser whose ticket holds."""
    ticket = read_meeting_ticket(request.COOKIES)
    if ticket is None:
        return without_ticket(request)
    try:
        page = read_visit_page(
            now=clock.now(),
            ticket=ticket,
            request_id=actor_of(request).request_id,
            language=chosen_language(request),
        )
    except DomainError as error:
        if error.code == "meeting_over":
            return HttpResponseRedirect("/meeting/after/")
        return refused(request, error)
    language, safe_mode = page.meeting["language"], page.visitor.safe_mode
    # No socket yet, so no addresses: ICE servers come with it.
    state = msgspec.to_builtins(meeting_state(page, {}))
    data = {"language": language, "safe_mode": safe_mode, "state": {**state, "ice_servers": None}}
    context = {"page_data": data, "words": words_of_page(language, number=find_policy().call_number)}
    return show(request, "consultations/meeting.html", context, given=language, safe_mode=safe_mode)


@require_GET
@never_cache
@ensure_csrf_cookie
@page_uses("camera", "microphone", "autoplay", "screen-wake-lock", "display-capture")
def board_page(request: HttpRequest) -> HttpResponse:
    """Show the board to whoever may run consultations."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next=/consultations/")
    require_runner(actor=actor)
    return render(request, "consultations/board.html", {"page_data": _page_data(actor)})


@require_GET
@never_cache
@ensure_csrf_cookie
@page_uses("camera", "microphone", "autoplay", "screen-wake-lock", "display-capture")
def desk_page(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Show the desk of one consultation to whoever may see it."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next=/consultations/{session_id}/")
    require_desk(actor=actor, session_id=session_id)
    data = {**_page_data(actor), "session_id": str(session_id)}
    return render(request, "consultations/desk.html", {"page_data": data})


def _page_data(actor: Actor) -> dict[str, Any]:
    me = {
        "id": actor.id,
        "name": actor.name,
        "role": actor.role,
        "team": team_of(actor),
        "permissions": rights_of(actor),
    }
    return {"me": me, "force": {"name": current_force().name}}
