"""Pages: the link a caller is sent, the code that opens it too, the caller's own page, the officer's, the console."""

from __future__ import annotations

from pathlib import Path

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from forces import clock
from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor
from forces.context import current_force, mark_rollback
from forces.errors import DomainError
from forces.headers import page_uses
from forces.languages import language_named
from forces.languages.page import chosen_language, language_of
from streams import signalling
from streams.public_pages import guard, message_of, refuse, show
from streams.selectors import (
    CALLER_COOKIE,
    LEFT_COOKIE,
    CallerTicket,
    read_caller_cookie,
    read_ticket,
    refusal_frame,
    write_caller_cookie,
)
from streams.services.caller_page import read_caller_page
from streams.services.invitations import OpenedInvitation, describe_link, open_by_code
from streams.services.invitations import open_invitation as open_link
from streams.services.link_standing import LinkNotOpened
from streams.services.links import hash_of
from streams.services.receipts import read_receipt
from streams.services.resending import note_link_trouble

COOKIE_AGE_S = 24 * 3600
TYPED_SHOWN = 24  # characters


class NoTicket(LinkNotOpened):
    """The browser has no ticket of an opened link (HTTP 403)."""

    http_status = 403


@require_safe
@never_cache
@ensure_csrf_cookie
@page_uses("clipboard-write")  # "Copy the address", in apps whose browser has no camera
def invitation_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link asks for. Looking spends nothing, whoever or whatever looks."""
    try:
        page = describe_link(now=clock.now(), token=token, browser_secret=_secret_of(request))
    except DomainError as error:
        return _refused(request, error, token)
    context = {"is_video": page.is_video, "open_url": f"/i/{token}/open/"}
    return guard(
        show(request, "streams/caller_invitation.html", context, given=page.language, safe_mode=page.safe_mode)
    )


@require_POST
@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """A person opened the link: give this browser its ticket, and an address without the token."""
    try:
        opened = open_link(
            now=clock.now(),
            token=token,
            browser_secret=_secret_of(request),
            request_id=_actor(request).request_id,
        )
    except DomainError as error:
        return _refused(request, error, token)
    return _let_in(opened)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
@sensitive_post_parameters("code")
def join_page(request: HttpRequest) -> HttpResponse:
    """Show where a code is entered; a person's POST opens its link. Looking spends nothing."""
    if request.method != "POST":
        return _join(request)
    try:
        opened = open_by_code(
            now=clock.now(),
            typed=request.POST.get("code", ""),
            address=request.META["REMOTE_ADDR"],  # of nginx's own X-Forwarded-For, never what a client says of itself
            browser_secret=_secret_of(request),
            request_id=_actor(request).request_id,
        )
    except DomainError as error:
        return _join(request, error)
    return _let_in(opened)


@require_GET
@never_cache
@ensure_csrf_cookie
# The microphone is not among them. The last two: the own picture plays after a reload, and the phone stays awake.
@page_uses("camera", "geolocation", "autoplay", "screen-wake-lock")
def caller_page(request: HttpRequest) -> HttpResponse:
    """Show the caller's own page to a browser whose ticket holds."""
    ticket = read_ticket(request.COOKIES)
    if ticket is None:
        return _without_ticket(request)
    try:
        page = read_caller_page(
            now=clock.now(),
            ticket=ticket,
            request_id=_actor(request).request_id,
            language=chosen_language(request),
        )
    except DomainError as error:
        return _refused(request, error)
    language, safe_mode = page.session["language"], page.admission.safe_mode
    # No socket yet, so no addresses: `ice_servers` comes with it, after consent.
    state = msgspec.to_builtins(signalling.state_of(page, None))
    context = {"page_data": {"language": language, "safe_mode": safe_mode, "state": state}}
    return show(request, "streams/caller.html", context, given=language, safe_mode=safe_mode)


@require_GET
@never_cache
def receipt_page(request: HttpRequest) -> HttpResponse:
    """Show the browser that consented what it agreed to; `?download` gives it as a file."""
    ticket = read_ticket(request.COOKIES)
    if ticket is None:
        return _without_ticket(request)
    try:
        receipt = read_receipt(now=clock.now(), ticket=ticket, request_id=_actor(request).request_id)
    except DomainError as error:
        return _refused(request, error)
    context = {"receipt": receipt, "wording": language_named(receipt.wording["language"])}
    template = "streams/receipt_file.html" if "download" in request.GET else "streams/receipt.html"
    page = show(request, template, context, given=receipt.language, safe_mode=receipt.safe_mode)
    if "download" in request.GET:
        name = "notes" if receipt.safe_mode else f"consent-{receipt.reference}"
        page["Content-Disposition"] = f'attachment; filename="{name}.html"'
    return page


