"""The doors of stills: a caller's or an officer's phone sends them, the console looks at them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from evidence.api.views import accelerated
from forces import clock
from forces.context import PLATFORM
from forces.errors import DomainError, InvalidInput, NotFound, Unavailable
from forces.middleware import PART_LOST
from streams.models import Still
from streams.selectors import CALLER_COOKIE, read_caller_cookie, read_ticket
from streams.services.link_standing import LinkNotOpened
from streams.services.still_viewing import view_still
from streams.services.stills import MOST_BYTES, NewStill, StillTooLarge
from streams.signalling.callers import Caller
from streams.signalling.officers import Officer, officer_of
from streams.signalling.phones import Phone
from streams.signalling.stills import take_still
from streams.wire.fields import LAST_MS

_HASH = re.compile(r"[0-9a-f]{64}")


@require_POST
async def receive_still(request: HttpRequest) -> HttpResponse:
    """Take a picture of the caller's page: 201 {id, sha256}, or 200 for one that is stored already.

    The page proves that it is ours by the CSRF token, as every form does: the middleware asks for it.
    """
    try:
        return await _take(caller_of(request), request)
    except DomainError as error:
        return refused(error)
    except PART_LOST:
        return refused(Unavailable())


@require_POST
async def receive_officers_still(request: HttpRequest) -> HttpResponse:
    """Take a picture of the page of an officer who is live, admitted by the sign-in; answers as `receive_still`."""
    try:
        return await _take(await _officer_of(request), request)
    except DomainError as error:
        return refused(error)
    except PART_LOST:
        return refused(Unavailable())


class SessionStill(APIView):
    """One still of a session."""

    @extend_schema(
        tags=["sessions"],
        operation_id="sessions_still",
        parameters=[OpenApiParameter("size", str, enum=["small"], description="the thumbnail, where there is one")],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, session_id: UUID, still_id: UUID) -> HttpResponse:
        """Show it, encoded anew; the look is audited."""
        served = view_still(
            actor=request._request.actor,  # type: ignore[attr-defined]
            now=clock.now(),
            session_id=session_id,
            still_id=still_id,
            is_small=request.query_params.get("size") == "small",
        )
        return accelerated(served)


def caller_of(request: HttpRequest, *, was_left: bool = False) -> Caller:
    """Return the caller whose ticket the request carries; `was_left`: also of a browser that was left.

    Raises `LinkNotOpened`, and `NotFound` at the platform.
    """
    cookies = request.COOKIES
    ticket = read_caller_cookie(cookies.get(CALLER_COOKIE)) if was_left else read_ticket(cookies)
    if ticket is None:
        raise LinkNotOpened
    force = getattr(request, "force", PLATFORM)
    if force.is_platform:
        raise NotFound
    return Caller(force, ticket, getattr(request, "request_id", ""))


async def _officer_of(request: HttpRequest) -> Officer:
    """Return the officer who is signed in, and live. Raises `NotPermitted` or `NotLive`."""
    force = getattr(request, "force", PLATFORM)
    if force.is_platform:
        raise NotFound
    return await officer_of(
        force, request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), getattr(request, "request_id", "")
    )


async def _take(phone: Phone, request: HttpRequest) -> JsonResponse:
    still = _still_of(request)
    view, is_new = await take_still(phone, still, _body_of(request, still))
    return JsonResponse({"id": view["id"], "sha256": view["sha256"]}, status=201 if is_new else 200)


def refused(error: DomainError) -> JsonResponse:
    """Return the answer that states `error` to a page's own request."""
    return JsonResponse(error.as_dict(), status=error.http_status)


def _still_of(request: HttpRequest) -> NewStill:
    """Read what the phone says of its picture. Raises `InvalidInput`."""
    given, sha256 = request.GET, request.headers.get("X-Still-Hash", "")
    if not _HASH.fullmatch(sha256):
        raise InvalidInput("X-Still-Hash is the picture's SHA-256 in hex.", details={"field": "X-Still-Hash"})
    try:
        taken_ms = float(given.get("taken_at", ""))
        if not 0 <= taken_ms <= LAST_MS:
            raise ValueError
        ask = given.get("ask")
        return NewStill(
            purpose=Still.Purpose(given.get("purpose", "")),
            ask_id=UUID(ask) if ask else None,
            taken_at=datetime.fromtimestamp(taken_ms / 1000, UTC),
            sha256=sha256,
        )
    except ValueError as error:
        raise InvalidInput("purpose, ask or taken_at is not valid.") from error


def _body_of(request: HttpRequest, still: NewStill) -> bytes:
    """Read no more than a picture of its purpose may have. Raises `StillTooLarge`."""
    most = MOST_BYTES[still.purpose]
    try:
        declared = int(request.headers.get("Content-Length") or 0)
    except ValueError as error:
        raise InvalidInput("Content-Length is no number.") from error
    if declared > most:
        raise StillTooLarge
    return request.read(most + 1)
