"""Intake of what phones send: stills, which are stored and hashed before their row is written, and uploads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from evidence.models import FileRole, Item, ItemFile, ItemKind, ItemState
from evidence.services.defaults import category_or_default
from evidence.services.item_acts import record_act
from evidence.storage import StoredFile
from forces.actors import Actor
from forces.audit.services import Operation
from forces.dispatch import broadcast_on_commit, enqueue_on_commit


def register_still(
    *,
    actor: Actor,
    now: datetime,
    item_id: UUID,
    session_id: UUID,
    incident_reference: str,
    category_code: str,
    taken_at: datetime,
    size: tuple[int, int],
    sent_sha256: str,
    files: Sequence[StoredFile],
) -> None:
    """Make the item of a still whose `files` are stored; `size` is width and height in pixels.

    `sent_sha256` is the phone's own hash; the server's is the original file's. The retention period counts from `now`:
    a phone's clock decides over nothing.
    """
    category = category_or_default(category_code, now)
    item = Item.objects.create(
        id=item_id,
        session_id=session_id,
        incident_reference=incident_reference,
        kind=ItemKind.STILL,
        category=category,
        state=ItemState.SEALED,
        started_at=min(taken_at, now),
        ended_at=now,
        registered_at=now,
        sealed_at=now,
        is_complete=True,
        erase_due_at=category.due_from(now),
        sent_sha256=sent_sha256,
        width=size[0],
        height=size[1],
    )
    for file in files:
        ItemFile.objects.create(
            item=item,
            role=FileRole(file.role),
            name=file.name,
            sha256=file.sha256,
            bytes=file.bytes,
            media_type=file.media_type,
        )
    hashes = [{"role": file.role, "sha256": file.sha256, "bytes": file.bytes} for file in files]
    record_act(
        actor, item, "item.seal", Operation.COLLECTION, {"kind": item.kind, "sent_sha256": sent_sha256, "files": hashes}
    )
    message = {"type": "item.changed", "item_id": str(item.id), "session_id": str(session_id), "state": item.state}
    broadcast_on_commit("console", message)


def register_upload(
    *,
    actor: Actor,
    now: datetime,
    item_id: UUID,
    session_id: UUID,
    incident_reference: str,
    category_code: str,
    file_name: str,
    began_at: datetime,
) -> None:
    """Take in a file that is whole, and have it checked; `item_id` is the upload's. Retention counts from `now`."""
    category = category_or_default(category_code, now)
    item = Item.objects.create(
        id=item_id,
        session_id=session_id,
        incident_reference=incident_reference,
        kind=ItemKind.UPLOAD,
        category=category,
        started_at=min(began_at, now),
        ended_at=now,
        registered_at=now,
        is_complete=True,
        erase_due_at=category.due_from(now),
        next_attempt_at=now,
        file_name=file_name,
    )
    record_act(actor, item, "item.register", Operation.COLLECTION, {"category": category.code, "kind": item.kind})
    enqueue_on_commit("evidence.tasks.seal_recording", {"item_id": str(item.id)})
