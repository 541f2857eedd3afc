"""Keys of aircraft: who makes and revokes them, and what opens."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from drones.models import AircraftKey
from drones.services.keys import PREFIX, issue_key, lock_standing_key, revoke_key
from forces.context import ForceRef, Unit, in_force
from forces.errors import NotFound, NotPermitted
from tests.factories.drones import make_aircraft, make_key
from tests.factories.streams import NOW, AuditRows, person

ADMIN = person("force_admin")


@pytest.mark.parametrize("role", ["operator", "supervisor", "officer", "auditor", ""])
def test_other_role_makes_or_revokes_a_key_refused(in_herts: Unit, role: str) -> None:
    make_key()

    with pytest.raises(NotPermitted):
        issue_key(actor=person(role), now=NOW, aircraft_id=make_aircraft().id)
    with pytest.raises(NotPermitted):
        revoke_key(actor=person(role), now=NOW, key_id=AircraftKey.objects.get().pk)
    assert AircraftKey.objects.get().stands


def test_admin_makes_a_key_for_an_aircraft_out_of_service_refused(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        make_key(make_aircraft(is_in_service=False))


def test_admin_revokes_a_key_that_there_is_not_refused(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        revoke_key(actor=ADMIN, now=NOW, key_id=4711)


@pytest.mark.parametrize("key", ["", PREFIX, f"{PREFIX}wrong"])
def test_key_that_nobody_made_opens_nothing(in_herts: Unit, key: str) -> None:
    make_key()

    assert lock_standing_key(key) is None


def test_new_key_opens_and_the_one_before_does_not(in_herts: Unit, audit_rows: AuditRows) -> None:
    aircraft = make_aircraft()
    first, second = make_key(aircraft), make_key(aircraft)

    found = lock_standing_key(second)

    assert lock_standing_key(first) is None
    assert found is not None
    assert found.aircraft == aircraft
    acts = [row["act"] for row in audit_rows() if row["object_type"] == "aircraft_key"]
    assert acts == ["aircraft_key.issue", "aircraft_key.revoke", "aircraft_key.issue"]


def test_revoked_key_opens_nothing_and_is_revoked_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    key = make_key()
    row = AircraftKey.objects.get()

    for _ in range(2):
        revoke_key(actor=ADMIN, now=NOW, key_id=row.pk)

    assert lock_standing_key(key) is None
    assert [entry["act"] for entry in audit_rows()].count("aircraft_key.revoke") == 1


def test_key_opens_at_the_own_force_alone(copy_db: str, herts: ForceRef, beds: ForceRef) -> None:
    key = in_force(herts, make_key)

    assert in_force(beds, lock_standing_key, key) is None
    assert in_force(herts, lock_standing_key, key) is not None


def test_database_holds_one_standing_key_of_an_aircraft(in_herts: Unit) -> None:
    make_key()

    with pytest.raises(IntegrityError), transaction.atomic():
        AircraftKey.objects.create(aircraft=make_aircraft(), key_hash="0" * 64, made_at=NOW)
