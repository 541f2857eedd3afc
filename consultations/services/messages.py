"""Messages of a consultation: made with the booking, held until they are due, sent once whatever is killed when.

As with a caller's link: claim the row, call the provider outside of any transaction, write what came of it. That no two
of a kind and version go out is held by the database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consultations.broadcasts import tell_desk_on_commit
from consultations.contact_times import is_inside, nearest_inside, next_inside
from consultations.message_words import body_of, subject_of
from consultations.models import Consultation, MeetingLink, Message, Participant
from consultations.selectors import find_policy
from consultations.services.standing import lock_consultation, note
from forces.actors import Actor
from forces.audit.services import Operation
from forces.context import current_force
from forces.dispatch import enqueue_on_commit
from forces.messaging.interface import Message as Outgoing
from forces.messaging.interface import SendReport
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
from streams.services.links import site_of, token_of

Kind, State = Message.Kind, Message.State
TASK = "consultations.tasks.deliver_message"
# Reminders that would come on the heels of the invitation are none.
DAY_NEEDS = timedelta(hours=26)
SOON_NEEDS = timedelta(minutes=20)
_worker = Actor.system("messaging")


@dataclass(frozen=True, slots=True)
class MessageDelivery:
    """A message that a worker has claimed, its own until `send_before`; see `delivery.Delivery`."""

    message_id: UUID
    message: Outgoing
    is_repeat: bool
    send_before: datetime


def make_messages(
    now: datetime,
    consultation: Consultation,
    participant: Participant,
    *,
    kind: str = Kind.INVITATION,
    anyway: bool = False,
) -> None:
    """Let an invitation, or the news of a change, go to a person, and what reminds them.

    `anyway`: also outside of the times at which it is safe to write to them.
    """
    due = now if anyway else next_inside(now, participant.contact_from, participant.contact_to)
    make_message(now, consultation, participant, kind=kind, due_at=due)
    for reminder, due_at in reminders_of(now, consultation, participant):
        make_message(now, consultation, participant, kind=reminder, due_at=due_at)


def make_message(
    now: datetime, consultation: Consultation, participant: Participant, *, kind: str, due_at: datetime, resend: int = 0
) -> Message | None:
    """Make one message; None where the person cannot be written to, or it is made already."""
    if not (participant.phone_number or participant.email_address):
        return None
    is_due = due_at <= now
    message, is_new = Message.objects.get_or_create(
        participant=participant,
        kind=kind,
        booking_version=consultation.booking_version,
        resend=resend,
        defaults={
            "session_id": consultation.session_id,
            "channel": Message.Channel.SMS if participant.phone_number else Message.Channel.EMAIL,
            "made_at": now,
            "due_at": due_at,
            "state": State.QUEUED if is_due else State.HELD,
            "next_attempt_at": due_at,
        },
    )
    if is_new and is_due:
        enqueue_on_commit(TASK, {"message_id": str(message.id)})
    return message if is_new else None


def reminders_of(now: datetime, consultation: Consultation, participant: Participant) -> list[tuple[str, datetime]]:
    """Return (kind, due) of what reminds a person: none of a consultation that begins so soon that it was just told."""
    policy, starts_at = find_policy(), consultation.starts_at
    window = (participant.contact_from, participant.contact_to)
    found: list[tuple[str, datetime]] = []
    if starts_at - now >= DAY_NEEDS:
        wanted = starts_at - timedelta(minutes=policy.remind_day_min)
        day = nearest_inside(wanted, *window, after=now, before=starts_at)
        found += [(Kind.REMINDER_DAY, day)] if day else []
    soon = starts_at - timedelta(minutes=policy.remind_soon_min)
    if starts_at - now >= SOON_NEEDS and is_inside(soon, *window) and soon > now:
        found.append((Kind.REMINDER_SOON, soon))
    return found


def drop_messages(session_id: UUID, *, reason: str, participant_id: UUID | None = None) -> int:
    """Let nothing that waits go out any more, to one person or to all; returns how many. The session is locked."""
    rows = Message.objects.filter(session_id=session_id, state__in=Message.UNSENT)
    rows = rows.filter(participant_id=participant_id) if participant_id else rows
    dropped = 0
    for message in rows.exclude(kind=Kind.CANCELLED):
        message.drop(reason=reason)
        message.save()
        dropped += 1
    return dropped


def was_invited(participant: Participant) -> bool:
    """Whether a person has been told of the consultation, or is just being told."""
    told = Message.objects.filter(participant=participant, kind__in=(Kind.INVITATION, Kind.CHANGED))
    return told.filter(state__in=Message.GONE_OUT).exists()


def enqueue_due_messages(*, now: datetime) -> int:
    """Queue what is held and has come due, and send the delivery task for all that waits; returns how many."""
    due = Message.objects.filter(state__in=Message.WAITING, next_attempt_at__lte=now)
    ids = list(due.order_by("next_attempt_at").values_list("id", flat=True)[:SWEEP_ROWS])
    for message_id in ids:
        enqueue_on_commit(TASK, {"message_id": str(message_id)})
    return len(ids)


def claim_message(*, now: datetime, message_id: UUID) -> MessageDelivery | None:
    """Claim a due message; None when it is not due, taken, or of no use any more.

    It is looked at again under the session's lock: a consultation that was cancelled or moved in this moment sends
    nothing of before.
    """
    session_id = Message.objects.filter(pk=message_id).values_list("session_id", flat=True).first()
    if session_id is None:
        return None
    consultation = lock_consultation(session_id)
    rows = Message.objects.select_related("participant").select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=message_id, state__in=Message.WAITING, next_attempt_at__lte=now).first()
    if row is None:
        return None
    if reason := _unwanted(now, row, consultation):
        row.drop(reason=reason)
        row.save()
        return None
    row.claim(lease_until=now + LEASE)
    row.save()
    if row.kind == Kind.INVITATION and consultation.session.state == consultation.session.State.DRAFT:
        consultation.session.mark_invited()
        consultation.session.save()
    return MessageDelivery(row.id, _outgoing(row, consultation), row.attempts > 1, send_before=now + SENDS_WITHIN)


def note_message(*, now: datetime, message_id: UUID, report: SendReport) -> None:
    """Write what came of a claimed message: sent, to be tried again, or failed for good."""
    consultation, row = _lock_message(message_id)
    if report.error is None:
        row.mark_sent(now, provider_reference=report.provider_id)
    elif report.error.is_permanent or row.attempts >= MAX_ATTEMPTS:
        row.give_up(reason=report.error.code)
    else:
        row.retry(at=now + FIRST_RETRY * 2 ** (row.attempts - 1), reason=report.error.code)
    _keep(now, consultation, row, "message.deliver")


def note_receipt(now: datetime, message_id: UUID, status: str) -> bool:
    """Write a provider's receipt; returns whether it is a message of this app. Repeats change nothing."""
    if not Message.objects.filter(pk=message_id).exists():
        return False
    consultation, row = _lock_message(message_id)
    before = (row.state, row.delivered_at)
    if status == DELIVERED:
        row.mark_delivered(now)
    elif status in FAILED:
        row.give_up(reason=status)
    if (row.state, row.delivered_at) != before:
        _keep(now, consultation, row, "message.receipt")
    return True


