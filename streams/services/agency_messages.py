"""Messages to an agency's contact: the link by e-mail, codes by text; their way to the provider, and its receipts.

As with a caller's link: claim the row, call the provider outside of any transaction, write what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.dispatch import enqueue_on_commit
from forces.errors import DomainError
from forces.messaging.interface import Message, SendReport
from streams.agency_words import CODE_MESSAGE, LINK_MESSAGE, LINK_SUBJECT
from streams.broadcasts import broadcast_session_on_commit
from streams.models import AgencyMessage, AgencyShare, AgencyViewer
from streams.services.agency_standing import agency_code_of, agency_link_of, is_code_good
from streams.services.delivery import (
    DELIVERED,
    FAILED,
    FIRST_RETRY,
    LEASE,
    MAX_ATTEMPTS,
    SENDS_WITHIN,
    SWEEP_ROWS,
    reference_of,
)
from streams.services.locks import lock_session

TASK = "streams.tasks.deliver_agency_message"
# Whoever has a link can have codes sent to its contact: not more of them than a person asks for.
MOST_CODES = ((timedelta(minutes=10), 12), (timedelta(hours=1), 24))
KEPT_FOR_OPERATOR = 4  # of each: an operator sends one still when strangers have spent the rest

_worker = Actor.system("messaging")


class TooManyCodes(DomainError):
    """So many codes were sent that no more are now (HTTP 429)."""

    code = "too_many_codes"
    http_status = 429
    message = "Too many codes were sent. Wait some minutes, or ask the control room to read the code to you."


@dataclass(frozen=True, slots=True)
class AgencyDelivery:
    """A message that a worker has claimed, its own until `send_before`; see `delivery.Delivery`."""

    message_id: UUID
    message: Message
    is_repeat: bool
    send_before: datetime


def queue_link(*, now: datetime, share: AgencyShare) -> None:
    """Let the link go to the contact by e-mail."""
    _queue(AgencyMessage(share=share, queued_at=now, next_attempt_at=now))


def queue_code(*, now: datetime, viewer: AgencyViewer, is_operators: bool = False) -> None:
    """Let a viewer's code go to the contact by text; raises `TooManyCodes`. The session is locked."""
    codes = AgencyMessage.objects.filter(share=viewer.share, viewer__isnull=False)
    for period, most in MOST_CODES:
        if codes.filter(queued_at__gt=now - period).count() >= most + KEPT_FOR_OPERATOR * is_operators:
            raise TooManyCodes
    _queue(AgencyMessage(share=viewer.share, viewer=viewer, queued_at=now, next_attempt_at=now))


def was_code_sent(viewer: AgencyViewer) -> bool:
    """Whether a text with the code that counts now is on its way, or was sent."""
    texts = AgencyMessage.objects.filter(viewer=viewer, queued_at__gte=viewer.code_made_at)
    return texts.exclude(state=AgencyMessage.State.FAILED).exists()


def enqueue_due_messages(*, now: datetime) -> int:
    """Send the delivery task again for every message that is due; returns how many."""
    due = AgencyMessage.objects.filter(state__in=AgencyMessage.WAITING, next_attempt_at__lte=now)
    ids = list(due.order_by("next_attempt_at").values_list("id", flat=True)[:SWEEP_ROWS])
    for message_id in ids:
        enqueue_on_commit(TASK, {"message_id": str(message_id)})
    return len(ids)


def claim_message(*, now: datetime, message_id: UUID) -> AgencyDelivery | None:
    """Claim a due message; None when it is not due, taken, or of no use any more."""
    rows = AgencyMessage.objects.select_related("share", "viewer").select_for_update(of=("self",), skip_locked=True)
    due = rows.filter(pk=message_id, state__in=AgencyMessage.WAITING, next_attempt_at__lte=now)
    row = due.first()
    if row is None:
        return None
    if not _is_wanted(row, now):
        row.give_up(reason="too_late")
        row.save()
        return None
    row.claim(lease_until=now + LEASE)
    row.save()
    return AgencyDelivery(row.id, _message(row), row.attempts > 1, send_before=now + SENDS_WITHIN)


def note_message(*, now: datetime, message_id: UUID, report: SendReport) -> None:
    """Write what came of a claimed message: sent, to be tried again, or failed for good."""
    row = _lock_message(message_id)
    if report.error is None:
        row.mark_sent(now, provider_reference=report.provider_id)
    elif report.error.is_permanent or row.attempts >= MAX_ATTEMPTS:
        row.give_up(reason=report.error.code)
    else:
        row.retry(at=now + FIRST_RETRY * 2 ** (row.attempts - 1), reason=report.error.code)
    _keep(row, "agency.deliver")


def note_message_receipt(*, now: datetime, message_id: UUID, status: str) -> bool:
    """Write a provider's receipt; returns whether there is such a message at all. Repeats change nothing."""
    if not AgencyMessage.objects.filter(pk=message_id).exists():
        return False
    row = _lock_message(message_id)
    before = (row.state, row.delivered_at)
    if status == DELIVERED:
        row.mark_delivered(now)
    elif status in FAILED:
        row.give_up(reason=status)
    if (row.state, row.delivered_at) != before:
        _keep(row, "agency.receipt")
    return True


def _queue(row: AgencyMessage) -> None:
    row.save()
    enqueue_on_commit(TASK, {"message_id": str(row.id)})


def _is_wanted(row: AgencyMessage, now: datetime) -> bool:
    if not row.share.stands(now):
        return False
    return row.viewer is None or (row.viewer.ended_at is None and is_code_good(row.viewer, now))


def _lock_message(message_id: UUID) -> AgencyMessage:
    rows = AgencyMessage.objects.select_related("share")
    lock_session(rows.get(pk=message_id).share.session_id)
    return rows.select_for_update(of=("self",)).get(pk=message_id)


def _message(row: AgencyMessage) -> Message:
    force, share = current_force(), row.share
    reference = reference_of(force.schema, row.id)
    if row.viewer is not None:
        code = agency_code_of(force.schema, row.viewer)
        body = CODE_MESSAGE.format(force=force.name, code=code, name=row.viewer.name, agency=share.agency)
        return Message(to=share.contact_phone, body=body, reference=reference)
    link = agency_link_of(force.schema, share.id)
    return Message(
        to=share.contact_email,
        body=LINK_MESSAGE.format(force=force.name, link=link, contact=share.contact_name, agency=share.agency),
        reference=reference,
        is_email=True,
        subject=LINK_SUBJECT.format(force=force.name),
    )


def _keep(row: AgencyMessage, act: str) -> None:
    row.save()
    record(
        actor=_worker,
        act=act,
        operation=Operation.DISCLOSURE,
        object_type="agency_share",
        object_id=row.share_id,
        session_id=row.share.session_id,
        detail={
            "what": "code" if row.viewer_id else "link",
            "state": str(row.state),
            "attempts": row.attempts,
            "reason": row.failure_reason,
        },
    )
    broadcast_session_on_commit(row.share.session_id)
