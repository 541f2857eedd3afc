"""What an officer is to be told at once: on their pages, and by a push to their phones.

The row is the truth. It is made in the transaction of what it tells of; the pages' broadcast and the task that pushes
are hints, and what is due is found again by a sweep.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from forces import clock
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.dispatch import enqueue_on_commit
from forces.errors import NotFound
from forces.messaging import vapid
from streams.broadcasts import broadcast_notice_on_commit, broadcast_notice_seen_on_commit
from streams.models import Notice, PushSubscription
from streams.shapes import Plain, notice_view

MOST_SHOWN = 20
KEPT = timedelta(days=7)
SWEPT_ROWS = 1_000
_system = Actor.system("notices")


def notify_officer_on_commit(
    user_id: str,
    kind: str,
    subject_id: UUID | None = None,
    *,
    now: datetime | None = None,
    until: datetime | None = None,
) -> UUID:
    """Tell an officer something when the open unit of work has committed; returns the notice's id.

    `kind` is one of `Notice.Kind`, `subject_id` the thing itself, which only a page that is signed in looks up: it
    never leaves by a push. `now` is the clock's where it is not given; from `until` on it is neither shown nor pushed.
    Who did what is audited by the caller.
    """
    at = now or clock.now()
    is_pushed = vapid.is_on() and PushSubscription.objects.filter(user_id=user_id).exists()
    notice = Notice.objects.create(
        user_id=user_id,
        kind=Notice.Kind(kind),
        subject_id=subject_id,
        created_at=at,
        expires_at=min(at + Notice.SHOWN_FOR, until or datetime.max.replace(tzinfo=UTC)),
        push_state=Notice.PushState.DUE if is_pushed else Notice.PushState.NONE,
        next_push_at=at if is_pushed else None,
    )
    _record(_system, "notice.make", notice)
    broadcast_notice_on_commit(notice)
    if is_pushed:
        enqueue_on_commit("streams.tasks.push_notice", {"notice_id": str(notice.id)})
    return notice.id


def unseen_notices(*, user_id: str, now: datetime) -> list[Plain]:
    """Return what an officer has not seen yet and still may be shown, oldest first, at most the newest twenty."""
    rows = Notice.objects.filter(user_id=user_id, seen_at__isnull=True, expires_at__gt=now)
    return [notice_view(row) for row in reversed(rows[:MOST_SHOWN])]


def see_notice(*, actor: Actor, now: datetime, notice_id: UUID) -> None:
    """Note that the officer has seen a notice of theirs; seeing it twice changes nothing.

    Raises `NotPermitted`, and `NotFound` for a notice of somebody else's, too.
    """
    require(actor, Permission.STREAM_PUBLISH)
    notice = Notice.objects.select_for_update().filter(pk=notice_id, user_id=actor.id).first()
    if notice is None:
        raise NotFound("There is no such notice.")
    if notice.seen_at is None:
        _see(actor, now, notice)


def settle_notices(*, now: datetime, user_id: str, subject_id: UUID) -> None:
    """What an officer was told of is answered or over: nothing of it is left to be seen, or pushed."""
    rows = Notice.objects.select_for_update().filter(user_id=user_id, subject_id=subject_id, seen_at__isnull=True)
    for notice in rows:
        _see(_system, now, notice)


def _see(actor: Actor, now: datetime, notice: Notice) -> None:
    notice.see(now)
    notice.save(update_fields=["seen_at", "push_state", "next_push_at"])
    _record(actor, "notice.see", notice)
    broadcast_notice_seen_on_commit(notice)


def erase_old_notices(*, now: datetime) -> int:
    """Erase notices of more than seven days ago; returns how many."""
    old = Notice.objects.filter(created_at__lte=now - KEPT).order_by("created_at").values("pk")[:SWEPT_ROWS]
    erased, _ = Notice.objects.filter(pk__in=old).delete()
    if erased:
        record(actor=_system, act="notice.erase", operation=Operation.ERASURE, detail={"rows": erased})
    return erased


def _record(actor: Actor, act: str, notice: Notice) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.COLLECTION if act == "notice.make" else Operation.ALTERATION,
        object_type="notice",
        object_id=notice.id,
        detail={"kind": str(notice.kind)},
    )
