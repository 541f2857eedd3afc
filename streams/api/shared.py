"""The door of recordings that another force shares.

A plain async view: it enters two forces, one after the other, which a unit of work around the request would not allow.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from evidence.api.views import accelerated
from evidence.models import FileRole
from forces.context import PLATFORM
from forces.errors import DomainError, NotFound, Unavailable
from forces.middleware import PART_LOST
from streams import signalling
from streams.api.stills import refused


@require_GET
async def show_recording(request: HttpRequest, share_id: UUID, item_id: UUID, role: str) -> HttpResponse:
    """Hand out what is played of a recording, or its poster; each look is in both forces' audits. Ranges are served."""
    try:
        return await _show(request, share_id, item_id, role)
    except DomainError as error:
        return refused(error)
    except PART_LOST:
        return refused(Unavailable())


async def _show(request: HttpRequest, share_id: UUID, item_id: UUID, role: str) -> HttpResponse:
    force = getattr(request, "force", PLATFORM)
    if force.is_platform or role not in FileRole.values:
        raise NotFound
    key, request_id = request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), getattr(request, "request_id", "")
    owner, served = await signalling.view_shared_recording(
        force, key, request_id, share_id=share_id, item_id=item_id, role=FileRole(role)
    )
    return accelerated(served, owner)
