"""The way of a notice to an officer's phones, once in effect.

Three steps, never one transaction: claim the row, call the push services, write what came of it. A worker that dies in
between leaves a claim that runs out, and whoever takes it up sends again under the same `Topic`, which takes the place
of what was not fetched yet, and the same `tag`, which takes the place of what is shown: the officer sees it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.dispatch import enqueue_on_commit
from forces.messaging.pushes import Outcome, PushMessage, PushReport, PushTarget
from streams.models import Notice, PushSubscription
from streams.services.locks import lock_officer
from streams.services.push_subscriptions import may_be_pushed_to

LEASE = timedelta(seconds=60)
SENDS_WITHIN = timedelta(seconds=35)  # and then the last push that has begun may take up to 20 s
FIRST_RETRY = timedelta(seconds=5)
MAX_ATTEMPTS = 6  # 5, 10, 20, 40 and 80 seconds apart
MOST_REFUSALS = 5  # in a row: then the browser is forgotten
SWEEP_ROWS = 200
# How many notices of a kind are pushed to one officer in a minute: what is over waits, and no kind waits for another.
PACE = {
    Notice.Kind.ASSIGNMENT: 10,
    Notice.Kind.VIEW_REQUEST: 6,
    Notice.Kind.MESSAGE: 4,
    Notice.Kind.CONSULTATION: 10,
}
PACE_OVER = timedelta(minutes=1)
State = Notice.PushState
_worker = Actor.system("messaging")


@dataclass(frozen=True, slots=True)
class Push:
    """A notice that a worker has claimed, and the browsers to push to; the worker's alone before `send_before`."""

    targets: Mapping[UUID, PushTarget]
    message: PushMessage
    send_before: datetime


def enqueue_due_pushes(*, now: datetime) -> int:
    """Send the task again for every notice whose push is due; returns how many."""
    due = Notice.objects.filter(push_state=State.DUE, next_push_at__lte=now).order_by("next_push_at")
    ids = list(due.values_list("id", flat=True)[:SWEEP_ROWS])
    for notice_id in ids:
        enqueue_on_commit("streams.tasks.push_notice", {"notice_id": str(notice_id)})
    return len(ids)


def claim_push(*, now: datetime, notice_id: UUID) -> Push | None:
    """Claim a notice whose push is due; None when it is not due, taken, put off, or of no use any more."""
    user_id = Notice.objects.filter(pk=notice_id).values_list("user_id", flat=True).first()
    if user_id is None:
        return None
    lock_officer(user_id)  # two of one officer's at a time would not see each other's pace
    rows = Notice.objects.select_for_update(skip_locked=True)
    notice = rows.filter(pk=notice_id, push_state=State.DUE, next_push_at__lte=now).first()
    if notice is None:
        return None
    push = _claim(notice, now)
    notice.save()
    return push


def note_push(*, now: datetime, notice_id: UUID, reports: Mapping[UUID, PushReport]) -> None:
    """Write what came of a claimed push, of the notice and of each browser."""
    reached = _note_browsers(now, reports)
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        return
    notice.reached = sorted({*notice.reached, *reached})
    if notice.push_state == State.DUE:
        _go_on(notice, now, reports)
    notice.save()
    record(
        actor=_worker,
        act="notice.push",
        operation=Operation.DISCLOSURE,
        object_type="notice",
        object_id=notice.id,
        detail={"state": str(notice.push_state), "attempts": notice.push_attempts, "reached": len(notice.reached)},
    )


def topic_of(notice_id: UUID) -> str:
    """Return the name of a notice at push services and on phones: its id as 32 hexadecimal digits."""
    return notice_id.hex


def _claim(notice: Notice, now: datetime) -> Push | None:
    targets = _targets(notice) if now < notice.push_ends_at else {}
    if not targets:
        _end(notice, now)
        return None
    if (room_at := _room_at(notice, now)) > now:
        notice.put_push_off(room_at)
        return None
    notice.claim_push(now, lease_until=now + LEASE)
    return Push(targets, _message(notice, now), send_before=now + SENDS_WITHIN)


def _message(notice: Notice, now: datetime) -> PushMessage:
    topic = topic_of(notice.id)
    # No more than that may ever stand here: it crosses a push service, and lies on a locked screen.
    content = {"kind": str(notice.kind), "id": topic}
    return PushMessage(content, topic, ttl_s=max(1, int((notice.push_ends_at - now).total_seconds())))


def _targets(notice: Notice) -> dict[UUID, PushTarget]:
    """Return the officer's browsers that have not been reached; none for an account that may not be pushed to."""
    if not may_be_pushed_to(notice.user_id):
        return {}
    rows = PushSubscription.objects.filter(user_id=notice.user_id).exclude(pk__in=notice.reached)
    return {row.pk: PushTarget(row.endpoint, row.p256dh, row.auth, row.server_key) for row in rows}


def _room_at(notice: Notice, now: datetime) -> datetime:
    """Return when the officer may be pushed to for this kind: now, or when the last minute has room again."""
    pushed = Notice.objects.filter(user_id=notice.user_id, kind=notice.kind, pushed_at__gt=now - PACE_OVER)
    times = pushed.exclude(pk=notice.pk).order_by("-pushed_at").values_list("pushed_at", flat=True)
    full = list(times[PACE[Notice.Kind(notice.kind)] - 1 : PACE[Notice.Kind(notice.kind)]])
    return full[0] + PACE_OVER if full and full[0] else now


def _go_on(notice: Notice, now: datetime, reports: Mapping[UUID, PushReport]) -> None:
    """Put the notice off where somebody is to be tried again, or end its push."""
    waits = [report.wait_s for report in reports.values() if report.outcome == Outcome.LATER]
    wait = max(FIRST_RETRY * 2 ** max(0, notice.push_attempts - 1), timedelta(seconds=max(waits, default=0)))
    if waits and notice.push_attempts < MAX_ATTEMPTS and now + wait < notice.push_ends_at:
        notice.put_push_off(now + wait)
    else:
        _end(notice, now)


def _end(notice: Notice, now: datetime) -> None:
    """End a push: it was taken somewhere; it was tried, or its time is over; or there is nobody to push to."""
    is_late = now >= notice.push_ends_at or notice.push_attempts > 0
    notice.end_push(State.SENT if notice.reached else State.FAILED if is_late else State.NONE)


def _note_browsers(now: datetime, reports: Mapping[UUID, PushReport]) -> list[str]:
    """Note of each browser what its push service said; returns those that took it."""
    reached = []
    for row in PushSubscription.objects.select_for_update().filter(pk__in=list(reports)).order_by("pk"):
        outcome = reports[row.pk].outcome
        if outcome == Outcome.TAKEN:
            row.note_taken(now)
            reached.append(str(row.pk))
        elif outcome == Outcome.REFUSED:
            row.failures += 1
        if outcome == Outcome.GONE or row.failures >= MOST_REFUSALS:
            row.delete()
            detail = {"rows": 1, "reason": str(outcome)}
            record(actor=_worker, act="push.unsubscribe", operation=Operation.ERASURE, detail=detail)
        else:
            row.save(update_fields=["last_ok_at", "failures"])
    return reached
