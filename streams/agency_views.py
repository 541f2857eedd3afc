"""Pages of an outside agency: link, code, live picture. Looking spends nothing; a POST by a person does."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from forces import clock
from forces.context import current_force, mark_rollback
from forces.errors import DomainError
from forces.headers import page_uses
from streams.agency_tickets import (
    AGENCY_COOKIE,
    AgencyTicket,
    read_agency_ticket,
    write_agency_cookie,
)
from streams.agency_words import PAGE
from streams.public_pages import guard
from streams.services import agency_openings, agency_viewers
from streams.services.agency_standing import AgencyLinkUnknown

TYPED_SHOWN = 60  # characters


@require_safe
@never_cache
@ensure_csrf_cookie
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask who wants to see the picture. Looking spends nothing, whoever or whatever looks."""
    return _link(request, token)


@require_POST
@never_cache
@sensitive_post_parameters("name")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A person typed a name: a code goes out, and this browser gets an address without the token."""
    try:
        ticket = agency_openings.open_agency_link(
            now=clock.now(),
            token=token,
            name=request.POST.get("name", ""),
            address=_address(request),
            request_id=_request_id(request),
        )
        seconds_left = agency_viewers.seconds_left(now=clock.now(), ticket=ticket)
    except DomainError as error:
        mark_rollback()
        return _link(request, token, error)
    response = HttpResponseRedirect("/agency/code/", status=303)
    response.set_cookie(
        AGENCY_COOKIE,
        write_agency_cookie(ticket),
        max_age=seconds_left,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
@sensitive_post_parameters("code")
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the right one leads to the picture."""
    ticket = read_agency_ticket(request.COOKIES)
    if ticket is None:
        return _refused(request)
    if request.method != "POST":
        return _code(request, ticket)
    try:
        agency_viewers.verify_viewer(
            now=clock.now(),
            ticket=ticket,
            typed=request.POST.get("code", ""),
            address=_address(request),
            request_id=_request_id(request),
        )
    except agency_viewers.AgencyCodeWrong as error:
        return _code(request, ticket, error)  # committed: the failure counts
    except DomainError as error:
        mark_rollback()
        return _code(request, ticket, error)
    return HttpResponseRedirect("/agency/live/", status=303)


@require_POST
@never_cache
def new_code(request: HttpRequest) -> HttpResponse:
    """Send another code to the agency's contact."""
    ticket = read_agency_ticket(request.COOKIES)
    if ticket is None:
        return _refused(request)
    try:
        agency_viewers.ask_new_code(now=clock.now(), ticket=ticket)
    except DomainError as error:
        mark_rollback()
        return _code(request, ticket, error)
    return HttpResponseRedirect("/agency/code/", status=303)


@require_GET
@never_cache
@ensure_csrf_cookie
@page_uses("autoplay", "fullscreen", "screen-wake-lock")
def live_page(request: HttpRequest) -> HttpResponse:
    """Show the frame of the picture to a browser whose code was right; all that is in it comes by the socket."""
    ticket = read_agency_ticket(request.COOKIES)
    if ticket is None:
        return _refused(request)
    try:
        waiting = agency_viewers.describe_waiting(now=clock.now(), ticket=ticket)
    except DomainError:
        return _refused(request)
    if not waiting.is_verified:
        return HttpResponseRedirect("/agency/code/")
    page_data = {"force_name": current_force().name, "map_tiles_url": settings.MAP_TILES_URL}
    return _page(request, "live", {"page_data": page_data})


def _link(request: HttpRequest, token: str, error: DomainError | None = None) -> HttpResponse:
    try:
        agency = agency_openings.describe_agency_link(now=clock.now(), token=token)
    except DomainError:
        return _refused(request)
    typed = request.POST.get("name", "")[:TYPED_SHOWN]
    return _page(request, "link", {"agency": agency, "open_url": f"/agency/{token}/open/", "typed": typed}, error)


def _code(request: HttpRequest, ticket: AgencyTicket, error: DomainError | None = None) -> HttpResponse:
    try:
        waiting = agency_viewers.describe_waiting(now=clock.now(), ticket=ticket)
    except DomainError:
        return _refused(request)
    if waiting.is_verified and error is None:
        return HttpResponseRedirect("/agency/live/")
    return _page(request, "code", {"waiting": waiting, "agency": waiting.agency}, error)


def _refused(request: HttpRequest) -> HttpResponse:
    """Return the one page for whatever cannot be used: it never says what is wrong with it."""
    mark_rollback()
    return _page(request, "refused", {}, status=AgencyLinkUnknown.http_status)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], error: DomainError | None = None, *, status: int = 200
) -> HttpResponse:
    given = {"force": current_force().name, "agency": "", "name": "", **context}
    if "waiting" in context:
        given["name"] = context["waiting"].name
    words = {
        key: text.format(**{part: given[part] for part in ("force", "agency", "name")}) for key, text in PAGE.items()
    }
    page = {**context, "words": words, "force_name": given["force"], "error": error}
    response = render(request, f"streams/agency_{name}.html", page, status=error.http_status if error else status)
    if error is not None and (wait := (error.details or {}).get("wait_seconds")):
        response["Retry-After"] = str(math.ceil(wait))
    return guard(response)


def _address(request: HttpRequest) -> str:
    """Return the client's address: of nginx's own X-Forwarded-For, never what a client says of itself."""
    return str(request.META["REMOTE_ADDR"])


def _request_id(request: HttpRequest) -> str:
    return str(request.request_id)  # type: ignore[attr-defined]
