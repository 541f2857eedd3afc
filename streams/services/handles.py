"""Places on the media server that rows hold, and those that nobody needs any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from streams.models import Stream, Talk, Watch
from streams.place_keepers import keepers


@dataclass(frozen=True, slots=True)
class HeldHandle:
    """A participant's place on a media node, and the row that holds it.

    `holder`: "stream", "watch", "talk" or "listener", or what another app's keeper names.
    """

    holder: str
    id: UUID
    node: str
    gateway_session: int
    gateway_handle: int


def handle_of(row: Stream | Watch | Talk) -> HeldHandle | None:
    """Return the place a row holds, or None."""
    if row.gateway_session is None or row.gateway_handle is None:
        return None
    if isinstance(row, Stream):
        return HeldHandle("stream", row.id, row.node, row.gateway_session, row.gateway_handle)
    if isinstance(row, Talk):
        return HeldHandle("talk", row.id, row.node, row.gateway_session, row.gateway_handle)
    return HeldHandle("watch", row.id, row.stream.node, row.gateway_session, row.gateway_handle)


def handles_of(rows: Iterable[Stream | Watch]) -> list[HeldHandle]:
    """Return the places that rows hold."""
    return [held for row in rows if (held := handle_of(row)) is not None]


def listener_handle_of(talk: Talk) -> HeldHandle | None:
    """Return the place of who listens to a talk, or None."""
    if talk.listener_session is None or talk.listener_handle is None:
        return None
    return HeldHandle("listener", talk.id, talk.node, talk.listener_session, talk.listener_handle)


def talk_handles(*talks: Talk) -> list[HeldHandle]:
    """Return the places that talks hold, each speaker's before the listener's."""
    held = [handle for talk in talks for handle in (handle_of(talk), listener_handle_of(talk))]
    return [handle for handle in held if handle is not None]


def publisher_handle(*, stream_id: UUID) -> HeldHandle | None:
    """Return the place of a stream's publisher, or None."""
    stream = Stream.objects.filter(pk=stream_id).first()
    return handle_of(stream) if stream is not None else None


def find_leftover_handles() -> list[HeldHandle]:
    """Return what ended without being detached, for example because a process died in between."""
    streams = Stream.objects.filter(state=Stream.State.ENDED, gateway_handle__isnull=False)[:100]
    watches = Watch.objects.select_related("stream").filter(ended_at__isnull=False, gateway_handle__isnull=False)[:100]
    held = Q(gateway_handle__isnull=False) | Q(listener_handle__isnull=False)
    talks = Talk.objects.filter(held, ended_at__isnull=False)[:100]
    theirs = [held for keeper in keepers() for held in keeper.find_leftovers()]
    return [*handles_of([*streams, *watches]), *talk_handles(*talks), *theirs]


def find_session_handles(*, session_id: UUID) -> list[HeldHandle]:
    """Return every place that rows of a session hold, publishers before viewers."""
    streams = Stream.objects.filter(session_id=session_id, gateway_handle__isnull=False)
    watches = Watch.objects.select_related("stream").filter(stream__session_id=session_id, gateway_handle__isnull=False)
    talks = Talk.objects.filter(session_id=session_id)
    theirs = [held for keeper in keepers() for held in keeper.find_session_handles(session_id)]
    return [*handles_of([*streams, *watches]), *talk_handles(*talks), *theirs]


def note_detached(*, handles: Iterable[HeldHandle]) -> None:
    """Forget places that were given back to the media server."""
    gone = list(handles)
    for model, holder in ((Stream, "stream"), (Watch, "watch"), (Talk, "talk")):
        ids = [held.id for held in gone if held.holder == holder]
        model._default_manager.filter(pk__in=ids).update(gateway_session=None, gateway_handle=None)
    for held in gone:
        if held.holder == "listener":  # by its place: another one may listen to that talk by now
            listened = Talk.objects.filter(pk=held.id, listener_handle=held.gateway_handle)
            listened.update(listener_id=None, listener_session=None, listener_handle=None)
    for keeper in keepers():
        if theirs := [held for held in gone if held.holder in keeper.holders]:
            keeper.note_detached(theirs)
