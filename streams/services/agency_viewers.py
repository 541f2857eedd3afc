"""People of an agency: each opens the link, types a name, and enters a code of their own before anything is shown."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from forces.actors import Actor
from forces.audit.selectors import was_recorded_within
from forces.audit.services import record_refusal
from forces.context import current_force
from forces.services.sharing import ShareOver
from streams.agency_tickets import AgencyTicket
from streams.broadcasts import broadcast_session_on_commit
from streams.models import AgencyViewer
from streams.selectors import Plain
from streams.services.agency_leaving import displace_viewer
from streams.services.agency_messages import TooManyCodes, queue_code, was_code_sent
from streams.services.agency_standing import (
    CODE_DIGITS,
    PLACE_KEPT,
    AgencyFull,
    AgencyLinkUnknown,
    agency_code_of,
    find_viewer,
    is_code_good,
    record_viewer,
    require_standing,
    viewer_actor,
)
from streams.services.code_tries import Budget, CodeTriesSpent, give_back, take_try
from streams.services.codes import CodeMalformed, CodeUnknown
from streams.services.locks import lock_session

CODE_AGAIN_AFTER = timedelta(seconds=30)
_BETWEEN = re.compile(r"[\s\-]+")


class AgencyCodeMalformed(CodeMalformed):
    """What was typed cannot be a code (HTTP 400)."""

    message = "A code has six digits."


class AgencyCodeWrong(CodeUnknown):
    """Not the code of this viewer (HTTP 404). The failure is kept: the door commits."""

    message = "That code is not right. Check it, or ask for a new one."


class AgencyCodeOld(CodeUnknown):
    """The code is too old, or was wrong too often (HTTP 410)."""

    code = "code_expired"
    http_status = 410
    message = "The code is too old, or was wrong too often. Ask for a new one."


@dataclass(frozen=True, slots=True)
class WaitingViewer:
    """What the page for the code shows; `has_text`: the code that counts is on its way by text, or was sent."""

    name: str
    agency: str
    is_verified: bool
    has_code: bool
    has_text: bool


def describe_waiting(*, now: datetime, ticket: AgencyTicket) -> WaitingViewer:
    """Return what the page for the code shows; raises `AgencyLinkUnknown`."""
    viewer = _find_waiting(now, ticket)
    is_verified, has_code = viewer.verified_at is not None, is_code_good(viewer, now)
    return WaitingViewer(viewer.name, viewer.share.agency, is_verified, has_code, was_code_sent(viewer))


def seconds_left(*, now: datetime, ticket: AgencyTicket) -> int:
    """Return for how long the cookie of a viewer is of use."""
    return max(0, round((find_viewer(ticket).share.ends_at - now).total_seconds()))


def ask_new_code(*, now: datetime, ticket: AgencyTicket) -> None:
    """Send another code to the contact; the one before is void. Raises `AgencyLinkUnknown` or `TooManyCodes`."""
    viewer = _find_waiting(now, ticket)
    if not _may_ask(now, viewer):
        return
    lock_session(viewer.share.session_id)
    viewer = _find_waiting(now, ticket)  # again, now that the session's lock keeps it as it is
    if not _may_ask(now, viewer):
        return
    viewer.new_code(now)
    viewer.save()
    queue_code(now=now, viewer=viewer)
    broadcast_session_on_commit(viewer.share.session_id)


def verify_viewer(*, now: datetime, ticket: AgencyTicket, typed: str, address: str, request_id: str = "") -> None:
    """Let a viewer in by the code; a second time is fine.

    Raises `AgencyLinkUnknown`, `AgencyCodeMalformed`, `AgencyCodeOld`, `AgencyFull`, `AgencyCodeWrong` (which is kept),
    `CodeTriesSpent` or `CodesUnavailable`.
    """
    viewer = _find_waiting(now, ticket)
    if viewer.verified_at is not None:
        return
    code = _BETWEEN.sub("", typed)
    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        raise AgencyCodeMalformed
    if not is_code_good(viewer, now):
        raise AgencyCodeOld
    actor = viewer_actor(viewer, request_id)
    taken = take_try(actor=actor, now=now, address=address, budget=AGENCY_CODES, whole=str(viewer.share_id))
    lock_session(viewer.share.session_id)
    viewer = _find_waiting(now, ticket)  # again, now that the session's lock keeps it as it is
    if not is_code_good(viewer, now):
        give_back(taken)
        if viewer.verified_at is not None:
            return
        raise AgencyCodeOld
    if not hmac.compare_digest(code, agency_code_of(current_force().schema, viewer)):
        viewer.code_failures += 1
        viewer.save()
        _refuse(actor, viewer, AgencyCodeWrong.code)
        raise AgencyCodeWrong
    give_back(taken)
    _take_place(now, viewer, actor)
    viewer.verify(now)
    viewer.save()
    record_viewer("agency.verify", viewer, request_id)
    broadcast_session_on_commit(viewer.share.session_id)


def _find_waiting(now: datetime, ticket: AgencyTicket) -> AgencyViewer:
    """Return the viewer of a ticket whose share stands and whose place was not given up."""
    viewer = find_viewer(ticket)
    try:
        require_standing(viewer.share, now)
    except ShareOver:
        raise AgencyLinkUnknown from None
    if viewer.ended_at is not None:
        raise AgencyLinkUnknown
    return viewer


def _may_ask(now: datetime, viewer: AgencyViewer) -> bool:
    """Whether a viewer is in need of a code; raises `TooManyCodes` when one was made a moment ago."""
    if viewer.verified_at is not None:
        return False
    if now < viewer.code_made_at + CODE_AGAIN_AFTER:
        raise TooManyCodes("A code was sent a moment ago. Wait half a minute before you ask for another.")
    return True


def _take_place(now: datetime, viewer: AgencyViewer, actor: Actor) -> None:
    """Raise `AgencyFull` when all places are taken by people who were heard lately; the others give way."""
    share = viewer.share
    taken = list(share.viewers.filter(verified_at__isnull=False, ended_at__isnull=True).order_by("seen_at"))
    for one in taken:
        if len(taken) < share.most_viewers:
            break
        if one.seen_at is not None and one.seen_at > now - PLACE_KEPT:
            _refuse_full(actor, viewer)
            raise AgencyFull
        one.share = share
        displace_viewer(actor=actor, now=now, viewer=one)
        taken = taken[1:]


def _refuse_full(actor: Actor, viewer: AgencyViewer) -> None:
    """Audit that no place is free, once a minute: the code stays good meanwhile, and can be entered again and again."""
    about: Plain = {"actor": actor, "act": "agency.verify", "object_id": viewer.share_id, "code": AgencyFull.code}
    if not was_recorded_within(**about, period=timedelta(minutes=1)):
        _refuse(actor, viewer, AgencyFull.code)


def _refuse(actor: Actor, viewer: AgencyViewer, code: str) -> None:
    record_refusal(
        actor=actor,
        act="agency.verify",
        code=code,
        object_type="agency_share",
        object_id=viewer.share_id,
        session_id=viewer.share.session_id,
    )


def _spent(wait_seconds: int) -> CodeTriesSpent:
    minutes = max(1, -(-wait_seconds // 60))
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return CodeTriesSpent(f"Too many codes were wrong. Try again in {wait}.", details={"wait_seconds": wait_seconds})


AGENCY_CODES = Budget("agency-tries", "agency.verify", 10, 30, _spent)
