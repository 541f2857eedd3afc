"""Who may push by RTMP: asked when it begins, and every few seconds while it goes on."""

from __future__ import annotations

from datetime import datetime

from drones.models import Aircraft, Feed
from drones.services.keys import lock_standing_key
from drones.services.secrets import feed_name
from forces.errors import DomainError
from streams.ingest import KeyInvalid
from streams.services.ingest import admit_key, open_by_key


class ProtocolOff(DomainError):
    """The aircraft is not set up to send in this way (HTTP 403)."""

    code = "protocol_off"
    http_status = 403
    message = "This aircraft does not send in this way. A force admin ticks how its picture may come."


def admit_push(*, now: datetime, key: str, request_id: str) -> str:
    """Admit the beginning of a push, and return by which name the RTMP server is to know it.

    Raises `KeyInvalid`, `NotInTheAir` (both audited), `ProtocolOff` or `TooOften`.
    """
    open_by_key(now=now, key=key, request_id=request_id, is_new=True)
    row = lock_standing_key(key)
    if row is None:
        raise KeyInvalid
    _require_rtmp(row.aircraft)
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
