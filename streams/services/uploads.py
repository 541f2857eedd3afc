"""Uploads: what a caller may send of photos and videos taken before, how far each is, and when one is given up.

The bytes lie in `evidence.arrivals`; the rows say who may add to them. A file that is whole is an item of evidence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum

from evidence import arrivals
from evidence.models import Item, ItemState
from evidence.services.pictures import register_upload
from evidence.stills import require_room
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.errors import DomainError, InvalidInput, NotFound
from streams.broadcasts import broadcast_upload_on_commit
from streams.models import LiveSession, Upload
from streams.services.locks import lock_session
from streams.services.promises import require_promise
from streams.services.standing import allows, require_consent, require_going_on, require_own
from streams.services.turns import take_turn

MOST_BYTES = 500_000_000
MOST_FILES = 30
MOST_BYTES_PER_SESSION = 2_000_000_000
KEPT = timedelta(hours=6)
"""How long a file that is not whole waits for its next piece."""
TOLD_STEPS = 20
"""How often the control room is told how far one file is."""
BEGUN_PER_MINUTE, PIECES_PER_MINUTE = 40, 900


class UploadTooLarge(DomainError):
    """More than one file may have (HTTP 413)."""

    code = "too_large"
    http_status = 413
    message = "This file is too large."


class TooManyUploads(DomainError):
    """More files, or bytes, than one session may have (HTTP 409)."""

    code = "too_many"
    http_status = 409
    message = "No more files can be sent with this link."


class UploadOver(DomainError):
    """Nothing more is taken of this file: it is whole, or was given up (HTTP 410)."""

    code = "upload_over"
    http_status = 410
    message = "Nothing more can be added to this file."


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A file that may be added to; `whole_bytes` is what it was said to have."""

    id: UUID
    whole_bytes: int


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose a file is in a session of several people; the one who shares in any other says nothing more."""

    id: UUID | None = None
    name: str = ""


THE_ONLY_ONE = Sender()


def begin_upload(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    file_name: str,
    whole_bytes: int,
    holder: str,
    sender: Sender = THE_ONLY_ONE,
) -> UUID:
    """Let somebody who shares send a file; returns its id. Nothing of it has arrived yet, and its room is taken.

    `holder` is whose turns are counted together. Nobody but the `sender` may add to it.

    Raises `NotPermitted`, `SessionOver`, `ConsentMissing`, `UploadTooLarge`, `TooManyUploads`, `InvalidInput`,
    `promises.TooMuchPromised`, `NoRoom` or `turns.TooOften`.
    """
    session = lock_session(session_id)
    _require_wanted(actor, session)
    take_turn("upload", holder, now=now, per_minute=BEGUN_PER_MINUTE)
    if whole_bytes < 1:
        raise InvalidInput("An empty file is no file.")
    if whole_bytes > MOST_BYTES:
        raise UploadTooLarge
    mine = Upload.objects.filter(session=session).exclude(state=Upload.State.EXPIRED)
    promised = mine.aggregate(bytes=Sum("declared_bytes"))["bytes"] or 0
    if mine.count() >= MOST_FILES or promised + whole_bytes > MOST_BYTES_PER_SESSION:
        raise TooManyUploads
    require_promise(now=now, whole_bytes=whole_bytes)
    upload = Upload.objects.create(
        session=session,
        sender_id=sender.id,
        sender_name=sender.name[:300],
        file_name=clean_name(file_name),
        declared_bytes=whole_bytes,
        created_at=now,
        heard_at=now,
        expires_at=now + KEPT,
    )
    _record(actor, "upload.begin", upload)
    broadcast_upload_on_commit(upload)
    # The last act: were it undone after that, the file's room would be free again only with the sweep of strays.
    arrivals.reserve(current_force().schema, upload.id, whole_bytes)
    return upload.id


def find_upload(
    *, actor: Actor, now: datetime, session_id: UUID, upload_id: UUID, sender: Sender = THE_ONLY_ONE
) -> tuple[int, bool]:
    """Return how large a file is, and whether it is whole. Raises `NotFound`, `NotPermitted`, `UploadOver`."""
    session = lock_session(session_id)
    _require_wanted(actor, session)
    upload = _mine(session, upload_id, sender)
    if upload.state == Upload.State.EXPIRED:
        raise UploadOver
    return upload.declared_bytes, upload.state != Upload.State.ARRIVING


def admit_piece(
    *, actor: Actor, now: datetime, session_id: UUID, upload_id: UUID, holder: str, sender: Sender = THE_ONLY_ONE
) -> OpenUpload:
    """Let its sender add to a file. Raises as `begin_upload`, `NotFound` or `UploadOver`."""
    session = lock_session(session_id)
    _require_wanted(actor, session)
    take_turn("piece", holder, now=now, per_minute=PIECES_PER_MINUTE)
    upload = _mine(session, upload_id, sender)
    if upload.state != Upload.State.ARRIVING or upload.expires_at <= now:
        raise UploadOver
    require_room(0)
    return OpenUpload(upload.id, upload.declared_bytes)


def note_piece(
    *, actor: Actor, now: datetime, session_id: UUID, upload_id: UUID, arrived: int, sender: Sender = THE_ONLY_ONE
) -> None:
    """Keep that so much has arrived; a file that is whole becomes an item. Raises as `admit_piece`."""
    session = lock_session(session_id)
    _require_wanted(actor, session)
    upload = _mine(session, upload_id, sender)
    if upload.state != Upload.State.ARRIVING or arrived < upload.received_bytes:
        return
    told = _step(upload.received_bytes, upload)
    upload.received_bytes, upload.heard_at, upload.expires_at = arrived, now, now + KEPT
    if arrived == upload.declared_bytes:
        _finish(actor, now, session, upload)
    upload.save()
    if upload.state != Upload.State.ARRIVING or _step(arrived, upload) != told:
        broadcast_upload_on_commit(upload)


def item_changed(item: Item) -> None:
    """An item was checked, or given up: its upload is ready, or refused."""
    upload = Upload.objects.filter(item_id=item.id, state=Upload.State.CHECKING).first()
    if upload is None or item.state not in (ItemState.SEALED, ItemState.FAILED):
        return
    is_ready = item.state == ItemState.SEALED
    upload.settle(is_ready=is_ready, refusal="" if is_ready else item.failure_reason[:40])
    upload.medium = "" if not is_ready else "picture" if item.duration_ms is None else "video"
    upload.sha256 = item.files.filter(role="original").values_list("sha256", flat=True).first() or ""
    upload.save()
    broadcast_upload_on_commit(upload)


def expire_uploads(*, now: datetime) -> list[UUID]:
    """Give up files whose time, session or consent is over; returns those of which nothing may stay on disk."""
    given_up = []
    for row in _arriving().select_related("session").order_by("session_id", "id"):
        if not _is_to_expire(now, row.session, row):
            continue
        session = lock_session(row.session_id)
        upload = _arriving().filter(pk=row.id).first()  # again, under the lock: its last piece may have come
        if upload is None or not _is_to_expire(now, session, upload):
            continue
        upload.expire(refusal="timed_out" if upload.expires_at <= now else "withdrawn")
        upload.save()
        _record(Actor.system("sweep"), "upload.expire", upload)
        broadcast_upload_on_commit(upload)
        given_up.append(upload.id)
    return given_up


def list_arriving() -> list[OpenUpload]:
    """Return the files that are not known to be whole."""
    return [OpenUpload(*row) for row in _arriving().values_list("id", "declared_bytes")]


def finish_whole(*, now: datetime, upload_ids: Collection[UUID]) -> None:
    """Make items of files that are whole on disk: what told of their last piece was lost, and maybe the phone, too."""
    sessions = _arriving().filter(pk__in=upload_ids).order_by("session_id", "id").values_list("session_id", "id")
    for session_id, upload_id in list(sessions):
        session = lock_session(session_id)
        upload = _arriving().filter(pk=upload_id).first()
        if upload is None or session.is_over or not allows(session_id, "upload"):
            continue
        _finish(Actor.system("sweep"), now, session, upload)
        upload.save()
        broadcast_upload_on_commit(upload)


def find_strays(upload_ids: list[UUID]) -> list[UUID]:
    """Return those of the files on disk that no row is waiting for."""
    waited = Upload.objects.filter(state__in=(Upload.State.ARRIVING, Upload.State.CHECKING), pk__in=upload_ids)
    return sorted(set(upload_ids) - set(waited.values_list("pk", flat=True)))


def clean_name(name: str) -> str:
    """Return a file's name as people may be shown it: no path, no control or direction characters, 150 at most."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    return shown.strip()[:150] or "unnamed"


