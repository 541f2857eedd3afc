"""The way of a link's message to the provider, once per invitation, and the provider's receipts.

Three steps, never one transaction: claim the row, call the provider, write what came of it. A worker that
dies in between leaves a claim that runs out; whoever takes it up next asks the provider before sending again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.dispatch import enqueue_on_commit
from forces.messaging.interface import Message, SendReport
from streams.broadcasts import broadcast_session_on_commit
from streams.models import Invitation, LiveSession, MessageTemplate
from streams.services.links import link_of, token_of
from streams.services.locks import lock_session

LEASE = timedelta(seconds=60)
# A worker that was held up for this long sends no more: asking and sending take up to 20 s, and then another may come.
SENDS_WITHIN = timedelta(seconds=35)
FIRST_RETRY = timedelta(seconds=5)
MAX_ATTEMPTS = 6  # 5, 10, 20, 40 and 80 seconds apart: the caller is on the telephone
SWEEP_ROWS = 100
WAITING = (Invitation.State.QUEUED, Invitation.State.SENDING)
DELIVERED = "delivered"
FAILED = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})

log = logging.getLogger(__name__)
_worker = Actor.system("messaging")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that a worker has claimed; `is_repeat` when an earlier try may have reached the provider.

    Before `send_before` it is this worker's alone, and then it may be another's.
    """

    invitation_id: UUID
    message: Message
    is_repeat: bool
    send_before: datetime


def reference_of(schema: str, invitation_id: UUID, sends: int = 1) -> str:
    """Return the reference under which the provider knows a message; names the force for its receipts.

    Another message with the same link has another one: a provider asked for it must not find the first.
    """
    return f"{schema}.{invitation_id}" if sends == 1 else f"{schema}.{invitation_id}.{sends}"


def enqueue_due_deliveries(*, now: datetime) -> int:
    """Send the delivery task again for every row that is due; returns how many."""
    due = Invitation.objects.filter(state__in=WAITING, next_attempt_at__lte=now)
    ids = list(due.order_by("next_attempt_at").values_list("id", flat=True)[:SWEEP_ROWS])
    for invitation_id in ids:
        enqueue_on_commit("streams.tasks.deliver_invitation", {"invitation_id": str(invitation_id)})
    return len(ids)


def claim_delivery(*, now: datetime, invitation_id: UUID) -> Delivery | None:
    """Claim a due message; None when it is not due, taken, or its link is of no use any more."""
    rows = Invitation.objects.select_related("session__incident").select_for_update(of=("self",), skip_locked=True)
    due = rows.filter(pk=invitation_id, state__in=WAITING, next_attempt_at__lte=now)
    invitation = due.first()
    if invitation is None:
        return None
    if invitation.session.is_over or invitation.expires_at <= now:
        invitation.next_attempt_at = None
        invitation.save()
        return None
    invitation.claim(now, lease_until=now + LEASE)
    invitation.save()
    is_repeat = invitation.attempts > 1
    return Delivery(invitation.id, _message(invitation), is_repeat, send_before=now + SENDS_WITHIN)


def note_delivery(*, now: datetime, invitation_id: UUID, report: SendReport) -> None:
    """Write what came of a claimed message: sent, to be tried again, or failed for good."""
    invitation = _lock_invitation(invitation_id)
    if report.error is None:
        invitation.mark_sent(now, provider_reference=report.provider_id)
    elif report.error.is_permanent or invitation.attempts >= MAX_ATTEMPTS:
        invitation.mark_failed(reason=report.error.code)
    else:
        wait = FIRST_RETRY * 2 ** (invitation.attempts - 1)
        invitation.retry(at=now + wait, reason=report.error.code)
    invitation.save()
    _record("invitation.deliver", invitation)
    broadcast_session_on_commit(invitation.session_id)


def note_receipt(*, now: datetime, invitation_id: UUID, status: str, sends: int = 1) -> None:
    """Write a provider's receipt (`status` in its words) of a link's message number `sends`; repeats change nothing.

    An unknown invitation or status changes nothing: the provider would only repeat it.
    """
    if not Invitation.objects.filter(pk=invitation_id).exists():
        log.info("receipt for an unknown invitation")
        return
    invitation = _lock_invitation(invitation_id)
    before = (invitation.state, invitation.delivered_at)
    if status == DELIVERED:
        invitation.mark_delivered(now)
    elif status in FAILED and sends == invitation.sends:  # that an earlier message failed says nothing of the newest
        invitation.mark_failed(reason=status)
    if (invitation.state, invitation.delivered_at) == before:
        return
    invitation.save()
    _record("invitation.receipt", invitation)
    broadcast_session_on_commit(invitation.session_id)


def _lock_invitation(invitation_id: UUID) -> Invitation:
    session_id = Invitation.objects.values_list("session_id", flat=True).get(pk=invitation_id)
    lock_session(session_id)
    return Invitation.objects.get(pk=invitation_id)


def _message(invitation: Invitation) -> Message:
    force = current_force()
    session = invitation.session
    token = token_of(force.schema, invitation.id, invitation.generation)
    filled = {
        "{force}": force.name,
        "{link}": link_of(force.schema, token),
        "{reference}": session.incident.reference,
    }
    body = _template(session).body
    for placeholder, text in filled.items():
        body = body.replace(placeholder, text)
    is_email = invitation.channel == Invitation.Channel.EMAIL
    return Message(
        to=session.email_address if is_email else session.phone_number,
        body=body,
        reference=reference_of(force.schema, invitation.id, invitation.sends),
        is_email=is_email,
        subject=_subject(session, force.name) if is_email else "",
    )


def _subject(session: LiveSession, force_name: str) -> str:
    """In safe mode it says nothing: a phone shows it to whoever looks at its locked screen."""
    return "Your link" if session.safe_mode else f"Your link from {force_name}"


def _template(session: LiveSession) -> MessageTemplate:
    """Return the template of the session's link, language and mode, else of English; a safe one names no force."""
    rows = MessageTemplate.objects.filter(link_kind=session.link_kind, safe_mode=session.safe_mode)
    found = {row.language: row for row in rows}
    template = found.get(session.language) or found.get("en")
    return template or MessageTemplate(body="{link}" if session.safe_mode else "{force}: {link}")


def _record(act: str, invitation: Invitation) -> None:
    record(
        actor=_worker,
        act=act,
        operation=Operation.DISCLOSURE,
        object_type="invitation",
        object_id=invitation.id,
        session_id=invitation.session_id,
        detail={
            "state": str(invitation.state),
            "attempts": invitation.attempts,
            "reason": invitation.failure_reason,
        },
    )
