"""What was recorded of a session that is shared with its recording: the guest's list of it, and each look at it.

A recording is shown that was begun under the consent that stands, however often that was given anew: what a caller
took back is not shown because somebody agrees later.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from evidence.models import FileRole, Item, ItemKind, ItemState
from evidence.selectors import find_recording_file, sealed_recordings
from evidence.services.viewing import ServedFile, begin_viewing
from forces.actors import Actor
from forces.services import sharing
from forces.services.sharing import Share, ShareUnknown
from streams.broadcasts import tell_guest_recordings
from streams.models import Consent, LiveSession
from streams.selectors import Plain
from streams.shared_shapes import recording_for_guest

# What a guest may have of a recording, and what both audits call it.
SHOWN = {FileRole.PLAYABLE: "recording", FileRole.POSTER: "picture of the recording"}


def list_recordings(share: Share) -> list[Plain]:
    """Return the sealed recordings that a share shows, oldest first; none where it is live only."""
    since = _recorded_since(share.session_id) if share.has_recording else None
    if since is None:
        return []
    return [recording_for_guest(found) for found in sealed_recordings(share.session_id, since)]


def view_recording(
    *, actor: Actor, now: datetime, guest: str, share_id: UUID, item_id: UUID, role: FileRole
) -> ServedFile:
    """Let a stranger of `guest` have a file of a recording, which is a disclosure, one for each minute of a player.

    Raises `ShareUnknown` (also where there is no such recording, or the share is live only) or `ShareOver`.
    """
    share = sharing.admit_stranger(actor=actor, now=now, guest=guest, share_id=share_id)
    since = _recorded_since(share.session_id) if share.has_recording and role in SHOWN else None
    file = find_recording_file(share.session_id, item_id, role, since) if since else None
    if file is None:
        raise sharing.refused(actor=actor, share_id=share_id, refusal=ShareUnknown())
    if begin_viewing(actor=actor, now=now, file=file):
        sharing.keep_disclosure(
            actor=actor, now=now, share=share, disclosure_id=uuid4(), what=SHOWN[role], item_id=item_id
        )
    return ServedFile(f"{item_id}/{file.name}", file.name, file.media_type, is_attachment=False)


def item_sealed(item: Item) -> None:
    """A recording was sealed: the guests that opened what it belongs to are shown it, while they may see it."""
    if item.kind != ItemKind.RECORDING or item.state != ItemState.SEALED or item.sealed_at is None:
        return
    for share in sharing.standing_shares(item.session_id):
        if share.has_recording and share.stands(item.sealed_at):
            tell_guest_recordings(share, list_recordings(share))


def _recorded_since(session_id: UUID) -> datetime | None:
    """Return since when whoever shares has agreed to be recorded without a gap; None: they do not agree.

    An officer or a drone is recorded by order, from the first moment on.
    """
    since = before = None
    for consent in Consent.objects.filter(session_id=session_id).order_by("given_at", "withdrawn_at"):
        if "recording" not in consent.scopes:
            since = None
        elif since is None or before is None or before.withdrawn_at != consent.given_at:
            since = consent.given_at
        before = consent
    if before is not None:
        return since if before.is_standing else None
    by_order = LiveSession.objects.filter(pk=session_id, kind__in=LiveSession.BY_ORDER)
    return by_order.values_list("created_at", flat=True).first()
