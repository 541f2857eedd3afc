"""Opening an agency's link: a person types a name and waits with a code of their own.

Whoever has the link can open it. What that costs is bounded before a row is touched or locked: per address and per
share, by how many people were agreed to.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from dataclasses import replace
from datetime import datetime

from forces.actors import Actor
from forces.errors import InvalidInput
from forces.services.sharing import ShareOver
from streams.agency_tickets import AgencyTicket
from streams.broadcasts import broadcast_session_on_commit
from streams.models import AgencyShare, AgencyViewer
from streams.services.agency_messages import TooManyCodes, queue_code
from streams.services.agency_standing import AgencyLinkUnknown, is_code_good, record_viewer, require_standing
from streams.services.code_tries import Budget, CodeTriesSpent, take_try
from streams.services.links import hash_of
from streams.services.locks import lock_session

NAME_CHARACTERS = range(2, 61)
SPARE_OPENINGS = 2  # of each address, over the people who may watch: who mistyped the own name
ADDRESSES = 2  # as many as can open a share's link at once as often as one address may
_BESIDE_LETTERS = frozenset(" -'’.")
# A full stop ends a word or an initial ("J.R. Hill"): whatever else it joins, a phone makes a link of.
_LINK_LIKE = re.compile(r"\.(?!\s|$|\w\.)")
MOST_WAITING = 10  # whose code is good no more: who opened before them is not looked after


class TooManyOpenings(CodeTriesSpent):
    """The link was opened so often that it is not opened now (HTTP 429); `details` has `wait_seconds`."""

    code = "too_many_openings"


def describe_agency_link(*, now: datetime, token: str) -> str:
    """Return the agency that a link is for; spends nothing. Raises `AgencyLinkUnknown`, whatever is wrong."""
    return _find_by_token(now, token).agency


def open_agency_link(*, now: datetime, token: str, name: str, address: str, request_id: str = "") -> AgencyTicket:
    """A person opened the link and typed a name: keep it, and send a code to the agency's contact.

    Where so many codes were sent that none is now, the operator can read it out still. `address` is the client's.
    Raises `AgencyLinkUnknown`, `InvalidInput`, `TooManyOpenings` or `CodesUnavailable`.
    """
    said = _name(name)
    found = _find_by_token(now, token)
    _take_opening(now, found, address, request_id)
    lock_session(found.session_id)
    share = _find_by_token(now, token)  # again, now that the session's lock keeps it as it is
    viewer = AgencyViewer.objects.create(share=share, name=said, opened_at=now, code_made_at=now)
    with contextlib.suppress(TooManyCodes):
        queue_code(now=now, viewer=viewer)
    _forget_waiting(now, share)
    record_viewer("agency.open", viewer, request_id)
    broadcast_session_on_commit(share.session_id)
    return AgencyTicket(share.id, viewer.id)


def _find_by_token(now: datetime, token: str) -> AgencyShare:
    found = AgencyShare.objects.select_related("session").filter(token_hash=hash_of(token)).first()
    if found is None:
        raise AgencyLinkUnknown
    try:
        require_standing(found, now)
    except ShareOver:
        raise AgencyLinkUnknown from None
    return found


def _take_opening(now: datetime, share: AgencyShare, address: str, request_id: str) -> None:
    """Count an opening, of its address and of the share; it is never given back."""
    each = share.most_viewers + SPARE_OPENINGS
    budget = replace(AGENCY_OPENINGS, per_address=each, whole=each * ADDRESSES)
    visitor = Actor(kind="user", id="", name=share.agency, role="agency", request_id=request_id)
    take_try(actor=visitor, now=now, address=address, budget=budget, whole=str(share.id))


def _name(typed: str) -> str:
    """Return the name as it goes into a text message: nothing in it may be read as a link. Raises `InvalidInput`."""
    name = unicodedata.normalize("NFC", " ".join(typed.split()))
    is_plain = all(one in _BESIDE_LETTERS or unicodedata.category(one)[0] in "LM" for one in name)
    if len(name) not in NAME_CHARACTERS or not is_plain or not any(one.isalpha() for one in name):
        raise InvalidInput("Type your first and last name, in letters alone.", details={"field": "name"})
    if _LINK_LIKE.search(name):
        raise InvalidInput("Put a space after each full stop.", details={"field": "name"})
    return name


def _forget_waiting(now: datetime, share: AgencyShare) -> None:
    """Whoever could enter a code still keeps the place in the queue, however many come after."""
    waiting = share.viewers.filter(verified_at__isnull=True, ended_at__isnull=True).order_by("-opened_at")
    for viewer in [one for one in waiting if not is_code_good(one, now)][MOST_WAITING:]:
        viewer.end(now)
        viewer.save()


def _spent(wait_seconds: int) -> CodeTriesSpent:
    minutes = max(1, -(-wait_seconds // 60))
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return TooManyOpenings(
        f"This link was opened too often. Try again in {wait}, or call the control room.",
        details={"wait_seconds": wait_seconds},
    )


AGENCY_OPENINGS = Budget("agency-openings", "agency.open", SPARE_OPENINGS, SPARE_OPENINGS * ADDRESSES, _spent)
