"""What of a fix is believed: the impossible, the late, the future, and the leap."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drones.local_metres import to_degrees
from drones.telemetry.fix import AircraftFix
from drones.telemetry.plausibility import Doubt, JudgedFix, Track

NOW = datetime(2026, 11, 22, 14, 5, 27, tzinfo=UTC)
PLACE = (51.8, -0.2)
FIX = AircraftFix(NOW, *PLACE, height_m=80, altitude_m=150, heading_deg=10, speed_mps=8, gimbal_pitch_deg=-30, zoom=2)


def judged(**changes: Any) -> JudgedFix:
    return Track().judge(replace(FIX, **changes), NOW)


def north(metres: float, seconds: float) -> AircraftFix:
    """The fix so far north of the first one, so long after it."""
    latitude, longitude = to_degrees(PLACE, 0, metres)
    return replace(FIX, latitude=latitude, longitude=longitude, fixed_at=NOW + timedelta(seconds=seconds))


def judge_all(*fixes: AircraftFix) -> list[bool]:
    """Whether each is taken for a leap, all of them received as they were taken."""
    track = Track()
    return [Doubt.LEAP in track.judge(fix, fix.fixed_at).doubts for fix in fixes]


def test_ordinary_fix_is_believed() -> None:
    fix = judged()

    assert fix.doubts == frozenset()
    assert fix.received_at == NOW
    assert fix.has_believable_place
    assert fix.has_believable_view
    assert not fix.is_late


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"latitude": 85.1}, Doubt.NOT_ON_EARTH),
        ({"latitude": -1234.0}, Doubt.NOT_ON_EARTH),
        ({"longitude": 180.1}, Doubt.NOT_ON_EARTH),
        ({"latitude": float("nan")}, Doubt.NOT_ON_EARTH),
        ({"latitude": 0.0, "longitude": 0.0}, Doubt.NO_RECEPTION),
        ({"fixed_at": NOW + timedelta(seconds=5.1)}, Doubt.AHEAD_OF_TIME),
    ],
)
def test_impossible_place_or_time_moves_nobody_and_makes_no_footprint(changes: dict[str, Any], doubt: Doubt) -> None:
    fix = judged(**changes)

    assert fix.doubts == {doubt}
    assert not fix.has_believable_place
    assert not fix.has_believable_view


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"height_m": -501.0}, Doubt.HEIGHT),
        ({"height_m": 10_001.0}, Doubt.HEIGHT),
        ({"altitude_m": 20_001.0}, Doubt.HEIGHT),
        ({"heading_deg": 360.5}, Doubt.HEADING),
        ({"heading_deg": -1.0}, Doubt.HEADING),
        ({"gimbal_pitch_deg": -361.0}, Doubt.GIMBAL),
        ({"gimbal_roll_deg": 1e9}, Doubt.GIMBAL),
        ({"zoom": 0.0}, Doubt.ZOOM),
    ],
)
def test_impossible_angle_or_height_costs_the_footprint_and_not_the_place(
    changes: dict[str, Any], doubt: Doubt
) -> None:
    fix = judged(**changes)

    assert fix.doubts == {doubt}
    assert fix.has_believable_place
    assert not fix.has_believable_view


@pytest.mark.parametrize(
    ("changes", "doubt"), [({"speed_mps": 121.0}, Doubt.SPEED), ({"battery_percent": 101.0}, Doubt.BATTERY)]
)
def test_impossible_speed_or_battery_costs_nothing_else(changes: dict[str, Any], doubt: Doubt) -> None:
    fix = judged(**changes)

    assert fix.doubts == {doubt}
    assert fix.has_believable_view


@pytest.mark.parametrize(("age_s", "is_late"), [(-5, False), (0, False), (10, False), (10.1, True), (3_600, True)])
def test_fix_that_waited_for_a_line_is_late_and_believed(age_s: float, is_late: bool) -> None:
    fix = judged(fixed_at=NOW - timedelta(seconds=age_s))

    assert fix.is_late is is_late
    assert fix.has_believable_place


def test_aircraft_at_its_fastest_does_not_leap() -> None:
    assert judge_all(FIX, north(219, 1), north(450, 3)) == [False, False, False]


def test_fix_further_than_anything_flies_is_a_leap_and_what_follows_the_old_place_is_none() -> None:
    # 100 m and 120 m/s: within one second 220 m.
    assert judge_all(FIX, north(221, 1), north(10, 2)) == [False, True, False]


def test_third_leap_that_agrees_is_believed_and_the_old_place_then_is_the_leap() -> None:
    assert judge_all(FIX, north(50_000, 1), north(50_010, 2), north(50_020, 3), north(0, 4)) == [
        False,
        True,
        True,
        False,
        True,
    ]


def test_leaps_that_disagree_are_never_believed() -> None:
    wild = [north((-1) ** second * 20_000 * second, second) for second in range(1, 9)]

    assert judge_all(FIX, *wild) == [False] + [True] * 8


def test_fixes_of_before_are_judged_by_the_time_between() -> None:
    assert judge_all(north(1_000, 10), north(0, 0), north(-5_000, 5)) == [False, False, True]


def test_impossible_fix_is_no_place_to_leap_from() -> None:
    track = Track()
    track.judge(replace(FIX, latitude=0.0, longitude=0.0), NOW)

    assert track.judge(FIX, NOW).doubts == frozenset()
