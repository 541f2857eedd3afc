"""The control room looks where aircraft in the air are, and what they see."""

from __future__ import annotations

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.live_flights import known_flights
from streams.models import LiveSession
from streams.selectors import Plain


def view_flying(*, actor: Actor) -> list[Plain]:
    """Return the FlightNow of every flight that goes on; audited with their number. Raises `NotPermitted`."""
    require(actor, Permission.SESSION_VIEW)
    flying = LiveSession.objects.filter(kind=LiveSession.Kind.FLIGHT).exclude(state__in=LiveSession.OVER)
    found = known_flights([str(session_id) for session_id in flying.values_list("id", flat=True)])
    if found:
        record(actor=actor, act="telemetry.view", operation=Operation.CONSULTATION, detail={"rows": len(found)})
    return list(found.values())
