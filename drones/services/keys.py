"""Keys of aircraft: shown once, kept as a digest, one at a time, revocable."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from drones.models import Aircraft, AircraftKey, Flight
from drones.services.secrets import srt_passphrase
from drones.services.srt_ports import give_slot, srt_port
from forces.accounts.permissions import Permission, require
from forces.accounts.tokens import hash_token
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.errors import NotFound
from streams.services.publishing import end_session_streams

PREFIX = "sla_"
_SECRET_BYTES = 32
_SECRET_LETTERS = 43
"""Of so many random bytes in base64url."""


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key that was just made, and its row's id; `key` and `srt_passphrase` are seen this once.

    `srt_port` is None for an aircraft that does not send by SRT, or where every port of the force's is taken.
    """

    id: int
    key: str = field(repr=False)
    srt_port: int | None = None
    srt_passphrase: str = field(default="", repr=False)


def issue_key(*, actor: Actor, now: datetime, aircraft_id: UUID) -> IssuedKey:
    """Make an aircraft's key and return it, the only time it is seen; the one before opens nothing from now on.

    A picture that is sent by the one before ends: whoever flies types the new one.

    Raises `NotPermitted`, and `NotFound` for an aircraft that is not in service.
    """
    require(actor, Permission.FORCE_CONFIGURE)
    aircraft = Aircraft.objects.select_for_update().filter(pk=aircraft_id, is_in_service=True).first()
    if aircraft is None:
        raise NotFound("There is no such aircraft in service.")
    for former in AircraftKey.objects.select_for_update().filter(aircraft=aircraft, revoked_at__isnull=True):
        _revoke(actor, now, former)
    key = f"{PREFIX}{current_force().schema}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = AircraftKey.objects.create(aircraft=aircraft, key_hash=hash_token(key), made_at=now, made_by_name=actor.name)
    _record(actor, "aircraft_key.issue", row)
    give_slot(aircraft)
    port = srt_port(aircraft)
    return IssuedKey(row.pk, key, port, srt_passphrase(row) if port else "")


def schema_of(key: str) -> str:
    """Return the force that a key names, "" for what is no key; only the force can tell whether it is one of its."""
    schema, separator = key.removeprefix(PREFIX)[: -_SECRET_LETTERS - 1], key[-_SECRET_LETTERS - 1 : -_SECRET_LETTERS]
    return schema if key.startswith(PREFIX) and separator == "_" else ""


def revoke_key(*, actor: Actor, now: datetime, key_id: int) -> None:
    """Revoke a key, and end what is sent by it; twice changes nothing. Raises `NotPermitted` or `NotFound`."""
    require(actor, Permission.FORCE_CONFIGURE)
    row = AircraftKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise NotFound("There is no such key.")
    if row.stands:
        _revoke(actor, now, row)


def lock_standing_key(key: str) -> AircraftKey | None:
    """Return the key's row with its aircraft, locked, or None for one that is unknown or revoked.

    The key is locked before any session: whoever revokes it meanwhile waits, and then ends what was begun by it.
    """
    rows = AircraftKey.objects.select_related("aircraft").select_for_update(of=("self",))
    return rows.filter(key_hash=hash_token(key), revoked_at=None).first()


def end_sending(*, actor: Actor, now: datetime, aircraft_id: UUID, reason: str) -> None:
    """End what an aircraft sends; its flight goes on. The watchdog gives its place at the media server back."""
    flying = Flight.objects.filter(aircraft_id=aircraft_id, state=Flight.State.FLYING).first()
    if flying is not None:
        end_session_streams(actor=actor, now=now, session_id=flying.session_id, reason=reason)


def _revoke(actor: Actor, now: datetime, row: AircraftKey) -> None:
    row.revoke(now)
    row.save(update_fields=["revoked_at"])
    _record(actor, "aircraft_key.revoke", row)
    end_sending(actor=actor, now=now, aircraft_id=row.aircraft_id, reason="key_revoked")


def _record(actor: Actor, act: str, row: AircraftKey) -> None:
    record(
        actor=actor,
        act=act,
        operation=Operation.ACCESS,
        object_type="aircraft_key",
        object_id=row.pk,
        detail={"aircraft": str(row.aircraft_id)},
    )
