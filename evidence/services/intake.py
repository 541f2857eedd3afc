"""Intake of recordings: a row first, then the work outside any transaction, then the outcome.

The work itself is `evidence.sealing`. Each attempt has a number; an outcome that comes with an older number
than the row's is of a worker that was taken for dead, and is dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from evidence.models import FileRole, Item, ItemFile, ItemKind, ItemState
from evidence.parts import tell_listeners
from evidence.services.defaults import category_or_default
from evidence.services.item_acts import record_act
from evidence.storage import StoredFile
from forces.actors import Actor
from forces.audit.services import Operation
from forces.dispatch import broadcast_on_commit, enqueue_on_commit

MAX_ATTEMPTS = 8
REPLACED = "Somebody was left out: the film was composed anew."
LEASE = timedelta(minutes=2)
"""How long a claim counts without being renewed; after that another worker follows."""
_SET_UP = timedelta(minutes=10)
_UPLOAD_LIMIT = timedelta(hours=2)
_CALL_TIMES = 6
_FIRST_DELAY_S, _LONGEST_DELAY_S = 15, 3_600


@dataclass(frozen=True, slots=True)
class SealJob:
    """One claimed attempt: `attempt` is its number, `time_limit` how long the work may take.

    Of a call: its `cast` and `gaps`, and the item whose tracks it is composed of anew, if it `replaces` one.
    """

    item_id: UUID
    stream_ids: tuple[UUID, ...]
    source_directory: str
    attempt: int
    time_limit: timedelta
    kind: str = ItemKind.RECORDING
    cast: tuple[dict[str, Any], ...] = ()
    gaps: tuple[dict[str, Any], ...] = ()
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What an upload was found to be: `medium` is picture or video, its size in pixels, its length if it has one."""

    medium: str
    duration_ms: int | None
    width: int
    height: int


def register_recording(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    stream_id: UUID,
    incident_reference: str,
    category_code: str,
    directory: str,
    started_at: datetime,
    ended_at: datetime,
    is_complete: bool,
    gaps: list[dict[str, Any]],
    later_stream_ids: Sequence[UUID] = (),
) -> UUID:
    """Take a finished recording in and have it sealed; returns the item's id. Idempotent by `stream_id`.

    `directory` is relative to RECORDINGS_DIR; the files in it whose names hold `stream_id`, or one of the streams that
    are joined to it, are the recording.
    `gaps` lists {from, to} in ISO 8601. An unknown `category_code` falls back to the default category.
    """
    return _take_in(
        actor,
        now,
        ItemKind.RECORDING,
        (stream_id, *later_stream_ids),
        category_code,
        session_id=session_id,
        incident_reference=incident_reference,
        source_directory=directory,
        started_at=started_at,
        ended_at=ended_at,
        is_complete=is_complete,
        gaps=gaps,
    )


def register_call(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    feed_ids: Sequence[UUID],
    cast: list[dict[str, Any]],
    incident_reference: str,
    category_code: str,
    directory: str,
    started_at: datetime,
    ended_at: datetime,
    is_complete: bool,
    gaps: list[dict[str, Any]],
) -> UUID:
    """Take a call of several people in and have one film made of it; returns the item's id. Idempotent by its feeds.

    `feed_ids` are the feeds of which anything was recorded, the same ones whenever this is called; the files whose
    names hold one of them are the call. `cast` lists {feed_id, name, role, source (camera, screen), segments: [{base,
    from, to}]}, in the order in which people stand in the film. `gaps` lists {from, to, reason}, what lies between two
    parts of the recording. Everything else is as of a recording.
    """
    return _take_in(
        actor,
        now,
        ItemKind.CALL,
        feed_ids,
        category_code,
        session_id=session_id,
        cast=cast,
        incident_reference=incident_reference,
        source_directory=directory,
        started_at=started_at,
        ended_at=ended_at,
        is_complete=is_complete,
        gaps=gaps,
    )


def _take_in(
    actor: Actor, now: datetime, kind: ItemKind, stream_ids: Sequence[UUID], category_code: str, **values: Any
) -> UUID:
    """Keep the row of what the media server recorded, unless it is there, and have it sealed."""
    category = category_or_default(category_code, now)
    values["ended_at"] = max(values["started_at"], values["ended_at"])
    item, is_new = Item.objects.get_or_create(
        stream_id=stream_ids[0],
        kind=kind,
        replaces=None,
        defaults={
            **values,
            "later_stream_ids": [str(later) for later in stream_ids[1:]],
            "category": category,
            "registered_at": now,
            "erase_due_at": category.due_from(values["ended_at"]),
            "next_attempt_at": now,
        },
    )
    if is_new:
        record_act(actor, item, "item.register", Operation.COLLECTION, {"category": category.code})
        enqueue_on_commit("evidence.tasks.seal_recording", {"item_id": str(item.id)})
    return item.id


