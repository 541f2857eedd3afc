"""How long telemetry is kept: with what was recorded of its flight, or else for the days that the force chose."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from drones.models import AircraftPoint, Flight
from drones.selectors import find_telemetry_policy
from evidence.selectors import kept_sessions
from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.shapes import iso

# A batch is one transaction: short enough to hold nobody up, and one that is cut off is begun again.
POINTS_AT_ONCE = 20_000


def erase_telemetry(*, actor: Actor, now: datetime) -> bool:
    """Erase a batch of telemetry whose time is over; returns whether there may be more.

    While anything of its flight is kept as evidence, held or not, it stays, and goes with the session.
    """
    before = now - timedelta(days=find_telemetry_policy().keep_days)
    has_points = Exists(AircraftPoint.objects.filter(session_id=OuterRef("pk")).order_by())
    # By flights: what is kept for years must not be gone through every hour.
    flights = Flight.objects.filter(has_points, launched_at__lt=before).exclude(pk__in=kept_sessions()).order_by()
    due = AircraftPoint.objects.filter(received_at__lt=before, session_id__in=flights.values("pk")).order_by()
    erased, _ = AircraftPoint.objects.filter(pk__in=due.values("pk")[:POINTS_AT_ONCE]).delete()
    if erased:
        detail = {"rows": erased, "before": iso(before)}
        record(
            actor=actor,
            act="telemetry.erase",
            operation=Operation.ERASURE,
            object_type="aircraft_point",
            detail=detail,
        )
    return erased == POINTS_AT_ONCE