def _require_wanted(actor: Actor, session: LiveSession) -> None:
    require_own(actor, session)
    require_going_on(session)
    require_consent(session, "upload")


def _arriving() -> QuerySet[Upload]:
    return Upload.objects.filter(state=Upload.State.ARRIVING)


def _is_to_expire(now: datetime, session: LiveSession, upload: Upload) -> bool:
    return upload.expires_at <= now or session.is_over or not allows(session.id, "upload")


def _mine(session: LiveSession, upload_id: UUID, sender: Sender) -> Upload:
    upload = Upload.objects.filter(pk=upload_id, session=session, sender_id=sender.id).first()
    if upload is None:
        raise NotFound
    return upload


def _step(received: int, upload: Upload) -> int:
    return TOLD_STEPS * received // upload.declared_bytes


def _finish(actor: Actor, now: datetime, session: LiveSession, upload: Upload) -> None:
    upload.finish(now, item_id=upload.id)
    register_upload(
        actor=actor,
        now=now,
        item_id=upload.id,
        session_id=session.id,
        incident_reference=session.incident.reference,
        category_code=session.incident.type.code,
        file_name=upload.file_name,
        began_at=upload.created_at,
    )


def _record(actor: Actor, act: str, upload: Upload) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION,
        object_type="upload",
        object_id=upload.id,
        session_id=upload.session_id,
        detail={"bytes": upload.declared_bytes, "received": upload.received_bytes},
    )
