"""Where an incident is: the newest fix of whoever called, else of an officer or a drone that is live for it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import OuterRef, Subquery

from streams.models import LiveSession, Position

# Whose fix says best where an incident is, last.
_WORTH: dict[str, int] = {LiveSession.Kind.FLIGHT: 0, LiveSession.Kind.OFFICER: 1, LiveSession.Kind.CALLER: 2}
"""A consultation has no fix."""


def incident_places(incident_ids: Collection[UUID]) -> dict[UUID, Position]:
    """Return the fix that says where each incident is, by one query; those without a position are left out.

    A caller's comes first, a drone's last: what is live for it is on the way, or somewhere around it.
    """
    newest = Position.objects.filter(session_id=OuterRef("pk")).order_by("-fixed_at").values("pk")[:1]
    sessions = LiveSession.objects.filter(incident_id__in=incident_ids).annotate(newest=Subquery(newest))
    fixes = Position.objects.select_related("session").filter(pk__in=sessions.values("newest"))
    found: dict[UUID, Position] = {}
    for fix in sorted(fixes, key=lambda fix: (_WORTH[fix.session.kind], fix.fixed_at)):
        found[fix.session.incident_id] = fix
    return found


def session_place(session_id: UUID) -> Position | None:
    """Return the newest fix of a session."""
    return Position.objects.filter(session_id=session_id).order_by("-fixed_at").first()
