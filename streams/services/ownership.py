"""Which process holds whose place at the media server, and how a place changes hands. Nobody's data: not audited."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from streams.models import Stream, Talk, Watch
from streams.place_keepers import keeper_of, keepers
from streams.services.handles import HeldHandle, handle_of
from streams.services.locks import lock_session


@dataclass(frozen=True, slots=True)
class Owned:
    """What goes on and a process answers for. `place` is None when it was not written down yet.

    `guest`: the socket is one of that force's, by its schema. `holder`: "stream", "watch" or "talk", or what another
    app's keeper names.
    """

    holder: str
    id: UUID
    session_id: UUID
    socket: str
    guest: str
    place: HeldHandle | None


def list_owners() -> set[str]:
    """Return the processes that answer for anything that goes on."""
    streams, rest = _streams().values_list("owner", flat=True), (_watches(), _talks())
    ours = {*streams, *(process for rows in rest for process in rows.values_list("process", flat=True))}
    return ours.union(*(keeper.list_owners() for keeper in keepers())) - {""}


def list_owned(*, owner: str) -> list[Owned]:
    """Return what goes on and `owner` answers for, streams first."""
    streams = [
        Owned("stream", row.id, row.session_id, "", "", handle_of(row)) for row in _streams().filter(owner=owner)
    ]
    watches = _watches().filter(process=owner).select_related("stream")
    return [
        *streams,
        *(Owned("watch", row.id, row.session_id, row.owner, row.guest, handle_of(row)) for row in watches),
        *(
            Owned("talk", row.id, row.session_id, row.owner, "", handle_of(row))
            for row in _talks().filter(process=owner)
        ),
        *(owned for keeper in keepers() for owned in keeper.list_owned(owner)),
    ]


def find_stream_owner(*, stream_id: UUID) -> tuple[Owned, str] | None:
    """Return a stream that goes on, and the process that answers for it; None when it is over."""
    row = _streams().filter(pk=stream_id).first()
    return (Owned("stream", row.id, row.session_id, "", "", handle_of(row)), row.owner) if row else None


def change_owner(*, owned: Owned, before: str, after: str) -> bool:
    """Write that `after` answers for it now; False when it is over, or `before` does not answer for it any more.

    Of several processes that want the same place exactly one succeeds. Raises `NotFound` without a session.
    """
    lock_session(owned.session_id)
    keeper = keeper_of(owned.holder)
    if keeper is not None:
        return keeper.change_owner(owned, before, after)
    if owned.holder == "stream":
        return _streams().filter(pk=owned.id, owner=before).update(owner=after) == 1
    return _watches().filter(pk=owned.id, process=before).update(process=after) == 1


def find_lost(*, owner: str, ids: Mapping[str, Collection[UUID]]) -> set[UUID]:
    """Return those which go on and another process than `owner` answers for; `ids` by the kind of opaque ids."""
    lost: set[UUID] = set()
    if streams := ids.get("p"):
        lost.update(_streams().filter(pk__in=streams).exclude(owner=owner).values_list("pk", flat=True))
    if watches := ids.get("w"):
        lost.update(_watches().filter(pk__in=watches).exclude(process=owner).values_list("pk", flat=True))
    return lost.union(*(keeper.find_lost(owner, ids) for keeper in keepers()))


def _streams() -> QuerySet[Stream]:
    return Stream.objects.filter(state__in=Stream.GOING_ON).order_by()


def _talks() -> QuerySet[Talk]:
    return Talk.objects.filter(ended_at__isnull=True).order_by()


def _watches() -> QuerySet[Watch]:
    return Watch.objects.filter(ended_at__isnull=True).order_by()
