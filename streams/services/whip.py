"""Publications by WHIP: their addresses, and which ICE session each is in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forces.actors import Actor
from forces.errors import DomainError, NotFound
from streams.models import WhipResource
from streams.services.handles import HeldHandle, handle_of
from streams.services.locks import lock_stream
from streams.services.publishing import end_stream
from streams.services.watching import StreamOver

# Some clients quote the star, as the examples of RFC 9725 do.
_ANY = ("*", '"*"')
_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e]*"')


class PreconditionMissing(DomainError):
    """A change of an ICE session does not say of which (HTTP 428)."""

    code = "precondition_required"
    http_status = 428
    message = "Say by If-Match which ICE session is meant."


class PreconditionFailed(DomainError):
    """The ICE session that is meant is no longer the one that stands (HTTP 412)."""

    code = "precondition_failed"
    http_status = 412
    message = "Another ICE session has taken the place of that one."


@dataclass(frozen=True, slots=True)
class Resource:
    """A publication: its stream, the ICE session that stands, the offer without addresses, and the place."""

    id: UUID
    stream_id: UUID
    etag: str
    offer: str
    place: HeldHandle


def keep_resource(*, actor: Actor, now: datetime, session_id: UUID, stream_id: UUID, etag: str, offer: str) -> UUID:
    """Give a stream that was just connected its address. Raises `StreamOver` when it was ended meanwhile."""
    stream = lock_stream(stream_id)
    if stream.is_over:
        raise StreamOver
    return WhipResource.objects.create(stream=stream, etag=etag, offer=offer).id


def find_resource(*, actor: Actor, now: datetime, session_id: UUID, resource_id: UUID) -> Resource:
    """Return a publication of the session; raises `NotFound` for one that is over, or another's."""
    row = WhipResource.objects.select_related("stream").filter(pk=resource_id, stream__session_id=session_id).first()
    place = handle_of(row.stream) if row else None
    if row is None or place is None:
        raise NotFound("There is no such publication.")
    return Resource(row.id, row.stream_id, row.etag, row.offer, place)


def end_resource(
    *, actor: Actor, now: datetime, session_id: UUID, resource_id: UUID, is_media_lost: bool = False
) -> list[HeldHandle]:
    """End a publication as its device wants; `is_media_lost`: because its media server is gone, which it notices first.

    Returns what is to be detached; raises `NotFound`.
    """
    resource = find_resource(actor=actor, now=now, session_id=session_id, resource_id=resource_id)
    reason = "gateway_failed" if is_media_lost else "stopped"
    return end_stream(actor=actor, now=now, stream_id=resource.stream_id, reason=reason)


def begin_restart(*, actor: Actor, now: datetime, session_id: UUID, before: Resource, etag: str, offer: str) -> None:
    """From now on the publication is in another ICE session. Raises `PreconditionFailed` where one was first."""
    standing = WhipResource.objects.filter(pk=before.id, etag=before.etag)
    if not standing.update(etag=etag, offer=offer):
        raise PreconditionFailed


def undo_restart(*, before: Resource, etag: str) -> None:
    """The restart failed: the ICE session that stood goes on, unless yet another one has begun."""
    WhipResource.objects.filter(pk=before.id, etag=etag).update(etag=before.etag, offer=before.offer)


def check_precondition(if_match: str, etag: str) -> None:
    """Raise `PreconditionMissing`, or `PreconditionFailed` unless the header names the ICE session, or any."""
    if not if_match.strip():
        raise PreconditionMissing
    tags = [found[0] for found in _TAG.finditer(if_match)]
    if if_match.strip() not in _ANY and etag not in tags:
        raise PreconditionFailed
