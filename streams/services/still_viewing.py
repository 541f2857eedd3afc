"""Looking at stills: those that are evidence as any item, those that stand for video as watching it live."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from evidence import storage
from evidence.models import FileRole
from evidence.services.viewing import ServedFile, view_file
from evidence.stills import live_name
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.models import Still, StillViewing
from streams.selectors import find_still
from streams.services.locks import lock_session

ONE_VIEWING = timedelta(seconds=60)
"""Pictures that one user looks at with no longer pause than this are one look at the scene, audited once."""


def view_still(*, actor: Actor, now: datetime, session_id: UUID, still_id: UUID, is_small: bool) -> ServedFile:
    """Let `actor` see a still, and audit it. Raises `NotPermitted` or `NotFound`."""
    require(actor, Permission.STREAM_WATCH)
    still = find_still(session_id, still_id)
    if still.item_id is not None:
        role = FileRole.THUMBNAIL if is_small else FileRole.PICTURE
        return view_file(actor=actor, now=now, item_id=still.item_id, role=role)
    _note_viewing(actor, now, still)
    name = live_name(still.id)
    return ServedFile(storage.live_path(session_id, name), name, "image/jpeg", is_attachment=False)


def _note_viewing(actor: Actor, now: datetime, still: Still) -> None:
    """Audit the look unless it goes on from one that is audited already."""
    lock_session(still.session_id)  # two first requests of one console agree on which of them begins it
    mine = StillViewing.objects.filter(session_id=still.session_id, user_id=actor.id)
    going_on = mine.filter(seen_at__gt=now - ONE_VIEWING).first()
    if going_on is not None:
        StillViewing.objects.filter(pk=going_on.pk).update(seen_at=max(now, going_on.seen_at))
        return
    viewing = StillViewing.objects.create(
        session_id=still.session_id, user_id=actor.id, user_name=actor.name, started_at=now, seen_at=now
    )
    record(
        actor=actor,
        act="still.watch",
        operation=Operation.CONSULTATION,
        object_type="session",
        object_id=still.session_id,
        session_id=still.session_id,
        detail={"viewing_id": str(viewing.id)},
    )