def claim_item(*, actor: Actor, now: datetime, item_id: UUID) -> SealJob | None:
    """Take the next attempt at an item that is due; None when there is none, or another worker has it."""
    item = Item.objects.select_for_update().filter(id=item_id, state=ItemState.SEALING).first()
    if item is None or item.next_attempt_at is None or item.next_attempt_at > now:
        return None
    if item.attempts >= MAX_ATTEMPTS:  # the last one ended without a word: it took its worker down
        _give_up(actor, item, "WorkerLost", "the last attempt did not end")
        return None
    attempt = item.claim(now, LEASE)
    item.save(update_fields=["attempts", "next_attempt_at"])
    return SealJob(
        item.id,
        item.stream_ids,
        item.source_directory,
        attempt,
        _time_limit(item),
        item.kind,
        tuple(item.cast),
        tuple(item.gaps),
        item.replaces,
    )


def _time_limit(item: Item) -> timedelta:
    """Return how long an attempt may take."""
    if item.kind == ItemKind.UPLOAD:  # how long an upload is, nobody knows yet
        return _UPLOAD_LIMIT
    # Re-encoding keeps up with real time, and so do pictures; of a call each one's picture is encoded.
    return _SET_UP + (item.ended_at - item.started_at) * (_CALL_TIMES if item.kind == ItemKind.CALL else 1)


def renew_claim(*, now: datetime, job: SealJob) -> bool:
    """Keep a claim for another `LEASE`; False when the attempt was overtaken."""
    mine = Item.objects.filter(id=job.item_id, state=ItemState.SEALING, attempts=job.attempt)
    return bool(mine.update(next_attempt_at=now + LEASE))


def note_originals(*, job: SealJob, files: Sequence[StoredFile]) -> list[str] | None:
    """Keep the hashes of originals that are stored now; returns all originals' names, None if overtaken."""
    item = _claimed(job)
    if item is None:
        return None
    _write_files(item, files)
    return list(item.files.filter(role=FileRole.ORIGINAL).order_by("name").values_list("name", flat=True))


def note_sealed(
    *,
    actor: Actor,
    now: datetime,
    job: SealJob,
    files: Sequence[StoredFile],
    duration_ms: int | None,
    segments: list[dict[str, Any]],
    size: tuple[int, int] | None = None,
) -> bool:
    """Make the item whole; `files` are those made from the originals. False if the attempt was overtaken."""
    item = _claimed(job)
    if item is None:
        return False
    item.files.exclude(role=FileRole.ORIGINAL).delete()
    _write_files(item, files)
    item.seal(now, duration_ms, segments)
    if size is not None:
        item.width, item.height = size
    item.save()
    hashes = list(item.files.order_by("role", "name").values("role", "sha256", "bytes"))
    record_act(actor, item, "item.seal", Operation.ALTERATION, {"files": hashes, "attempt": job.attempt})
    if item.replaces is not None:
        _make_due(actor, now, item.replaces)
    _tell(item)
    return True


def note_failed(*, actor: Actor, now: datetime, job: SealJob, error: Exception) -> None:
    """Put the item back with growing delay, or give up after the last attempt; its originals stay."""
    item = _claimed(job)
    if item is None:
        return
    if job.attempt < MAX_ATTEMPTS:
        delay = min(_FIRST_DELAY_S * 4 ** (job.attempt - 1), _LONGEST_DELAY_S)
        item.postpone(str(error), now + timedelta(seconds=delay))
        item.save()
    else:
        _give_up(actor, item, type(error).__name__, str(error))


def note_refused(*, actor: Actor, job: SealJob, code: str) -> None:
    """An upload is of no kind that is taken: no further attempt; its original stays, hashed, until it is erased."""
    item = _claimed(job)
    if item is not None:
        _give_up(actor, item, "UploadRefused", code)


def note_sources_erased(*, item_id: UUID) -> None:
    """The media server's copies are gone: the item no longer points at them."""
    Item.objects.filter(id=item_id).update(source_directory="")


def _claimed(job: SealJob) -> Item | None:
    """Lock the item if `job` is still its latest attempt."""
    held = Item.objects.select_for_update().filter(id=job.item_id, state=ItemState.SEALING)
    return held.filter(attempts=job.attempt).first()


def _make_due(actor: Actor, now: datetime, item_id: UUID) -> None:
    """What was composed anew is sealed: from now on nothing but a hold keeps the item that it stands for."""
    replaced = Item.objects.select_for_update().get(id=item_id)
    if replaced.state not in (ItemState.SEALED, ItemState.FAILED):
        return  # its own time came meanwhile
    replaced.make_due(now, REPLACED)
    replaced.save(update_fields=["erase_due_at", "erase_reason"])
    record_act(actor, replaced, "item.replaced", Operation.ALTERATION, {})


def _give_up(actor: Actor, item: Item, cause: str, reason: str) -> None:
    item.fail(reason)
    item.save()
    record_act(actor, item, "item.seal_failed", Operation.ALTERATION, {"cause": cause})
    _tell(item)


def _write_files(item: Item, files: Sequence[StoredFile]) -> None:
    for file in files:
        values = {"sha256": file.sha256, "bytes": file.bytes, "media_type": file.media_type}
        ItemFile.objects.update_or_create(item=item, role=FileRole(file.role), name=file.name, defaults=values)


def _tell(item: Item) -> None:
    message = {"type": "item.changed", "item_id": str(item.id), "session_id": str(item.session_id)}
    broadcast_on_commit("console", {**message, "state": item.state})
    tell_listeners(item)
