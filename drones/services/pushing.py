"""Who may push by RTMP: asked when it begins, and every few seconds while it goes on.

Who is refused is told to the consoles, as far as it is known for whom they would send; nothing of that is kept.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from drones.models import Aircraft, AircraftKey, Feed, Flight
from drones.services.bridging import PUSH_STANDS
from drones.services.keys import lock_standing_key
from drones.services.secrets import feed_name
from forces.accounts.tokens import hash_token
from forces.dispatch import broadcast_on_commit
from forces.errors import DomainError
from streams.broadcasts import FLIGHTS
from streams.ingest import KeyInvalid
from streams.services.ingest import admit_key, open_by_key
from streams.services.turns import take_turn
from streams.shapes import iso

# A controller with an old key tries every few seconds: one word in ten seconds is enough.
TOLD_PER_MINUTE = 6


class ProtocolOff(DomainError):
    """The aircraft is not set up to send in this way (HTTP 403)."""

    code = "protocol_off"
    http_status = 403
    message = "This aircraft does not send in this way. A force admin ticks how its picture may come."


def admit_push(*, now: datetime, key: str, request_id: str) -> str:
    """Admit the beginning of a push, and return by which name the RTMP server is to know it.

    While another push of the aircraft is passed on, the server refuses this one: the consoles are told.

    Raises `KeyInvalid`, `NotInTheAir` (both audited), `ProtocolOff` or `TooOften`.
    """
    open_by_key(now=now, key=key, request_id=request_id, is_new=True)
    row = lock_standing_key(key)
    if row is None:
        raise KeyInvalid
    _require_rtmp(row.aircraft)
    if _is_pushed(row.aircraft_id, now):
        _tell_refused(now, row.aircraft_id, "second_sender")
    Feed.objects.update_or_create(aircraft=row.aircraft, defaults={"pushed_at": now})
    return feed_name(row)


def keep_push(*, now: datetime, key: str, request_id: str) -> None:
    """Admit that a push goes on. Raises `KeyInvalid`, `NotInTheAir` or `ProtocolOff`: then it is cut."""
    ingest = admit_key(now=now, key=key, request_id=request_id)
    _require_rtmp(Aircraft.objects.get(pk=ingest.actor.id))
    Feed.objects.update_or_create(aircraft_id=ingest.actor.id, defaults={"pushed_at": now})


def _require_rtmp(aircraft: Aircraft) -> None:
    if Aircraft.Protocol.RTMP not in aircraft.protocols:
        raise ProtocolOff


def tell_refused_key(*, now: datetime, key: str, request_id: str) -> None:
    """Tell the consoles that somebody pushes for an aircraft in the air by a key that was revoked, or replaced.

    A key that was never given out is nobody's: nothing is told. Raises `TooOften`.
    """
    row = AircraftKey.objects.filter(key_hash=hash_token(key), revoked_at__isnull=False).first()
    if row is not None:
        take_turn("push.told", str(row.aircraft_id), now=now, per_minute=TOLD_PER_MINUTE)
        _tell_refused(now, row.aircraft_id, "key_revoked")


def _is_pushed(aircraft_id: UUID, now: datetime) -> bool:
    """Whether what somebody pushes is passed on now, as far as the RTMP server and the bridge have said."""
    passing = Feed.objects.filter(aircraft_id=aircraft_id, state=Feed.State.PASSING, protocol=Aircraft.Protocol.RTMP)
    return passing.filter(pushed_at__gt=now - PUSH_STANDS).exists()


def _tell_refused(now: datetime, aircraft_id: UUID, reason: str) -> None:
    flying = Flight.objects.filter(aircraft_id=aircraft_id, state=Flight.State.FLYING).first()
    if flying is not None:
        frame = {"type": "flight.refused", "session_id": str(flying.pk), "at": iso(now), "reason": reason}
        broadcast_on_commit(FLIGHTS, frame)
