"""Work of a force outside of requests: messages to providers, and what is due."""

from __future__ import annotations

from uuid import UUID

from evidence import arrivals, gathering, storage
from evidence.services import sequences
from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, in_force
from forces.messaging.interface import send_once
from forces.messaging.senders import sender_for
from forces.messaging.web_push import push_to_all
from forces.tasks import force_task
from streams.services import (
    agency_messages,
    asked_words,
    delivery,
    duty_retention,
    live_stills,
    notices,
    push_subscriptions,
    pushing,
    sessions,
    uploads,
)


@force_task("streams.tasks.deliver_invitation", max_retries=0)
def deliver_invitation(force: ForceRef, *, invitation_id: str) -> None:
    """Send one link's message: claim, call the provider outside of any transaction, write what came of it."""
    key = UUID(invitation_id)
    claimed = in_force(force, delivery.claim_delivery, now=clock.now(), invitation_id=key)
    if claimed is None or clock.now() >= claimed.send_before:
        return
    report = send_once(sender_for(force.schema), claimed.message, is_repeat=claimed.is_repeat)
    in_force(force, delivery.note_delivery, now=clock.now(), invitation_id=key, report=report)


@force_task("streams.tasks.deliver_agency_message", max_retries=0)
def deliver_agency_message(force: ForceRef, *, message_id: str) -> None:
    """Send one message to an agency's contact, as a link's is sent."""
    key = UUID(message_id)
    claimed = in_force(force, agency_messages.claim_message, now=clock.now(), message_id=key)
    if claimed is None or clock.now() >= claimed.send_before:
        return
    report = send_once(sender_for(force.schema), claimed.message, is_repeat=claimed.is_repeat)
    in_force(force, agency_messages.note_message, now=clock.now(), message_id=key, report=report)


@force_task("streams.tasks.deliver_due", max_retries=0)
def deliver_due(force: ForceRef) -> None:
    """Find messages that are due and send their tasks again; every 10 s."""
    in_force(force, delivery.enqueue_due_deliveries, now=clock.now())
    in_force(force, agency_messages.enqueue_due_messages, now=clock.now())


@force_task("streams.tasks.expire_sessions", max_retries=0)
def expire_sessions(force: ForceRef) -> None:
    """Let unused links and sessions expire, and end those over the limit; every 30 s."""
    in_force(force, sessions.expire_sessions, now=clock.now())


@force_task("streams.tasks.sweep_uploads", max_retries=0)
def sweep_uploads(force: ForceRef) -> None:
    """Finish files that are whole, give up those that will not be, and remove what arrived of them; every 60 s."""
    arriving = in_force(force, uploads.list_arriving)
    whole = [one.id for one in arriving if arrivals.arrived_bytes(force.schema, one.id) == one.whole_bytes]
    in_force(force, uploads.finish_whole, now=clock.now(), upload_ids=whole)
    arrivals.discard(force.schema, in_force(force, uploads.expire_uploads, now=clock.now()))
    found = arrivals.find_abandoned(force.schema)
    arrivals.discard(force.schema, in_force(force, uploads.find_strays, found))


@force_task("streams.tasks.sweep_live_stills", max_retries=0)
def sweep_live_stills(force: ForceRef) -> None:
    """Remove pictures that stood for video and are neither to be looked at nor waited for any more; every 60 s."""
    found = storage.find_live(force.schema)
    for session_id, name in in_force(force, live_stills.find_strays, found):
        storage.erase_live(force.schema, session_id, [name])
    gathering.erase(force.schema, in_force(force, sequences.find_strays, gathering.find_old(force.schema)))


@force_task("streams.tasks.erase_duty", max_retries=0)
def erase_duty(force: ForceRef) -> None:
    """Erase officers' positions and shifts whose time is over, batch by batch; every hour."""
    actor = Actor.system("retention")
    for erase in (duty_retention.erase_positions, duty_retention.erase_shifts):
        while in_force(force, erase, actor=actor, now=clock.now()):
            pass


@force_task("streams.tasks.forget_asked_words", max_retries=0)
def forget_asked_words(force: ForceRef) -> None:
    """Forget what was written to officers with what was asked of them, when its time is over; every night."""
    in_force(force, asked_words.forget_words, now=clock.now())


@force_task("streams.tasks.push_notice", max_retries=0, soft_time_limit=55, time_limit=58)
def push_notice(force: ForceRef, *, notice_id: str) -> None:
    """Push one notice to its officer's phones: claim, call the push services outside of any transaction, write down."""
    key = UUID(notice_id)
    push = in_force(force, pushing.claim_push, now=clock.now(), notice_id=key)
    if push is not None:
        reports = push_to_all(force.schema, push.targets, push.message, until=push.send_before)
        in_force(force, pushing.note_push, now=clock.now(), notice_id=key, reports=reports)


@force_task("streams.tasks.push_due", max_retries=0)
def push_due(force: ForceRef) -> None:
    """Find notices whose push is due and send their tasks again; every 10 s."""
    in_force(force, pushing.enqueue_due_pushes, now=clock.now())


@force_task("streams.tasks.sweep_notices", max_retries=0)
def sweep_notices(force: ForceRef) -> None:
    """Erase old notices, and browsers that are not used any more or whose account is not; every 10 minutes."""
    in_force(force, notices.erase_old_notices, now=clock.now())
    in_force(force, push_subscriptions.erase_unused, now=clock.now())