def sessions_of(message_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the session of each message that is this app's."""
    return dict(Message.objects.filter(pk__in=message_ids).values_list("id", "session_id"))


def sessions_with(phone_number: str) -> set[UUID]:
    """Return the sessions in which somebody has this number."""
    rows = Participant.objects.filter(phone_number=phone_number).exclude(phone_number="")
    return set(rows.values_list("session_id", flat=True))


def meeting_link_of(schema: str, link: MeetingLink) -> str:
    """Return the address that a person is sent. Never log it."""
    return f"{site_of(schema)}/m/{token_of(schema, link.id, link.generation)}/"


def _unwanted(now: datetime, row: Message, consultation: Consultation) -> str:
    """Return why a message is of no use any more; nothing where it is."""
    participant = row.participant
    if row.kind == Kind.CANCELLED:
        return "" if consultation.is_over else "not_cancelled"
    if consultation.is_over:
        return "over"
    if participant.is_out:
        return "withdrawn"
    if row.booking_version != consultation.booking_version:
        return "changed"
    if row.kind in Message.REMINDERS and consultation.starts_at <= now:
        return "too_late"
    return "" if participant.phone_number or participant.email_address else "no_contact"


def _outgoing(row: Message, consultation: Consultation) -> Outgoing:
    force, participant = current_force(), row.participant
    link = MeetingLink.objects.get(participant=participant)
    body = body_of(
        kind=row.kind,
        language=participant.language,
        safe_mode=participant.safe_mode,
        force=force.name,
        at=consultation.starts_at,
        link=meeting_link_of(force.schema, link),
    )
    is_email = row.channel == Message.Channel.EMAIL
    return Outgoing(
        to=participant.email_address if is_email else participant.phone_number,
        body=body,
        reference=reference_of(force.schema, row.id),
        is_email=is_email,
        subject=subject_of(kind=row.kind, language=participant.language) if is_email else "",
    )


def _lock_message(message_id: UUID) -> tuple[Consultation, Message]:
    session_id = Message.objects.values_list("session_id", flat=True).get(pk=message_id)
    consultation = lock_consultation(session_id)
    return consultation, Message.objects.select_related("participant").select_for_update(of=("self",)).get(
        pk=message_id
    )


def _keep(now: datetime, consultation: Consultation, row: Message, act: str) -> None:
    row.save()
    detail = {
        "kind": str(row.kind),
        "state": str(row.state),
        "attempts": row.attempts,
        "reason": row.failure_reason,
    }
    note(_worker, act, Operation.DISCLOSURE, consultation, row.participant, **detail)
    tell_desk_on_commit(row.session_id, now=now)
