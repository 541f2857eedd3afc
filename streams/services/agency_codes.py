"""Codes of an agency's viewers in the hands of the operator: read out, or sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.context import current_force
from forces.errors import NotFound
from streams.broadcasts import broadcast_session_on_commit
from streams.models import AgencyViewer
from streams.services.agencies import find_agency_share, record_agency
from streams.services.agency_messages import queue_code
from streams.services.agency_standing import CODE_LASTS, agency_code_of, is_code_good, require_standing
from streams.services.locks import lock_session


@dataclass(frozen=True, slots=True)
class AgencyCode:
    """A viewer's code to read out, and until when it may be entered."""

    code: str
    expires_at: datetime


def read_out_agency_code(
    *, actor: Actor, now: datetime, session_id: UUID, share_id: UUID, viewer_id: UUID
) -> AgencyCode:
    """Return a waiting viewer's code, to be read out; a new one where it is good no more. Audited as a disclosure.

    Raises `NotPermitted`, `NotFound` or `ShareOver`.
    """
    viewer = _waiting_of(actor, now, session_id, share_id, viewer_id)
    if not is_code_good(viewer, now):
        viewer.new_code(now)
        viewer.save()
        broadcast_session_on_commit(session_id)
    record_agency(actor, "agency.code", viewer.share, {"viewer_id": str(viewer.id)})
    return AgencyCode(agency_code_of(current_force().schema, viewer), viewer.code_made_at + CODE_LASTS)


def resend_agency_code(*, actor: Actor, now: datetime, session_id: UUID, share_id: UUID, viewer_id: UUID) -> None:
    """Send a waiting viewer a new code; the one before is void.

    Raises `NotPermitted`, `NotFound`, `ShareOver` or `TooManyCodes`.
    """
    viewer = _waiting_of(actor, now, session_id, share_id, viewer_id)
    viewer.new_code(now)
    viewer.save()
    queue_code(now=now, viewer=viewer, is_operators=True)
    record_agency(actor, "agency.resend", viewer.share, {"viewer_id": str(viewer.id)})
    broadcast_session_on_commit(session_id)


def _waiting_of(actor: Actor, now: datetime, session_id: UUID, share_id: UUID, viewer_id: UUID) -> AgencyViewer:
    require(actor, Permission.SHARE_GRANT)
    lock_session(session_id)
    share = find_agency_share(session_id, share_id)
    require_standing(share, now)
    found = share.viewers.filter(pk=viewer_id, verified_at__isnull=True, ended_at__isnull=True).first()
    if found is None:
        raise NotFound("Nobody of that name waits for a code.")
    found.share = share
    return found
