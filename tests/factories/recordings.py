"""Recordings as sealing leaves them, by the services that keep its outcome; of the files there are only the rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from evidence.models import FileRole, Item
from evidence.services import intake
from evidence.storage import StoredFile
from forces.context import current_force
from streams.models import Stream
from tests.factories.media import SYSTEM
from tests.factories.streams import NOW

BYTES = 1_234_567


def register(stream: Stream, *, now: datetime = NOW, **changed: Any) -> UUID:
    """Register what was recorded of a stream, 61 s of it; returns the item's id, which is not sealed yet."""
    given: dict[str, Any] = {
        "session_id": stream.session_id,
        "stream_id": stream.id,
        "incident_reference": "INC-7",
        "category_code": "incident",
        "directory": f"{current_force().schema}/{stream.session_id}",
        "started_at": now,
        "ended_at": now + timedelta(seconds=61),
        "is_complete": True,
        "gaps": [],
        **changed,
    }
    return intake.register_recording(actor=SYSTEM, now=now, **given)


def seal(item_id: UUID, *, now: datetime = NOW) -> Item:
    """Seal an item with a playable file, a poster and an original."""
    job = intake.claim_item(actor=SYSTEM, now=now, item_id=item_id)
    assert job is not None
    made = [
        StoredFile(FileRole.ORIGINAL, "original.mjr", "0" * 64, 9, "application/octet-stream"),
        StoredFile(FileRole.PLAYABLE, "playable.webm", "1" * 64, BYTES, "video/webm"),
        StoredFile(FileRole.POSTER, "poster.jpg", "2" * 64, 99, "image/jpeg"),
    ]
    assert intake.note_sealed(actor=SYSTEM, now=now, job=job, files=made, duration_ms=61_400, segments=[])
    return Item.objects.get(pk=item_id)


def make_sealed(stream: Stream, *, now: datetime = NOW, **changed: Any) -> Item:
    """Register and seal the recording of a stream."""
    return seal(register(stream, now=now, **changed), now=now)
