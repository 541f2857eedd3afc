"""What an aircraft's key opens, and what of it ends when it opens nothing any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from drones.models import AircraftKey, Flight
from drones.services.keys import lock_standing_key
from forces.actors import Actor
from forces.audit.services import record_refusal
from forces.errors import DomainError
from streams.ingest import Ingest, KeyInvalid


class NotInTheAir(DomainError):
    """The key is an aircraft's of which no flight was launched (HTTP 403)."""

    code = "not_in_the_air"
    http_status = 403
    message = "No flight of this aircraft is launched. The control room launches it."


def find_ingest(key: str, now: datetime, request_id: str) -> Ingest:
    """Return the aircraft whose key it is, and the session of its flight; the key's row is locked.

    Raises `KeyInvalid`, and `NotInTheAir` (audited) before the launch and after the landing.
    """
    return ingest_of(lock_standing_key(key), now, request_id)


def ingest_of(row: AircraftKey | None, now: datetime, request_id: str) -> Ingest:
    """Return what a key's locked row opens, None for one that does not stand. Raises as `find_ingest` does."""
    if row is None:
        raise KeyInvalid
    actor = Actor.device(row.aircraft_id, str(row.aircraft), request_id)
    session_id = _find_flying(row.aircraft_id) if row.aircraft.is_in_service else None
    if session_id is None:
        detail = {"aircraft": str(row.aircraft_id)}
        record_refusal(actor=actor, act="key.use", code=NotInTheAir.code, object_type="aircraft_key", detail=detail)
        raise NotInTheAir
    AircraftKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return Ingest(actor, session_id)


def _find_flying(aircraft_id: UUID) -> UUID | None:
    flying = Flight.objects.filter(aircraft_id=aircraft_id, state=Flight.State.FLYING)
    return flying.values_list("session_id", flat=True).first()
