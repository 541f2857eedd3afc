"""Telemetry of a flight: whose key is taken, what is kept and told of it, and until when it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from drones.models import Aircraft, AircraftKey, AircraftPoint, TelemetryPolicy
from drones.services.flights import land_flight
from drones.services.keys import revoke_key
from drones.services.telemetry import MESSAGES_PER_MINUTE, Batch, Message, keep_telemetry, list_flying_keys
from drones.services.telemetry_retention import erase_telemetry
from drones.telemetry.fix import AircraftFix
from drones.telemetry.plausibility import Track
from evidence.parts import export_session, registered_parts
from forces.accounts.tokens import hash_token
from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotPermitted
from streams.models import Position
from streams.services.colleagues import show_to_officers
from streams.services.flight_map import view_flying
from tests.factories.colleagues import send_there
from tests.factories.drones import FlightMade, make_aircraft, make_flying, make_key, make_pilot, make_planned
from tests.factories.media import make_live
from tests.factories.officers import make_on_duty
from tests.factories.recordings import register
from tests.factories.streams import NOW, AuditRows, person

SECOND = timedelta(seconds=1)
FIX = AircraftFix(
    NOW, 51.7957, -0.081, height_m=100, altitude_m=170, heading_deg=90, gimbal_pitch_deg=-90, battery_percent=71
)


def flying(serial: str = "1581F5FHD23") -> tuple[str, FlightMade]:
    """Return the key and the flight of an aircraft that is in the air."""
    aircraft = make_aircraft(serial)
    return make_key(aircraft), make_flying(aircraft, make_pilot(f"pilot-{serial.lower()}"))


def keep(key: str, *fixes: AircraftFix, now: Any = NOW, track: Track | None = None) -> Batch:
    """Keep one message, judged by one track."""
    tracks = track or Track()
    message = Message(hash_token(key), "r1", fixes or (FIX,))
    return keep_telemetry(now=now, messages=[message], find_track=lambda session_id: tracks)


def code_of(batch: Batch) -> str:
    error = batch.answers[0].error
    return "" if error is None else error.code


# --- who is refused -------------------------------------------------------------------------------------


def test_wrong_key_is_refused_audited_once_a_minute_and_changes_nothing(in_herts: Unit) -> None:
    flying()
    wrong = f"sla_{uuid4()}"  # refusals are counted beyond this test

    assert [code_of(keep(wrong)), code_of(keep(wrong))] == ["key_invalid"] * 2

    assert not AircraftPoint.objects.exists()
    assert len(in_herts.refusals) == 1
    assert wrong not in str(in_herts.refusals)


def test_revoked_key_is_refused(in_herts: Unit) -> None:
    key, _ = flying()
    revoke_key(actor=person("force_admin"), now=NOW, key_id=AircraftKey.objects.get().pk)

    assert code_of(keep(key)) == "key_invalid"
    assert not AircraftPoint.objects.exists()


@pytest.mark.parametrize("why", ["planned", "landed", "withdrawn"])
def test_aircraft_that_is_not_in_the_air_is_refused(in_herts: Unit, why: str) -> None:
    aircraft = make_aircraft("GROUND")
    key = make_key(aircraft)
    made = make_planned(aircraft) if why == "planned" else make_flying(aircraft)
    if why == "landed":
        land_flight(actor=person(), now=NOW, session_id=made.flight.session_id)
    if why == "withdrawn":
        Aircraft.objects.update(is_in_service=False)

    assert code_of(keep(key)) == "not_in_the_air"
    assert list_flying_keys() == []
    assert not AircraftPoint.objects.exists()


def test_aircraft_that_floods_is_refused_and_others_are_not(in_herts: Unit) -> None:
    key, _ = flying("FLOODS")
    other, _ = flying("OTHER")
    messages = [Message(hash_token(key), "", [FIX])] * (MESSAGES_PER_MINUTE + 1)

    batch = keep_telemetry(
        now=NOW, messages=[*messages, Message(hash_token(other), "", [FIX])], find_track=lambda session_id: Track()
    )

    codes = [answer.error.code if answer.error else "" for answer in batch.answers]
    assert codes == [*[""] * MESSAGES_PER_MINUTE, "rate_limited", ""]


def test_message_that_is_too_old_is_refused_and_of_a_mixed_one_the_old_fixes_alone(in_herts: Unit) -> None:
    key, made = flying()
    before_launch = replace(FIX, fixed_at=NOW - timedelta(minutes=5))

    assert code_of(keep(key, before_launch)) == "fix_too_old"
    late = NOW + timedelta(hours=2)
    assert code_of(keep(key, FIX, now=late)) == "fix_too_old"
    mixed = keep(key, before_launch, FIX)

    assert (mixed.answers[0].kept, mixed.answers[0].refused) == (1, 1)
    assert AircraftPoint.objects.get().session_id == made.flight.session_id


@pytest.mark.parametrize("role", ["officer", "pcso", "auditor", "force_admin"])
def test_role_outside_of_the_control_room_looks_where_aircraft_are_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        view_flying(actor=person(role))


# --- what is kept and told ------------------------------------------------------------------------------


def test_fix_is_kept_with_its_flight_and_the_outline_that_was_shown(in_herts: Unit, audit_rows: AuditRows) -> None:
    key, made = flying()

    batch = keep(key)

    row = AircraftPoint.objects.get()
    assert (row.session_id, row.fixed_at, row.height_m, row.battery_percent) == (made.flight.session_id, NOW, 100, 71)
    assert (row.is_late, row.doubts, row.zoom) == (False, "", None)
    # Straight down from 100 m with 72 by 44 degrees: 145.3 m by 80.8 m of ground, its longer side north to south.
    assert row.outline is not None
    assert len(row.outline) == 4
    latitudes = [corner[0] for corner in row.outline]
    assert (max(latitudes) - min(latitudes)) * 111_260 == pytest.approx(145.3, abs=0.5)
    shown = batch.flights[str(made.flight.session_id)]
    assert (shown["outline"], shown["doubts"], shown["altitude_m"]) == (row.outline, [], 170)
    assert [row["act"] for row in audit_rows() if row["act"].startswith("telemetry")] == ["telemetry.collect"]


def test_same_fix_again_is_kept_once_and_acknowledged(in_herts: Unit) -> None:
    key, _ = flying()

    assert [keep(key).answers[0].kept, keep(key).answers[0].kept] == [1, 1]
    assert AircraftPoint.objects.count() == 1


def test_impossible_fix_is_kept_with_its_reason_moves_nobody_and_is_told(in_herts: Unit) -> None:
    key, made = flying()

    batch = keep(key, replace(FIX, latitude=0, longitude=0))

    assert AircraftPoint.objects.get().doubts == "no_reception"
    assert (batch.flights, batch.positions) == ({}, {})
    assert batch.doubtful[0]["reasons"] == ["no_reception"]
    assert not Position.objects.exists()
    assert batch.doubtful[0]["session_id"] == str(made.flight.session_id)


def test_doubtful_gimbal_moves_the_aircraft_and_draws_no_outline(in_herts: Unit) -> None:
    key, made = flying()

    shown = keep(key, replace(FIX, gimbal_pitch_deg=4_000)).flights[str(made.flight.session_id)]

    assert (shown["outline"], shown["doubts"]) == (None, ["gimbal"])


def test_late_fix_is_part_of_the_trail_and_is_not_where_the_aircraft_is(in_herts: Unit) -> None:
    key, made = flying()
    now = NOW + 60 * SECOND

    batch = keep(key, *(replace(FIX, fixed_at=NOW + number * SECOND) for number in range(3)), now=now)

    assert batch.flights == {}
    assert len(batch.positions[made.flight.session_id]) == 3
    assert set(AircraftPoint.objects.values_list("is_late", flat=True)) == {True}


def test_position_of_the_session_is_kept_once_a_second(in_herts: Unit) -> None:
    key, made = flying()
    fixes = [replace(FIX, fixed_at=NOW + number * SECOND / 4) for number in range(12)]

    keep(key, *fixes, now=NOW + 3 * SECOND)
    keep(key, *fixes, now=NOW + 3 * SECOND)

    kept = Position.objects.filter(session_id=made.flight.session_id).order_by("fixed_at")
    assert [(row.fixed_at - NOW).total_seconds() for row in kept] == [0, 1, 2]
    assert kept[0].grid_reference.startswith("TL ")
    assert AircraftPoint.objects.count() == 12


def test_officers_on_the_incident_are_told_while_the_picture_is_shown_to_them(in_herts: Unit) -> None:
    key, made = flying()
    make_live(made)
    officer = make_on_duty("nearby")
    send_there(officer, made.session.incident_id)

    assert keep(key).officers == {}
    show_to_officers(actor=person(), now=NOW, session_id=made.flight.session_id)
    batch = keep(key, replace(FIX, fixed_at=NOW + SECOND), now=NOW + SECOND)

    assert batch.officers == {str(made.flight.session_id): [officer.id]}


# --- how long it is kept --------------------------------------------------------------------------------


def keep_days(days: int) -> None:
    TelemetryPolicy.objects.update(keep_days=days)


def erase(days: int) -> int:
    """Erase what is due after so many days; returns what is left."""
    while erase_telemetry(actor=Actor.system("retention"), now=NOW + timedelta(days=days)):
        pass
    return AircraftPoint.objects.count()


def test_telemetry_goes_after_the_forces_days_and_leaves_its_number_in_the_audit(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    key, _ = flying()
    keep(key)
    keep_days(7)

    assert (erase(6), erase(8)) == (1, 0)
    row = next(row for row in audit_rows() if row["act"] == "telemetry.erase")
    assert row["detail"]["rows"] == 1


def test_telemetry_stays_while_anything_of_its_flight_is_kept_as_evidence(in_herts: Unit) -> None:
    key, made = flying()
    keep(key)
    register(make_live(made))
    keep_days(7)

    assert erase(300) == 1


def test_telemetry_is_erased_and_exported_with_its_session(in_herts: Unit) -> None:
    key, made = flying()
    keep(key)
    session_id: UUID = made.flight.session_id

    exported = export_session(session_id)["drones.aircraftpoint"]
    assert json.dumps(exported)
    assert exported[0]["latitude"] == 51.7957
    part = next(part for part in registered_parts() if part.kind == "drones.aircraftpoint")
    assert (part.erase(session_id, NOW), part.erase(session_id, NOW)) == (1, 0)
