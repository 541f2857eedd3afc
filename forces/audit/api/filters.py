"""What auditors may filter by, read from a query string once and usable in any unit of work."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from forces.audit.models import AuditEntry, Operation, Outcome
from forces.errors import InvalidInput

_TEXTS = ("actor", "act", "object_type", "object_id")
_CHOICES = {"operation": Operation.values, "outcome": Outcome.values}

PARAMETERS = [
    OpenApiParameter("since", OpenApiTypes.DATETIME, description="from this time on, with an offset or Z"),
    OpenApiParameter("until", OpenApiTypes.DATETIME, description="before this time"),
    OpenApiParameter("actor", str, description="the actor's id"),
    OpenApiParameter("act", str, description="for example invitation.send"),
    OpenApiParameter("object_type", str),
    OpenApiParameter("object_id", str, description="the object's id, or a live session's"),
    OpenApiParameter("operation", str, enum=list(Operation.values)),
    OpenApiParameter("outcome", str, enum=list(Outcome.values)),
]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Empty fields do not narrow. `object_id` finds acts on an object and all acts within a live session."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    act: str = ""
    object_type: str = ""
    object_id: str = ""
    operation: str = ""
    outcome: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "EntryFilter":
        """Read a query string; raises InvalidInput for a time or a choice that is none."""
        texts = {name: query.get(name, "") for name in (*_TEXTS, *_CHOICES)}
        for name, values in _CHOICES.items():
            if texts[name] and texts[name] not in values:
                raise InvalidInput(f"{name} is one of {', '.join(values)}.")
        return cls(since=_time(query, "since"), until=_time(query, "until"), **texts)

    def apply(self) -> QuerySet[AuditEntry]:
        """Return the entries of the active force that pass."""
        entries = AuditEntry.objects.all()
        if self.since:
            entries = entries.filter(at__gte=self.since)
        if self.until:
            entries = entries.filter(at__lt=self.until)
        if self.object_id:
            entries = entries.filter(Q(object_id=self.object_id) | Q(session_id=self.object_id))
        exact = {"actor_id": self.actor, "act": self.act, "object_type": self.object_type}
        exact |= {"operation": self.operation, "outcome": self.outcome}
        return entries.filter(**{field: value for field, value in exact.items() if value})

    def as_detail(self) -> dict[str, Any]:
        """Return what was asked for, for the audit of the reading."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def _time(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        # A plus sign that nobody escaped arrives as a space.
        time = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise InvalidInput(f"{name} is a time like 2026-11-22T14:00:00Z.")
    return time
