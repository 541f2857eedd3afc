"""Work of a force outside of requests: messages of consultations, and what is due of them."""

from __future__ import annotations

from uuid import UUID

from consultations.services import booking, messages
from forces import clock
from forces.context import ForceRef, in_force
from forces.messaging.interface import send_once
from forces.messaging.senders import sender_for
from forces.tasks import force_task


@force_task("consultations.tasks.deliver_message", max_retries=0)
def deliver_message(force: ForceRef, *, message_id: str) -> None:
    """Send one message: claim, call the provider outside of any transaction, write what came of it."""
    key = UUID(message_id)
    claimed = in_force(force, messages.claim_message, now=clock.now(), message_id=key)
    if claimed is None or clock.now() >= claimed.send_before:
        return
    report = send_once(sender_for(force.schema), claimed.message, is_repeat=claimed.is_repeat)
    in_force(force, messages.note_message, now=clock.now(), message_id=key, report=report)


@force_task("consultations.tasks.messages_due", max_retries=0)
def messages_due(force: ForceRef) -> None:
    """Find messages that are due and send their tasks again; every 10 s."""
    in_force(force, messages.enqueue_due_messages, now=clock.now())


@force_task("consultations.tasks.expire", max_retries=0)
def expire(force: ForceRef) -> None:
    """End what nobody took in time, and what goes on for too long; every 60 s."""
    in_force(force, booking.expire_consultations, now=clock.now())
