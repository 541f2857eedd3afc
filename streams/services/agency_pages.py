"""What an agency's live page is shown, and whether its viewer may go on to be."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import current_force
from forces.errors import DomainError
from streams.agency_shapes import agency_view
from streams.agency_tickets import AgencyTicket
from streams.models import AgencyViewer, Position
from streams.selectors import Plain, find_session, fix_view, session_summary
from streams.services.agency_standing import find_viewer, require_verified, viewer_actor
from streams.services.agency_watching import admit_agency_viewer
from streams.services.standing import allows
from streams.services.watching import ViewerAdmission

SEEN_EVERY = timedelta(seconds=30)


def show_agency(*, now: datetime, ticket: AgencyTicket) -> Plain:
    """Return {viewer, shared, position} to a verified viewer; the position only while the caller agrees to it.

    A disclosure, audited. Raises `AgencyLinkUnknown`, `AgencyNotVerified` or `ShareOver`, audited where it is known of
    whom.
    """
    viewer = _admit(now, ticket, "agency.view")
    share = viewer.share
    newest = None
    if allows(share.session_id, "location"):
        newest = Position.objects.filter(session_id=share.session_id).order_by("-fixed_at").first()
    record(
        actor=viewer_actor(viewer),
        act="agency.view",
        operation=Operation.DISCLOSURE,
        object_type="agency_share",
        object_id=share.id,
        session_id=share.session_id,
        detail={"agency": share.agency, "viewer_id": str(viewer.id), "what": "position" if newest else "reference"},
    )
    return {
        "viewer": {"id": str(viewer.id), "name": viewer.name},
        "shared": agency_view(share, session_summary(find_session(share.session_id)), current_force()),
        "position": fix_view(newest) if newest else None,
    }


def hear_agency(*, now: datetime, ticket: AgencyTicket) -> None:
    """A verified viewer's page is here: the place is in use. Raises as `show_agency` does."""
    viewer = find_viewer(ticket)
    require_verified(viewer, now)
    if viewer.seen_at is None or now - viewer.seen_at >= SEEN_EVERY:
        AgencyViewer.objects.filter(pk=viewer.pk).update(seen_at=now)


def admit_page(
    *, now: datetime, ticket: AgencyTicket, stream_id: UUID, request_id: str
) -> tuple[Actor, ViewerAdmission]:
    """Let a verified viewer watch a stream of what is shared. Raises the errors of `admit_agency_viewer`."""
    viewer = _admit(now, ticket, "agency.watch")
    admission = admit_agency_viewer(now=now, viewer=viewer, stream_id=stream_id, request_id=request_id)
    return viewer_actor(viewer, request_id), admission


def _admit(now: datetime, ticket: AgencyTicket, act: str) -> AgencyViewer:
    viewer = find_viewer(ticket)
    try:
        require_verified(viewer, now)
    except DomainError as error:
        record_refusal(
            actor=viewer_actor(viewer),
            act=act,
            code=error.code,
            operation=Operation.DISCLOSURE,
            object_type="agency_share",
            object_id=viewer.share_id,
            session_id=viewer.share.session_id,
        )
        raise
    return viewer
