"""Reading items, inside a force: plain data, or a queryset for a door to page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from evidence.models import (
    DEFAULT_CATEGORY,
    FileRole,
    Hold,
    Item,
    ItemFile,
    ItemKind,
    ItemState,
    RetentionCategory,
    SessionErasure,
)
from forces.accounts.permissions import Permission, may, require
from forces.actors import Actor

_KEPT = (ItemState.SEALING, ItemState.SEALED, ItemState.FAILED)


@dataclass(frozen=True, slots=True)
class Leftover:
    """What tidying may remove around an item: sources, pictures that waited, and all files but `names`."""

    stream_ids: tuple[UUID, ...]
    source_directory: str
    names: tuple[str, ...]
    pictures: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedRecording:
    """A recording that can be played, as whoever may see nothing else of it is told; `bytes` of what is played."""

    id: UUID
    started_at: datetime
    duration_ms: int
    bytes: int
    is_complete: bool


def visible_items(actor: Actor) -> QuerySet[Item]:
    """Items whose metadata the actor may see: those who may view items, and auditors. Raises NotPermitted."""
    if not may(actor, Permission.AUDIT_READ):
        require(actor, Permission.ITEM_VIEW)
    counted = Item.objects.annotate(picture_count=Count("pictures"))
    return counted.select_related("category").prefetch_related("files", "holds")


def may_see_names(actor: Actor) -> bool:
    """Whether the actor may read who is in a call: whoever may look at it. Auditors read that it was recorded."""
    return may(actor, Permission.ITEM_VIEW)


def list_of_sessions(session_ids: Collection[UUID], most: int) -> list[tuple[Item, bool]]:
    """The newest items of these sessions that are not erased, and whether a hold is in force on each. Not audited."""
    held = Exists(Hold.objects.filter(item=OuterRef("pk"), released_at__isnull=True))
    rows = Item.objects.filter(session_id__in=session_ids).exclude(state=ItemState.ERASED)
    counted = rows.annotate(picture_count=Count("pictures"), is_held=held)
    return [(item, bool(vars(item)["is_held"])) for item in counted[:most]]


def due_items(actor: Actor, now: datetime) -> QuerySet[Item]:
    """Items whose retention date has come, those under a hold too, oldest first. Raises NotPermitted."""
    return visible_items(actor).filter(_is_due(now)).order_by("erase_due_at", "id")


def find_due_items(now: datetime) -> list[UUID]:
    """Items to erase now: due and under no hold, or with an erasure that was interrupted."""
    held = Hold.objects.filter(item=OuterRef("pk"), released_at__isnull=True)
    due = Item.objects.filter(_is_due(now)).filter(~Exists(held) | Q(state=ItemState.ERASING))
    return list(due.order_by("erase_due_at").values_list("id", flat=True))


def find_items_to_seal(now: datetime) -> list[UUID]:
    """Items whose next attempt is due, and those whose tidying was interrupted, oldest first."""
    ready = Q(state=ItemState.SEALING, next_attempt_at__lte=now)
    untidy = Q(state=ItemState.SEALED) & ~Q(source_directory="")
    return list(Item.objects.filter(ready | untidy).order_by("registered_at").values_list("id", flat=True))


def find_leftover(item_id: UUID) -> Leftover | None:
    """What is left to tidy around an item that is sealed, or given up with its originals stored."""
    item = Item.objects.filter(id=item_id, state__in=(ItemState.SEALED, ItemState.FAILED)).first()
    if item is None or not item.source_directory:
        return None
    files = list(item.files.values_list("role", "name"))
    if not any(role == FileRole.ORIGINAL for role, _ in files):
        return None
    pictures = tuple(item.pictures.values_list("id", flat=True))
    return Leftover(item.stream_ids, item.source_directory, tuple(name for _, name in files), pictures)


def find_file(item_id: UUID, role: str, name: str) -> ItemFile | None:
    """The file of that role in an item that is not erased; `name` chooses among several, else the first."""
    files = ItemFile.objects.select_related("item").filter(item_id=item_id, role=role)
    files = files.filter(item__state__in=_KEPT)
    return (files.filter(name=name) if name else files).order_by("name").first()


def sealed_recordings(session_id: UUID, since: datetime) -> list[SealedRecording]:
    """The sealed recordings of a session that were begun at or after `since`, oldest first. Not audited."""
    files = _recording_files(session_id, since).filter(role=FileRole.PLAYABLE).order_by("item__started_at", "item_id")
    return [
        SealedRecording(
            file.item_id, file.item.started_at, file.item.duration_ms or 0, file.bytes, file.item.is_complete
        )
        for file in files
    ]


def find_recording_file(session_id: UUID, item_id: UUID, role: str, since: datetime) -> ItemFile | None:
    """The file of that role of a sealed recording of that session, begun at or after `since`."""
    return _recording_files(session_id, since).filter(item_id=item_id, role=role).first()


def may_erase_session(session_id: UUID) -> bool:
    """Whether nothing sealed of the session is kept any more."""
    return not Item.objects.filter(session_id=session_id).exclude(state=ItemState.ERASED).exists()


def kept_sessions() -> QuerySet[Item, UUID]:
    """The ids of the sessions of which anything sealed is kept, held or not; one as often as there are items."""
    return Item.objects.exclude(state=ItemState.ERASED).order_by().values_list("session_id", flat=True)


def is_session_erased(session_id: UUID) -> bool:
    """Whether the session's own data is erased already."""
    return SessionErasure.objects.filter(session_id=session_id).exists()


def default_category() -> RetentionCategory | None:
    """The category that a session's own data falls under."""
    return RetentionCategory.objects.filter(code=DEFAULT_CATEGORY).first()


def _recording_files(session_id: UUID, since: datetime) -> QuerySet[ItemFile]:
    sealed = Item.objects.filter(kind=ItemKind.RECORDING, state=ItemState.SEALED)
    chosen = sealed.filter(session_id=session_id, started_at__gte=since)
    return ItemFile.objects.select_related("item").filter(item__in=chosen)


def _is_due(now: datetime) -> Q:
    return Q(erase_due_at__lte=now) & ~Q(state=ItemState.ERASED)