@require_GET
@never_cache
def goodbye_page(request: HttpRequest) -> HttpResponse:
    """Say that nothing is shared any more, and forget the ticket."""
    ticket = read_caller_cookie(request.COOKIES.get(CALLER_COOKIE))
    language, safe_mode = refusal_frame(ticket.session_id if ticket else None)
    response = show(request, "streams/goodbye.html", given=language, safe_mode=safe_mode)
    response.delete_cookie(CALLER_COOKIE, samesite="Lax")
    return response


@require_GET
@never_cache
@ensure_csrf_cookie
@page_uses("autoplay", "fullscreen", "clipboard-write", "microphone")
def console_page(request: HttpRequest) -> HttpResponse:
    """Show the console to whoever may view sessions; send others where their role works."""
    actor = _actor(request)
    if actor.is_anonymous:
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next=/")
    if may(actor, Permission.FORCE_CONFIGURE):
        return HttpResponseRedirect("/admin/")
    if may(actor, Permission.AUDIT_READ):
        return HttpResponseRedirect("/api/v1/docs/")
    if may(actor, Permission.STREAM_PUBLISH):
        return HttpResponseRedirect("/officer/")
    require(actor, Permission.SESSION_VIEW)
    return render(request, "streams/console.html", {"force_name": current_force().name})


@require_GET
@never_cache
@ensure_csrf_cookie
@page_uses("camera", "microphone", "geolocation", "autoplay", "screen-wake-lock")
def officer_page(request: HttpRequest) -> HttpResponse:
    """Show the officer's own page to whoever may stream."""
    actor = _actor(request)
    if actor.is_anonymous:
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next=/officer/")
    require(actor, Permission.STREAM_PUBLISH)
    page = {"force_name": current_force().name, "map_tiles_url": settings.MAP_TILES_URL}
    return render(request, "streams/officer.html", page)


@require_GET
def officer_worker(request: HttpRequest) -> HttpResponse:
    """Serve the officer's service worker from where its page is: it may stand in for nothing else. It has no data."""
    file: Path = settings.WEB_ROOT / "assets/officer_worker.js"
    return HttpResponse(file.read_text(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _secret_of(request: HttpRequest) -> str:
    ticket = read_caller_cookie(request.COOKIES.get(CALLER_COOKIE))
    return ticket.browser_secret if ticket else ""


def _let_in(opened: OpenedInvitation) -> HttpResponse:
    response = HttpResponseRedirect("/live/", status=303)
    _give_ticket(response, opened.ticket)
    response.delete_cookie(LEFT_COOKIE, samesite="Lax")  # whoever comes by the link is back on purpose
    return response


def _without_ticket(request: HttpRequest) -> HttpResponse:
    """Say that the link has to be opened; where the page was left in a hurry, in a frame that says nothing."""
    ticket = read_caller_cookie(request.COOKIES.get(CALLER_COOKIE))
    language, safe_mode = refusal_frame(ticket.session_id if ticket else None)
    return refuse(request, NoTicket(), given=language, safe_mode=safe_mode or LEFT_COOKIE in request.COOKIES)


def _join(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    """Return the page for a code; after an error with its words and what was typed, to compare."""
    context = {"error": error, "typed": request.POST.get("code", "")[:TYPED_SHOWN]}
    if error is not None:
        context["problem"] = message_of(language_of(request), error)
    page = show(request, "streams/caller_join.html", context, status=error.http_status if error else 200)
    if error is not None:
        mark_rollback()
        if wait := (error.details or {}).get("wait_seconds"):
            page["Retry-After"] = str(wait)
    return guard(page)


def _give_ticket(response: HttpResponse, ticket: CallerTicket) -> None:
    response.set_cookie(
        CALLER_COOKIE,
        write_caller_cookie(ticket),
        max_age=COOKIE_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _refused(request: HttpRequest, error: DomainError, token: str = "") -> HttpResponse:
    """Return the refusal in the language and the mode of the link's session, or of the ticket's.

    A link is refused before anything is written, so that the operator can be told of it, too.
    """
    is_told = bool(token) and note_link_trouble(now=clock.now(), token=token, code=error.code)
    kept = read_caller_cookie(request.COOKIES.get(CALLER_COOKIE))
    ticket = None if token else kept
    language, safe_mode = refusal_frame(ticket.session_id if ticket else None, hash_of(token) if token else "")
    # Whoever has the link without having opened it agreed to nothing.
    has_receipt = kept is not None and error.code in ("consent_withdrawn", "session_over")
    return refuse(
        request, error, given=language, safe_mode=safe_mode, has_receipt=has_receipt, keeps_what_was_written=is_told
    )
