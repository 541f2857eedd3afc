"""An agency's link and codes, and whether they stand. No token and no code is stored: who has the key derives them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError
from forces.services.sharing import ShareOver
from streams.agency_tickets import AgencyTicket
from streams.models import AgencyShare, AgencyViewer, Watch
from streams.services.link_standing import LinkNotOpened, LinkUnknown
from streams.services.links import site_of, token_of

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5  # of a million codes: then it is void
# A page that was not heard for so long gives its place to whoever comes: a browser that is gone cannot leave by itself.
PLACE_KEPT = timedelta(minutes=2)


class AgencyLinkUnknown(LinkUnknown):
    """No link that can be used here and now (HTTP 404); never says whether one ever could."""

    message = "This link cannot be used. Ask the police control room that gave it to you for a new one."


class AgencyNotVerified(LinkNotOpened):
    """The browser has not entered its code yet, or its place is given up (HTTP 403)."""

    http_status = 403
    message = "Open the link that you were given again, and enter the code."


class AgencyFull(DomainError):
    """As many people as may watch are let in already (HTTP 409)."""

    code = "agency_full"
    http_status = 409
    message = "As many people as were agreed are watching already. Ask the control room to let more in."


def agency_token_of(schema: str, share_id: UUID) -> str:
    """Return the token (32 URL-safe characters) of an agency's link."""
    return token_of(f"agency:{schema}", share_id, 1)


def agency_link_of(schema: str, share_id: UUID) -> str:
    """Return the address that an agency is given. Never log it."""
    return f"{site_of(schema)}/agency/{agency_token_of(schema, share_id)}/"


def agency_code_of(schema: str, viewer: AgencyViewer) -> str:
    """Return the six digits that count for a viewer now."""
    text = f"agency-code:{schema}:{viewer.id}:{viewer.code_number}"
    digest = hmac.new(settings.LINK_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def is_code_good(viewer: AgencyViewer, now: datetime) -> bool:
    """Whether the viewer's code may be entered still: not spent, not too old, not tried too often."""
    is_fresh = now < viewer.code_made_at + CODE_LASTS
    return viewer.verified_at is None and is_fresh and viewer.code_failures < CODE_TRIES


def viewer_actor(viewer: AgencyViewer, request_id: str = "") -> Actor:
    """Return an agency's viewer as the audit knows them: by row, name and agency, with no right of any kind."""
    name = f"{viewer.name} ({viewer.share.agency})"
    return Actor(kind="user", id=f"agency:{viewer.id}", name=name[:150], role="agency", request_id=request_id)


def record_viewer(act: str, viewer: AgencyViewer, request_id: str = "") -> None:
    """Audit what a viewer of an agency did."""
    record(
        actor=viewer_actor(viewer, request_id),
        act=act,
        operation=Operation.ACCESS,
        object_type="agency_share",
        object_id=viewer.share_id,
        session_id=viewer.share.session_id,
        detail={"viewer_id": str(viewer.id), "agency": viewer.share.agency},
    )


def find_viewer(ticket: AgencyTicket) -> AgencyViewer:
    """Return the viewer of a ticket with its share and session; raises `AgencyLinkUnknown`."""
    rows = AgencyViewer.objects.select_related("share__session__incident")
    found = rows.filter(pk=ticket.viewer_id, share_id=ticket.share_id).first()
    if found is None:
        raise AgencyLinkUnknown
    return found


def require_standing(share: AgencyShare, now: datetime) -> None:
    """Raise `ShareOver` unless the share stands; `details` say why it does not."""
    if share.stands(now) and not share.session.is_over:
        return
    reason = share.end_reason or (AgencyShare.End.SESSION_OVER if share.session.is_over else AgencyShare.End.EXPIRED)
    raise ShareOver(details={"reason": str(reason)})


def require_verified(viewer: AgencyViewer, now: datetime) -> None:
    """Raise `ShareOver`, or `AgencyNotVerified` unless the viewer entered the code and has the place still."""
    require_standing(viewer.share, now)
    if viewer.verified_at is None or viewer.ended_at is not None:
        raise AgencyNotVerified


def require_place(now: datetime, viewer: AgencyViewer) -> None:
    """Raise `AgencyFull`, or what `require_verified` does, unless a viewer may watch; others who do count once each."""
    require_verified(viewer, now)
    beside = Watch.objects.filter(agency_viewer__share=viewer.share, ended_at__isnull=True)
    others = beside.exclude(agency_viewer=viewer).order_by().values("agency_viewer").distinct()
    if others.count() >= viewer.share.most_viewers:
        raise AgencyFull
