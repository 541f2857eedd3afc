"""The RTMP server asks here whom it may take: on the loopback listener of machines, with a key as the stream's name.

What it posts is made of what strangers sent, who may have put names of their own before the server's: which call it is
says the address alone, and a body with two names is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from drones.services.keys import schema_of
from drones.services.pushing import admit_push, keep_push, tell_refused_key
from drones.services.secrets import is_feed_name
from forces import clock
from forces.context import ForceRef, ain_force
from forces.errors import DomainError, NotFound
from forces.middleware import PART_LOST
from forces.selectors import find_force
from streams.ingest import KeyInvalid

T = TypeVar("T")


@csrf_exempt
@require_POST
async def begin(request: HttpRequest) -> HttpResponse:
    """Answer a push that begins: 302 with the name that the stream gets, else a status that refuses it."""
    try:
        name = await _admit(request, admit_push)
    except DomainError as error:
        if isinstance(error, KeyInvalid):
            await _tell_refused(request)
        return HttpResponse(error.code, status=error.http_status, content_type="text/plain")
    except PART_LOST:
        return HttpResponse(status=503)
    return HttpResponse(status=302, headers={"Location": name})


@csrf_exempt
@require_POST
async def go_on(request: HttpRequest) -> HttpResponse:
    """Answer a push that goes on: 204, or a status that cuts it. Whoever cannot tell lets it go on.

    The server asks for those who read, too, by the name that they read: the bridges, which our own keeper ends.
    """
    if is_feed_name(_name(request)):
        return HttpResponse(status=204)
    try:
        await _admit(request, keep_push)
    except DomainError as error:
        return HttpResponse(error.code, status=error.http_status, content_type="text/plain")
    except PART_LOST:
        return HttpResponse(status=204)
    return HttpResponse(status=204)


async def _tell_refused(request: HttpRequest) -> None:
    """Tell of a key that was revoked; the push is refused whether or not that can be told."""
    with contextlib.suppress(DomainError, *PART_LOST):
        await _admit(request, tell_refused_key)


async def _admit(request: HttpRequest, service: Callable[..., T]) -> T:
    key = _name(request)
    request_id = getattr(request, "request_id", "")
    return await ain_force(await _force_of(key), service, now=clock.now(), key=key, request_id=request_id)


def _name(request: HttpRequest) -> str:
    """The one name of the stream, "" where the body has none or several."""
    names = request.POST.getlist("name")
    is_one = len(names) == 1 and request.POST.getlist("app") == ["live"]
    return str(names[0]) if is_one else ""


async def _force_of(key: str) -> ForceRef:
    schema = schema_of(key)
    if not schema:
        raise KeyInvalid
    try:
        return await sync_to_async(find_force, thread_sensitive=False)(schema)
    except NotFound as error:
        raise KeyInvalid from error
