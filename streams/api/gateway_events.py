"""The events door: the media server posts here, on the loopback listener of machines."""

from __future__ import annotations

import base64
import hmac
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from forces.errors import InvalidInput
from streams import signalling

log = logging.getLogger(__name__)

USER = "janus"


@csrf_exempt
@require_POST
async def janus_events(request: HttpRequest) -> HttpResponse:
    """Take a batch of events. 401 without the password; else always 200, or the media server repeats itself."""
    if not is_media_server(request.headers.get("Authorization", "")):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="events"'})
    try:
        taken = await signalling.take_batch(request.body)
    except InvalidInput:
        log.warning("unreadable media events", extra={"bytes": len(request.body)})
        return HttpResponse(status=200, headers={"X-Events-Known": "0"})
    if taken.unknown:
        log.debug("media events of nobody here", extra={"count": taken.unknown})
    return HttpResponse(status=200, headers={"X-Events-Known": str(taken.known)})


def is_media_server(header: str) -> bool:
    """Whether the Basic credentials are the media server's; compared in constant time, never with no password set."""
    password: str = settings.JANUS_EVENTS_PASSWORD
    expected = "Basic " + base64.b64encode(f"{USER}:{password}".encode()).decode()
    return bool(password) and hmac.compare_digest(header.encode(), expected.encode())
