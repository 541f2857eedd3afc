"""Watching by an outside agency's people: each picture that one sees is a disclosure in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from forces.audit.services import Operation, record
from streams.models import AgencyViewer, Consent, Position
from streams.services.agency_standing import PLACE_KEPT, require_place, viewer_actor
from streams.services.watching import ViewerAdmission, find_stream, shown_of


def admit_agency_viewer(*, now: datetime, viewer: AgencyViewer, stream_id: UUID, request_id: str) -> ViewerAdmission:
    """Let an agency's viewer watch a stream that is shared with it; the disclosure has the watch's id.

    Raises `ShareOver`, `AgencyNotVerified`, `AgencyFull`, `NotFound` or `StreamOver`.
    """
    share = viewer.share
    require_place(now, viewer)
    stream = find_stream(share.session_id, stream_id)
    watch_id = uuid4()
    about = {"disclosure_id": str(watch_id), "what": shown_of(stream), "agency": share.agency}
    record(
        actor=viewer_actor(viewer, request_id),
        act="agency.watch",
        operation=Operation.DISCLOSURE,
        object_type="agency_share",
        object_id=share.id,
        session_id=share.session_id,
        detail={**about, "viewer_id": str(viewer.id)},
    )
    place = (share.session_id, stream_id, stream.node, stream.room_id)
    return ViewerAdmission(watch_id, *place, agency_viewer_id=viewer.id, agency_share_id=share.id)


def note_position_shown(*, now: datetime, session_id: UUID, share_ids: Sequence[UUID], position_id: int) -> None:
    """Audit that open pages of these shares are shown a position, where it is the first that the caller agrees to.

    What stood before a page was opened, `agency_pages.show_agency` has audited; those that follow have their own times.
    """
    shown = Position.objects.filter(session_id=session_id).exclude(pk=position_id)
    consent = Consent.objects.filter(session_id=session_id, withdrawn_at__isnull=True).first()
    if (shown if consent is None else shown.filter(received_at__gte=consent.given_at)).exists():
        return
    viewers = AgencyViewer.objects.select_related("share").filter(share__in=share_ids, seen_at__gt=now - PLACE_KEPT)
    for viewer in viewers.filter(verified_at__isnull=False, ended_at__isnull=True):
        record(
            actor=viewer_actor(viewer),
            act="agency.view",
            operation=Operation.DISCLOSURE,
            object_type="agency_share",
            object_id=viewer.share_id,
            session_id=session_id,
            detail={"agency": viewer.share.agency, "viewer_id": str(viewer.id), "what": "position"},
        )
