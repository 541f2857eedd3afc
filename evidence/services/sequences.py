"""Intake of the pictures that stand for video: one item for each stretch of them, sealed when no more comes.

A sequence is due for sealing from its first picture on, and each further one puts that off: whoever dies, the sweep
finds it, and what was acknowledged is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum

from evidence.models import Item, ItemKind, ItemState, SequencePicture
from evidence.services.defaults import category_or_default
from evidence.services.intake import SealJob
from evidence.services.item_acts import record_act
from forces.actors import Actor
from forces.audit.services import Operation
from forces.dispatch import enqueue_on_commit

QUIET_FOR = timedelta(minutes=2)
"""A stretch is over when no picture came for so long, whatever became of the phone."""
LATE_FOR = timedelta(seconds=10)
"""What was sent before a stretch ended may arrive after that was told."""
MOST_PICTURES = 2_000
MOST_BYTES = 200_000_000
"""What one sequence holds; the next picture begins another one."""
WAITING = "waiting"
"""Stands in `source_directory` for as long as a sequence's pictures lie apart from its files."""


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture whose bytes are on disk under `id`; `taken_at` is by the phone's clock, `size` in pixels."""

    id: UUID
    taken_at: datetime
    kind: str
    size: tuple[int, int]
    sha256: str
    bytes: int
    position: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture of a sequence as sealing needs it."""

    id: UUID
    taken_at: datetime
    received_at: datetime
    kind: str
    width: int
    height: int
    sha256: str
    bytes: int
    position: dict[str, Any] | None


def add_picture(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    incident_reference: str,
    category_code: str,
    picture: NewPicture,
) -> UUID:
    """Take a picture into the session's sequence, or begin one with it; returns the item's id.

    The caller holds the session's lock. Order and retention go by `now`: a phone's clock decides over nothing.
    """
    item = _open_sequence(session_id)
    if item is None or _is_full(item, picture):
        if item is not None:
            _make_due(item, now, timedelta(0))
        item = _begin(actor, now, session_id, incident_reference, category_code)
    item.take_picture(now, now + QUIET_FOR, item.category.due_from(now))
    item.save(update_fields=["ended_at", "next_attempt_at", "erase_due_at"])
    SequencePicture.objects.create(
        id=picture.id,
        item=item,
        taken_at=picture.taken_at,
        received_at=now,
        kind=picture.kind,
        width=picture.size[0],
        height=picture.size[1],
        sha256=picture.sha256,
        bytes=picture.bytes,
        position=picture.position,
    )
    return item.id


def close_sequence(*, now: datetime, session_id: UUID, may_be_late: bool = False) -> None:
    """The stretch is over: seal what there is of it. `may_be_late`: pictures on their way still belong to it."""
    item = _open_sequence(session_id)
    if item is None:
        return
    _make_due(item, now, LATE_FOR if may_be_late else timedelta(0))


def list_pictures(*, item_id: UUID) -> list[Pictured]:
    """Return the pictures of a sequence in the order in which they came."""
    names = ("id", "taken_at", "received_at", "kind", "width", "height", "sha256", "bytes", "position")
    return [Pictured(*row) for row in SequencePicture.objects.filter(item_id=item_id).values_list(*names)]


def note_incomplete(*, job: SealJob) -> None:
    """A picture that was taken in is not on the disk as it was: the item says that it is not whole."""
    Item.objects.filter(id=job.item_id, state=ItemState.SEALING, attempts=job.attempt).update(is_complete=False)


def find_strays(found: list[UUID]) -> list[UUID]:
    """Return those of the pictures on disk that no sequence waits for: never acknowledged, or sealed already."""
    waited = SequencePicture.objects.filter(pk__in=found).exclude(item__source_directory="")
    return sorted(set(found) - set(waited.values_list("pk", flat=True)))


def _open_sequence(session_id: UUID) -> Item | None:
    rows = Item.objects.select_for_update(of=("self",)).select_related("category")
    return rows.filter(session_id=session_id, kind=ItemKind.SEQUENCE, state=ItemState.SEALING, attempts=0).first()


def _is_full(item: Item, picture: NewPicture) -> bool:
    held = item.pictures.aggregate(bytes=Sum("bytes"))["bytes"] or 0
    return held + picture.bytes > MOST_BYTES or item.pictures.count() >= MOST_PICTURES


def _begin(actor: Actor, now: datetime, session_id: UUID, incident_reference: str, category_code: str) -> Item:
    category = category_or_default(category_code, now)
    item = Item.objects.create(
        session_id=session_id,
        incident_reference=incident_reference,
        kind=ItemKind.SEQUENCE,
        category=category,
        source_directory=WAITING,
        started_at=now,
        ended_at=now,
        registered_at=now,
        is_complete=True,
        erase_due_at=category.due_from(now),
        next_attempt_at=now + QUIET_FOR,
    )
    record_act(actor, item, "item.register", Operation.COLLECTION, {"category": category.code, "kind": item.kind})
    return item


def _make_due(item: Item, now: datetime, delay: timedelta) -> None:
    item.next_attempt_at = now + delay
    item.save(update_fields=["next_attempt_at"])
    enqueue_on_commit("evidence.tasks.seal_recording", {"item_id": str(item.id)}, countdown=delay.total_seconds())
