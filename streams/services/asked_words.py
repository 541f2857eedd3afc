"""How long the words stay that were written to officers with what was asked of them.

Those about an incident go with its sessions (`streams/parts.py`); these are the others, to which no retention of a
session reaches. Who was asked to do what, when, and the answer stays, as the audit refers to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from evidence.models import SessionErasure
from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.models import Assignment, LiveSession, ViewRequest

KEPT_FOR = timedelta(days=31)
ERASED_TEXT = "[erased]"


def forget_words(*, now: datetime) -> int:
    """Forget notes and reasons of more than 31 days ago that belong to no session; returns of how many rows.

    An incident of which a session is kept keeps its notes: they may be evidence of how it was dealt with.
    """
    kept = LiveSession.objects.exclude(id__in=SessionErasure.objects.values("session_id"))
    notes = Assignment.objects.filter(ended_at__lte=now - KEPT_FOR).exclude(note="")
    reasons = ViewRequest.objects.filter(closed_at__lte=now - KEPT_FOR, session__isnull=True)
    forgotten = notes.exclude(incident_id__in=kept.values("incident_id")).update(note="")
    forgotten += reasons.exclude(reason=ERASED_TEXT).update(reason=ERASED_TEXT)
    if forgotten:
        actor = Actor.system("retention")
        record(actor=actor, act="assignment.forget", operation=Operation.ERASURE, detail={"rows": forgotten})
    return forgotten
