"""Handing out files: each look is a consultation and is audited with who looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from evidence.models import FileRole, Item, ItemFile, Viewing
from evidence.selectors import find_file
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import NotFound

ONE_VIEW = timedelta(seconds=60)
"""Requests for the same file by the same user within this time are one player asking for ranges."""


@dataclass(frozen=True, slots=True)
class ServedFile:
    """What a door may hand out: `path` is within the force's evidence; originals are not shown inline."""

    path: str
    name: str
    media_type: str
    is_attachment: bool


def view_file(*, actor: Actor, now: datetime, item_id: UUID, role: str, name: str = "") -> ServedFile:
    """Let `actor` have a file of an item, and audit the view. Raises NotPermitted, NotFound."""
    require(actor, Permission.ITEM_VIEW)
    file = find_file(item_id, role, name)
    if file is None:
        raise NotFound
    if file.role in (FileRole.PLAYABLE, FileRole.PICTURE, FileRole.ORIGINAL):
        _note_view(actor, now, file)
    is_original = file.role == FileRole.ORIGINAL
    return ServedFile(f"{item_id}/{file.name}", file.name, file.media_type, is_original)


def begin_viewing(*, actor: Actor, now: datetime, file: ItemFile) -> bool:
    """Note that `actor` looks at a file, for the caller to audit; False when this goes on with a look of before."""
    # The lock makes two first requests of one player agree on which of them is the view.
    item = Item.objects.select_for_update(of=("self",)).get(id=file.item_id)
    recent = Viewing.objects.filter(item=item, user_id=actor.id, file_name=file.name)
    if recent.filter(started_at__gt=now - ONE_VIEW, started_at__lte=now).exists():
        return False
    Viewing.objects.create(item=item, user_id=actor.id, file_name=file.name, started_at=now)
    return True


def _note_view(actor: Actor, now: datetime, file: ItemFile) -> None:
    """Audit the view unless this request belongs to one that is audited already."""
    if not begin_viewing(actor=actor, now=now, file=file):
        return
    record(
        actor=actor,
        act="item.view",
        operation=Operation.CONSULTATION,
        object_type="item",
        object_id=file.item_id,
        session_id=file.item.session_id,
        detail={"file": file.role, "sha256": file.sha256},
    )
