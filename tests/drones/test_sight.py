"""The ground under a click, a place in the picture, and the way of a flight: who may ask, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from drones.local_metres import to_degrees
from drones.services.flights import land_flight
from drones.services.sight import PAGE_POINTS, find_ground, find_in_view, view_track
from drones.telemetry.fix import AircraftFix
from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from streams.services.colleagues import hide_from_officers, show_to_officers
from tests.drones.test_telemetry_kept import FIX, SECOND, flying, keep
from tests.factories.colleagues import send_there
from tests.factories.drones import FlightMade
from tests.factories.media import make_live
from tests.factories.officers import make_on_duty
from tests.factories.streams import NOW, AuditRows, person


def sees(*fixes: AircraftFix, now: Any = NOW, serial: str = "SEES") -> FlightMade:
    """Return a flight that has said this."""
    key, made = flying(serial)
    keep(key, *fixes, now=now)
    return made


def ground(made: FlightMade, across: float = 0.5, down: float = 0.5, **asked: Any) -> dict[str, Any]:
    given = {"actor": person(), "now": NOW, "at": None, **asked}
    return find_ground(session_id=made.flight.session_id, across=across, down=down, **given)


def in_view(made: FlightMade, east_m: float, north_m: float, **asked: Any) -> dict[str, Any]:
    latitude, longitude = to_degrees((FIX.latitude, FIX.longitude), east_m, north_m)
    given = {"actor": person(), "now": NOW, "at": None, **asked}
    return find_in_view(session_id=made.flight.session_id, latitude=latitude, longitude=longitude, **given)


# --- who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["auditor", "force_admin", "officer", "pcso", ""])
def test_role_that_sees_no_pictures_asks_what_is_seen_refused(in_herts: Unit, role: str) -> None:
    made = sees(FIX)

    with pytest.raises(NotPermitted):
        ground(made, actor=person(role))
    with pytest.raises(NotPermitted):
        in_view(made, 0, 0, actor=person(role))


@pytest.mark.parametrize("role", ["officer", "pcso", "force_admin", ""])
def test_role_that_reads_no_flights_reads_its_way_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        view_track(actor=person(role), session_id=sees(FIX).flight.session_id, after=None)


def test_officer_asks_while_the_picture_is_shown_and_no_longer(in_herts: Unit) -> None:
    made = sees(FIX)
    make_live(made)
    officer = make_on_duty("nearby")
    with pytest.raises(NotPermitted):
        ground(made, actor=officer)

    send_there(officer, made.session.incident_id)
    show_to_officers(actor=person(), now=NOW, session_id=made.flight.session_id)
    assert ground(made, actor=officer)["miss"] is None

    hide_from_officers(actor=person(), now=NOW, session_id=made.flight.session_id)
    with pytest.raises(NotPermitted):
        ground(made, actor=officer)


def test_flight_that_is_none_is_unknown(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        find_ground(actor=person(), now=NOW, session_id=uuid4(), at=None, across=0.5, down=0.5)


def test_looks_of_a_minute_are_one_look_in_the_audit(in_herts: Unit, audit_rows: AuditRows) -> None:
    made = sees(FIX)

    ground(made)
    audit_rows()  # as a commit does
    in_view(made, 0, 0)

    assert [row["act"] for row in audit_rows()].count("telemetry.sight") == 1


# --- the ground under a click ---------------------------------------------------------------------------


def test_click_on_the_middle_is_the_ground_below_with_its_error(in_herts: Unit) -> None:
    found = ground(sees(replace(FIX, speed_mps=0)))

    assert (found["miss"], round(found["distance_m"], 3)) == (None, 0)
    assert (found["latitude"], found["longitude"]) == (pytest.approx(FIX.latitude), pytest.approx(FIX.longitude))
    assert found["grid_reference"].startswith("TL ")
    # Straight down from 100 m: 4 m of the receiver and 1 degree of level each way, 100 tan 1 = 1.7455 m.
    assert found["error_m"] == pytest.approx((4**2 + 2 * 1.7455**2) ** 0.5, abs=0.01)


def test_click_on_the_right_edge_lies_72_6_m_south_of_an_aircraft_that_heads_east(in_herts: Unit) -> None:
    found = ground(sees(FIX), across=1)

    assert found["distance_m"] == pytest.approx(72.654, abs=0.01)
    assert (found["latitude"] - FIX.latitude) * 111_260 == pytest.approx(-72.654, abs=0.1)


def test_click_above_the_horizon_and_too_far_away_has_no_ground(in_herts: Unit) -> None:
    made = sees(replace(FIX, gimbal_pitch_deg=0))

    assert ground(made, down=0.4)["miss"] == "above_horizon"
    assert ground(made, down=0.51)["miss"] == "too_far"
    assert ground(made, down=0.51)["grid_reference"] is None


@pytest.mark.parametrize(
    "unsaid", [replace(FIX, height_m=None), replace(FIX, heading_deg=None), replace(FIX, gimbal_pitch_deg=None)]
)
def test_click_without_a_view_has_no_ground(in_herts: Unit, unsaid: AircraftFix) -> None:
    assert ground(sees(unsaid))["miss"] == "no_view"


def test_click_on_a_view_that_is_not_believed_or_is_old_has_no_ground(in_herts: Unit) -> None:
    doubtful, old = sees(replace(FIX, gimbal_pitch_deg=4_000)), sees(FIX, serial="OLD")

    assert ground(doubtful)["miss"] == "no_view"
    assert ground(old, now=NOW + 9 * SECOND)["miss"] is None
    assert ground(old, now=NOW + 11 * SECOND)["miss"] == "no_view"


def test_click_is_judged_by_where_the_camera_looked_when_the_picture_was_taken(in_herts: Unit) -> None:
    later = replace(FIX, fixed_at=NOW + 3 * SECOND, longitude=FIX.longitude + 0.001, speed_mps=10)
    made = sees(FIX, later, now=NOW + 3 * SECOND)

    before = ground(made, at=NOW, now=NOW + 3 * SECOND)
    after = ground(made, at=NOW + 2.5 * SECOND, now=NOW + 3 * SECOND)

    assert before["longitude"] == pytest.approx(FIX.longitude)
    assert after["longitude"] == pytest.approx(FIX.longitude + 0.001)
    # Half a second at 10 m/s between the picture and the fix.
    assert after["error_m"] == pytest.approx(((4 + 5) ** 2 + 2 * 1.7455**2) ** 0.5, abs=0.01)
    assert ground(made, at=NOW + timedelta(minutes=1), now=NOW + timedelta(minutes=1))["miss"] == "no_view"


# --- whether a place is in view -------------------------------------------------------------------------


def test_place_in_view_is_found_in_the_picture(in_herts: Unit) -> None:
    made = sees(FIX)

    below = in_view(made, 0, 0)
    south = in_view(made, 0, -36.327)  # a quarter of the width from the right edge

    assert (below["in_view"], below["across"], below["down"]) == (True, pytest.approx(0.5), pytest.approx(0.5))
    assert (south["in_view"], south["across"]) == (True, pytest.approx(0.75, abs=0.001))


@pytest.mark.parametrize(("east_m", "north_m"), [(0, 80), (50, 0), (0, 3_000)])
def test_place_out_of_view_is_said_to_be(in_herts: Unit, east_m: float, north_m: float) -> None:
    found = in_view(sees(FIX), east_m, north_m)

    assert (found["in_view"], found["across"]) == (False, None)


def test_place_is_neither_in_view_nor_out_of_it_where_the_view_is_not_known(in_herts: Unit) -> None:
    assert in_view(sees(replace(FIX, height_m=None)), 0, 0)["in_view"] is None


# --- the way of a flight --------------------------------------------------------------------------------


def test_way_of_a_flight_is_read_in_pages_after_it_has_landed(in_herts: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drones.services.sight.PAGE_POINTS", 2)
    made = sees(*(replace(FIX, fixed_at=NOW + number * SECOND) for number in range(5)), now=NOW + 5 * SECOND)
    land_flight(actor=person(), now=NOW + 6 * SECOND, session_id=made.flight.session_id)

    found: list[dict[str, Any]] = []
    after: datetime | None = None
    for _ in range(3):
        page = view_track(actor=person("auditor"), session_id=made.flight.session_id, after=after)
        found += page["points"]
        after = datetime.fromisoformat(page["next"]) if page["next"] else None

    assert PAGE_POINTS == 2_000
    assert after is None
    assert [point["fixed_at"][17:19] for point in found] == [f"{(NOW + n * SECOND):%S}" for n in range(5)]
    assert all(len(point["outline"]) == 4 for point in found)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("ground", {"across": 1.1, "down": 0}),
        ("ground", {"across": 0.5}),
        ("in-view", {"latitude": 89, "longitude": 0}),
        ("in-view", {"latitude": "x", "longitude": 0}),
    ],
)
def test_question_that_has_no_shape_is_refused(
    in_herts: Unit, force_client: Callable[..., Client], path: str, body: dict[str, Any]
) -> None:
    made = sees(FIX)

    answered = force_client("operator").post(
        f"/api/v1/flights/{made.flight.session_id}/{path}/", body, content_type="application/json"
    )

    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_input")
