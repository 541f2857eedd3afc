"""The door that "Exit this page" knocks on while the page goes: a beacon, of which nobody reads the answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from forces.errors import DomainError, Unavailable
from forces.middleware import PART_LOST
from streams.api.stills import caller_of, refused
from streams.signalling.leaving import leave


@require_POST
async def receive_leaving(request: HttpRequest) -> HttpResponse:
    """Take the power of this browser's ticket away: 204, also when it had none.

    The page proves that it is ours by the CSRF token among the form's fields: a beacon sets no header.
    """
    try:
        await leave(caller_of(request, was_left=True))
    except DomainError as error:
        return refused(error)
    except PART_LOST:
        return refused(Unavailable())
    return HttpResponse(status=204)
