"""Watching by an outside agency's people: each picture that one sees is a disclosure in the audit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from forces.audit.services import Operation, record
from streams.models import AgencyViewer
from streams.services.agency_standing import require_place, viewer_actor
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
