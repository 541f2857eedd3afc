"""Erasing what an incident holds beside its sessions: its group text and its description.

They are kept as long as any session of the incident holds data (an item under a hold keeps its session), and never
shorter than the period after they were written: an incident may have had no session, or be written in long after its
last one.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from evidence.models import SessionErasure
from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.models import Incident, IncidentMessage, LiveSession

INCIDENTS_AT_ONCE = 500
ERASED_TEXT = "[erased]"
"""Stands where a text was that may not be empty."""

_ACTOR = Actor.system("retention")


def erase_incident_texts(before: datetime, now: datetime) -> int:
    """Erase texts that were written at or before `before`, of incidents of which no session holds data any more.

    Who wrote, and when, stays. Returns the number of incidents of which something was erased; repeating it is fine.
    """
    rows = _due(before)[:INCIDENTS_AT_ONCE]
    for incident_id, description in rows.values_list("id", "description"):
        _erase(incident_id, before, now, has_description=bool(description))
    return len(rows)


def _due(before: datetime) -> QuerySet[Incident]:
    holding = LiveSession.objects.filter(incident_id=OuterRef("pk")).exclude(
        id__in=SessionErasure.objects.values("session_id")
    )
    texts = _texts(before).filter(incident_id=OuterRef("pk"))
    has_text = Q(opened_at__lte=before) & ~Q(description="") | Exists(texts)
    return Incident.objects.filter(has_text, ~Exists(holding)).order_by("opened_at", "id")


def _texts(before: datetime) -> QuerySet[IncidentMessage]:
    return IncidentMessage.objects.filter(sent_at__lte=before, erased_at__isnull=True)


def _erase(incident_id: UUID, before: datetime, now: datetime, *, has_description: bool) -> None:
    erased = _texts(before).filter(incident_id=incident_id).update(text=ERASED_TEXT, erased_at=now)
    is_described = has_description and (
        Incident.objects.filter(pk=incident_id, opened_at__lte=before).update(description="") == 1
    )
    record(
        actor=_ACTOR,
        act="incident.erase",
        operation=Operation.ERASURE,
        object_type="incident",
        object_id=incident_id,
        detail={"messages": erased, "description": is_described},
    )
