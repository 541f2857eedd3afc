"""The door that "Exit this page" knocks on while the page goes: a beacon, of which nobody reads the answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from consultations.signalling.calls import leave_meeting
from consultations.tickets import MEETING_COOKIE, read_meeting_cookie
from forces.context import PLATFORM
from forces.errors import DomainError, NotFound, Unavailable
from forces.middleware import PART_LOST
from streams.api.stills import refused


@require_POST
async def receive_leaving(request: HttpRequest) -> HttpResponse:
    """Take the power of this browser's ticket away: 204, also when it had none.

    The page proves that it is ours by the CSRF token among the form's fields: a beacon sets no header.
    """
    ticket = read_meeting_cookie(request.COOKIES.get(MEETING_COOKIE))
    force = getattr(request, "force", PLATFORM)
    try:
        if force.is_platform:
            raise NotFound
        if ticket is not None:
            await leave_meeting(force, ticket, getattr(request, "request_id", ""), is_exit=True)
    except DomainError as error:
        return refused(error)
    except PART_LOST:
        return refused(Unavailable())
    return HttpResponse(status=204)
