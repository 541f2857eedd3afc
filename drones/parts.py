"""What drones tell the apps below them: what they keep of a session, what their keys open, that they hear of ends."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from drones.models import AircraftPoint, Flight
from drones.services.bridging import BRIDGE_PREFIX, find_bridge_ingest
from drones.services.flights import note_session_over
from drones.services.ingest import find_ingest
from drones.services.keys import PREFIX
from evidence.parts import Part, register_part
from streams.endings import register_ending
from streams.ingest import register_keys
from streams.services.incident_erasure import ERASED_TEXT


def register() -> None:
    """Register it; called once, when the app is ready."""
    register_part(Part(AircraftPoint._meta.label_lower, erase=_erase_points, export=_export_points))
    register_part(Part(Flight._meta.label_lower, erase=_erase_flight, export=_export_flight))
    register_ending(note_session_over)
    register_keys(PREFIX, find_ingest)
    register_keys(BRIDGE_PREFIX, find_bridge_ingest)


def _erase_flight(session_id: UUID, now: datetime) -> int:
    """Forget what it was for; that it was, of which aircraft, who flew it, by what law and when, stays in the log."""
    return Flight.objects.filter(pk=session_id).update(purpose=ERASED_TEXT)


def _erase_points(session_id: UUID, now: datetime) -> int:
    erased, _ = AircraftPoint.objects.filter(session_id=session_id).delete()
    return erased


def _export_flight(session_id: UUID) -> list[dict[str, Any]]:
    return _as_json(Flight.objects.filter(pk=session_id).values())


def _export_points(session_id: UUID) -> list[dict[str, Any]]:
    return _as_json(AircraftPoint.objects.filter(session_id=session_id).order_by("fixed_at").values())


def _as_json(rows: Iterable[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(json.dumps(list(rows), cls=DjangoJSONEncoder))
    return found
