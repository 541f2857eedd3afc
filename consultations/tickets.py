"""What the cookie of an opened link of a meeting says: whose it is. Whether it counts, the rows say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

MEETING_COOKIE: str = settings.MEETING_COOKIE_NAME
LEFT_COOKIE = "sl_left"
"""Set by "Exit this page" itself: this browser has no ticket until a link is opened."""
LONGEST_S = 3 * 24 * 3600
_SALT = "meeting"


@dataclass(frozen=True, slots=True)
class MeetingTicket:
    """One browser's hold of one person's link: the secret is the browser's, the arming the link's."""

    link_id: UUID
    participant_id: UUID
    session_id: UUID
    browser_secret: str
    arming: str


def read_meeting_cookie(value: str | None) -> MeetingTicket | None:
    """Return the ticket of a cookie's value, or None when it is absent, forged, too old or of another shape."""
    try:
        data = signing.loads(value or "", salt=_SALT, max_age=LONGEST_S)
        ids = (UUID(data["l"]), UUID(data["p"]), UUID(data["s"]))
        return MeetingTicket(*ids, browser_secret=str(data["b"]), arming=str(data["a"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def read_meeting_ticket(cookies: Mapping[str, str]) -> MeetingTicket | None:
    """Return the ticket that a browser may use; None when it has none, or was left by "Exit this page"."""
    return None if cookies.get(LEFT_COOKIE) else read_meeting_cookie(cookies.get(MEETING_COOKIE))


def write_meeting_cookie(ticket: MeetingTicket) -> str:
    """Return the signed value of the cookie."""
    data = {
        "l": str(ticket.link_id),
        "p": str(ticket.participant_id),
        "s": str(ticket.session_id),
        "b": ticket.browser_secret,
        "a": ticket.arming,
    }
    return signing.dumps(data, salt=_SALT)
