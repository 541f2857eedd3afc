"""What the cookie of an agency's viewer says: which share, and who of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

AGENCY_COOKIE: str = settings.AGENCY_COOKIE_NAME
LONGEST_S = 12 * 3600
_SALT = "agency"


@dataclass(frozen=True, slots=True)
class AgencyTicket:
    """One browser's place: bound to the share and to the viewer. Whether it counts, the rows say."""

    share_id: UUID
    viewer_id: UUID


def read_agency_ticket(cookies: Mapping[str, str]) -> AgencyTicket | None:
    """Return the ticket of a browser's cookie, or None when it is absent, forged, too old or of another shape."""
    try:
        data = signing.loads(cookies.get(AGENCY_COOKIE) or "", salt=_SALT, max_age=LONGEST_S)
        return AgencyTicket(UUID(data["s"]), UUID(data["v"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def write_agency_cookie(ticket: AgencyTicket) -> str:
    """Return the signed value of the cookie."""
    return signing.dumps({"s": str(ticket.share_id), "v": str(ticket.viewer_id)}, salt=_SALT)
