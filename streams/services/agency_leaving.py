"""A viewer of an agency watches no longer: they left, the control room ended it, or their place went to another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import NotFound
from streams.agency_tickets import AgencyTicket
from streams.broadcasts import broadcast_session_on_commit, tell_agency_viewer_ended
from streams.models import AgencyViewer
from streams.services.agencies import find_agency_share, record_agency
from streams.services.agency_standing import find_viewer, record_viewer
from streams.services.handles import HeldHandle
from streams.services.locks import lock_session
from streams.services.watching import end_watches_of_viewer


def leave_agency(*, now: datetime, ticket: AgencyTicket, request_id: str = "") -> list[HeldHandle]:
    """A viewer is done: the place is free and the cookie counts no more. Returns what is to be detached."""
    lock_session(find_viewer(ticket).share.session_id)
    viewer = find_viewer(ticket)
    if viewer.ended_at is not None:
        return []
    record_viewer("agency.leave", viewer, request_id)
    return _end(now, viewer, "left")


def dismiss_viewer(
    *, actor: Actor, now: datetime, session_id: UUID, share_id: UUID, viewer_id: UUID
) -> list[HeldHandle]:
    """Let one viewer of an agency watch no longer, whatever the others do; twice is fine.

    The link stands: they come back by a new code only. Returns what is to be detached. Raises `NotPermitted`,
    `AgencyShareUnknown` or `NotFound`.
    """
    require(actor, Permission.SHARE_GRANT)
    lock_session(session_id)
    share = find_agency_share(session_id, share_id)
    viewer = share.viewers.filter(pk=viewer_id).first()
    if viewer is None:
        raise NotFound("There is no such viewer.")
    if viewer.ended_at is not None:
        return []
    viewer.share = share
    record_agency(actor, "agency.dismiss", share, {"agency": share.agency, "viewer_id": str(viewer.id)})
    return _end(now, viewer, "dismissed")


def displace_viewer(*, actor: Actor, now: datetime, viewer: AgencyViewer) -> None:
    """Give the place of a viewer whose page is gone to `actor`, of the same locked share; the watchdog detaches."""
    record(
        actor=actor,
        act="agency.displace",
        operation=Operation.ACCESS,
        object_type="agency_share",
        object_id=viewer.share_id,
        session_id=viewer.share.session_id,
        detail={"viewer_id": str(viewer.id), "agency": viewer.share.agency},
    )
    _end(now, viewer, "displaced")


def _end(now: datetime, viewer: AgencyViewer, reason: str) -> list[HeldHandle]:
    viewer.end(now)
    viewer.save(update_fields=["ended_at"])
    left = end_watches_of_viewer(now=now, session_id=viewer.share.session_id, viewer_id=viewer.id)
    tell_agency_viewer_ended(viewer, reason)
    broadcast_session_on_commit(viewer.share.session_id)
    return left
