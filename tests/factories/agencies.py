"""Shares with an outside agency and its viewers, made through the services that make them in earnest."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from forces.context import current_force
from streams.agency_tickets import AgencyTicket
from streams.models import AgencyShare, AgencyViewer, Stream
from streams.services import agencies, agency_openings, agency_viewers, watching
from streams.services.agencies import AgencyTerms
from streams.services.agency_standing import agency_code_of, agency_token_of, find_viewer, viewer_actor
from streams.services.agency_watching import admit_agency_viewer
from tests.factories.media import make_live
from tests.factories.streams import NOW, person

ADDRESS = "192.0.2.7"


def terms(**changed: Any) -> AgencyTerms:
    """Return what an operator agrees with an ambulance service."""
    given: dict[str, Any] = {
        "kind": "ambulance",
        "agency": "East of England Ambulance",
        "contact_name": "Robin Shaw",
        "contact_phone": "07700 900456",
        "contact_email": "",
        "purpose": "medical",
        "purpose_text": "",
        "minutes": 60,
        "most_viewers": 2,
        **changed,
    }
    return AgencyTerms(**given)


def share_out(session_id: UUID | None = None, *, now: datetime = NOW, **changed: Any) -> AgencyShare:
    """Share a session, or a new one that is live, with an agency."""
    chosen = session_id or make_live(now=now).session_id
    given = agencies.share_with_agency(actor=person(), now=now, session_id=chosen, terms=terms(**changed))
    return AgencyShare.objects.select_related("session").get(pk=given.id)


def agency_token(share: AgencyShare) -> str:
    """Return the token in the link."""
    return agency_token_of(current_force().schema, share.id)


def opened(share: AgencyShare, name: str = "Jo Marsh", *, now: datetime = NOW, address: str = ADDRESS) -> AgencyTicket:
    """Open the link as somebody of the agency."""
    return agency_openings.open_agency_link(now=now, token=agency_token(share), name=name, address=address)


def code_of(ticket: AgencyTicket) -> str:
    """Return the code that counts for a viewer now."""
    return agency_code_of(current_force().schema, find_viewer(ticket))


def verified(share: AgencyShare, name: str = "Jo Marsh", *, now: datetime = NOW) -> AgencyTicket:
    """Open the link and enter the code."""
    ticket = opened(share, name, now=now)
    agency_viewers.verify_viewer(now=now, ticket=ticket, typed=code_of(ticket), address=ADDRESS)
    return ticket


def viewer_now(ticket: AgencyTicket) -> AgencyViewer:
    """Return the viewer as the database has it."""
    return find_viewer(ticket)


def agency_watches(ticket: AgencyTicket, stream: Stream, *, now: datetime = NOW) -> UUID:
    """Let a verified viewer watch; returns the watch's id."""
    viewer = find_viewer(ticket)
    admission = admit_agency_viewer(now=now, viewer=viewer, stream_id=stream.id, request_id="")
    watching.begin_watch(
        actor=viewer_actor(viewer),
        now=now,
        admission=admission,
        gateway_session=7,
        gateway_handle=8,
        owner="socket",
        process="process",
    )
    return admission.watch_id
