"""The pictures that stand for video on a bad line: news for as long as the video may be seen.

What is kept of them as evidence is a sequence of its own (`gathered_stills`); these copies are only looked at. A row
says that one may be looked at; its file goes with the next sweep once the row is gone.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from evidence.stills import live_name
from streams.models import Still, Stream

KEPT = 5
"""How many of them a session keeps; those before them are no news any more."""


def drop_old(session_id: UUID) -> list[UUID]:
    """Forget all but the newest of a locked session; returns those whose files may go at once."""
    old = list(_of(session_id).order_by("-received_at").values_list("id", flat=True)[KEPT:])
    Still.objects.filter(pk__in=old).delete()
    return old


def forget_live_stills(session_id: UUID) -> None:
    """The video of a locked session was ended on purpose: nobody looks at what stood for it any more."""
    _of(session_id).delete()


def is_stopped(session_id: UUID) -> bool:
    """Whether the caller stopped the video of a locked session: a picture that was on its way then comes too late."""
    newest = Stream.objects.filter(session_id=session_id).order_by("-admitted_at").first()
    return newest is not None and newest.is_over and newest.end_reason == "stopped"


def find_strays(found: Collection[tuple[UUID, str]]) -> list[tuple[UUID, str]]:
    """Return those of the files (session, name) on disk that no row speaks of."""
    sessions = {session_id for session_id, _ in found}
    rows = Still.objects.filter(session_id__in=sessions, purpose=Still.Purpose.LADDER)
    known = {(session_id, live_name(still_id)) for session_id, still_id in rows.values_list("session_id", "id")}
    return sorted(set(found) - known)


def _of(session_id: UUID) -> QuerySet[Still]:
    return Still.objects.filter(session_id=session_id, purpose=Still.Purpose.LADDER)
