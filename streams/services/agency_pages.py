"""What an agency's live page is shown, and whether its viewer may go on to be."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from forces.actors import Actor
from forces.audit.selectors import count_recorded_within, was_recorded_within
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
ONE_LOOK = timedelta(minutes=1)
MOST_LOOKS = 12  # at pictures, in the time of one look: each is a disclosure of its own


class TooManyLooks(DomainError):
    """The page asked for the picture again and again (HTTP 429)."""

    code = "rate_limited"
    http_status = 429
    message = "The picture was asked for too often. Wait a minute."


def show_agency(*, now: datetime, ticket: AgencyTicket) -> Plain:
    """Return {viewer, shared, position} to a verified viewer; the position only while the caller agrees to it.

    A disclosure, audited; who asks for the same again within a minute was shown it once. Raises `AgencyLinkUnknown`,
    `AgencyNotVerified` or `ShareOver`, audited where it is known of whom.
    """
    viewer = _admit(now, ticket, "agency.view")
    share = viewer.share
    newest = None
    if allows(share.session_id, "location"):
        newest = Position.objects.filter(session_id=share.session_id).order_by("-fixed_at").first()
    _note_look(viewer, "position" if newest else "reference")
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
    """Let a verified viewer watch a stream of what is shared.

    Raises the errors of `admit_agency_viewer`, and `TooManyLooks`.
    """
    viewer = _admit(now, ticket, "agency.watch")
    about: Plain = {"actor": viewer_actor(viewer), "act": "agency.watch", "object_id": viewer.share_id}
    if count_recorded_within(**about, period=ONE_LOOK) >= MOST_LOOKS:
        _refuse(viewer, "agency.watch", TooManyLooks.code)
        raise TooManyLooks
    admission = admit_agency_viewer(now=now, viewer=viewer, stream_id=stream_id, request_id=request_id)
    return viewer_actor(viewer, request_id), admission


def _admit(now: datetime, ticket: AgencyTicket, act: str) -> AgencyViewer:
    viewer = find_viewer(ticket)
    try:
        require_verified(viewer, now)
    except DomainError as error:
        _refuse(viewer, act, error.code)
        raise
    return viewer


def _note_look(viewer: AgencyViewer, what: str) -> None:
    share = viewer.share
    about: Plain = {
        "actor": viewer_actor(viewer),
        "act": "agency.view",
        "object_id": share.id,
        "detail": {"agency": share.agency, "viewer_id": str(viewer.id), "what": what},
    }
    if not was_recorded_within(**about, period=ONE_LOOK):
        record(**about, operation=Operation.DISCLOSURE, object_type="agency_share", session_id=share.session_id)


def _refuse(viewer: AgencyViewer, act: str, code: str) -> None:
    """Audit a refusal; the same again within a minute is no other: whoever has a cookie can ask for ever."""
    about: Plain = {"actor": viewer_actor(viewer), "act": act, "object_id": viewer.share_id, "code": code}
    if was_recorded_within(**about, period=ONE_LOOK):
        return
    record_refusal(
        **about,
        operation=Operation.DISCLOSURE,
        object_type="agency_share",
        session_id=viewer.share.session_id,
    )
