"""Keys of aircraft: shown once, kept as a digest, one at a time, revocable."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from drones.models import Aircraft, AircraftKey
from forces.accounts.permissions import Permission, require
from forces.accounts.tokens import hash_token
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import NotFound

PREFIX = "sla_"


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key that was just made, and its row's id; `key` is seen this once."""

    id: int
    key: str


def issue_key(*, actor: Actor, now: datetime, aircraft_id: UUID) -> IssuedKey:
    """Make an aircraft's key and return it, the only time it is seen; the one before opens nothing from now on.

    Raises `NotPermitted`, and `NotFound` for an aircraft that is not in service.
    """
    require(actor, Permission.FORCE_CONFIGURE)
    aircraft = Aircraft.objects.select_for_update().filter(pk=aircraft_id, is_in_service=True).first()
    if aircraft is None:
        raise NotFound("There is no such aircraft in service.")
    for former in aircraft.keys.filter(revoked_at__isnull=True):
        _revoke(actor, now, former)
    key = PREFIX + secrets.token_urlsafe(32)
    row = AircraftKey.objects.create(aircraft=aircraft, key_hash=hash_token(key), made_at=now, made_by_name=actor.name)
    _record(actor, "aircraft_key.issue", row)
    return IssuedKey(row.pk, key)


def revoke_key(*, actor: Actor, now: datetime, key_id: int) -> None:
    """Revoke a key; revoking twice changes nothing. Raises `NotPermitted` or `NotFound`."""
    require(actor, Permission.FORCE_CONFIGURE)
    row = AircraftKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise NotFound("There is no such key.")
    if row.stands:
        _revoke(actor, now, row)


def find_standing_key(key: str) -> AircraftKey | None:
    """Return the key's row with its aircraft, or None for one that is unknown or revoked."""
    return AircraftKey.objects.select_related("aircraft").filter(key_hash=hash_token(key), revoked_at=None).first()


def _revoke(actor: Actor, now: datetime, row: AircraftKey) -> None:
    row.revoke(now)
    row.save(update_fields=["revoked_at"])
    _record(actor, "aircraft_key.revoke", row)


def _record(actor: Actor, act: str, row: AircraftKey) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.ACCESS,
        object_type="aircraft_key",
        object_id=row.pk,
        detail={"aircraft": str(row.aircraft_id)},
    )
