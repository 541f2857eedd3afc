"""MAVLink as aircraft send it: what becomes of the messages of a system."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from pymavlink.dialects.v20 import common as dialect

from drones.telemetry.fix import AircraftFix
from drones.telemetry.mavlink import MavlinkReader
from tests.drones.mavlink_peers import NOW, Aircraft, only

UNKNOWN_HEADING = 65535


def test_position_of_the_autopilot_is_a_fix() -> None:
    reader = MavlinkReader()

    (found,) = reader.read(Aircraft(system=42).position(), NOW)

    assert found.system_id == 42
    # 3 m/s north and 4 m/s west are 5 m/s.
    assert found.fix == AircraftFix(
        NOW, 51.79571, -0.08102, height_m=90.5, altitude_m=138.0, heading_deg=271.5, speed_mps=5.0
    )
    assert reader.rejected == 0


def test_packet_of_version_1_is_read_too() -> None:
    message = dialect.MAVLink_global_position_int_message(0, 517_957_100, -810_200, 138_000, 90_500, 0, 0, 0, 9_000)

    assert only(MavlinkReader(), Aircraft().say(message, as_version_1=True)).heading_deg == 90


def test_one_datagram_with_many_packets_brings_every_fix_in_order() -> None:
    aircraft = Aircraft()
    datagram = aircraft.position(hdg=100) + aircraft.heartbeat(is_armed=True) + aircraft.position(hdg=200)

    assert [found.fix.heading_deg for found in MavlinkReader().read(datagram, NOW)] == [1.0, 2.0]


def test_systems_do_not_take_from_each_other() -> None:
    reader = MavlinkReader()
    reader.read(Aircraft(system=1).mount(yaw=0, pitch=-30, roll=0), NOW)

    assert only(reader, Aircraft(system=2).position()).gimbal_pitch_deg is None
    assert only(reader, Aircraft(system=1).position()).gimbal_pitch_deg == -30


def test_position_of_another_part_of_the_system_is_no_fix() -> None:
    assert MavlinkReader().read(Aircraft(component=154).position(), NOW) == []


def test_height_is_above_the_home_before_arming_although_home_moves_in_flight() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()

    before = only(
        reader, aircraft.heartbeat(is_armed=False), aircraft.home(40_000), aircraft.home(48_000), aircraft.position()
    )
    after = only(reader, aircraft.heartbeat(is_armed=True), aircraft.home(100_000), aircraft.position())

    assert before.height_m == after.height_m == 90.0  # 138 m less 48 m


def test_home_that_comes_first_in_flight_is_taken() -> None:
    aircraft = Aircraft()

    fix = only(MavlinkReader(), aircraft.heartbeat(is_armed=True), aircraft.home(38_000), aircraft.position())

    assert fix.height_m == 100.0


def test_heartbeat_of_a_gimbal_does_not_disarm_the_aircraft() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()
    reader.read(aircraft.heartbeat(is_armed=True) + aircraft.home(48_000), NOW)
    reader.read(Aircraft(component=154).heartbeat(is_armed=False) + aircraft.home(0), NOW)

    assert only(reader, aircraft.position()).height_m == 90.0


def test_autopilot_that_starts_again_has_a_new_home_and_clock() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()
    flown = only(
        reader,
        aircraft.heartbeat(is_armed=True),
        aircraft.home(48_000),
        aircraft.clock(NOW, 60_000),
        aircraft.position(time_boot_ms=60_000),
    )
    fresh = only(reader, aircraft.position(time_boot_ms=2_000), at=NOW + timedelta(seconds=9))

    assert (flown.height_m, flown.fixed_at) == (90.0, NOW)
    assert (fresh.height_m, fresh.fixed_at) == (90.5, NOW + timedelta(seconds=9))


def test_time_of_a_fix_is_the_aircraft_s_own_where_it_says_it() -> None:
    aircraft = Aircraft()
    # Booted 60 s before 14:05:20; the position is of 63 s after boot, and comes at 14:05:27.
    clock = aircraft.clock(NOW - timedelta(seconds=7), 60_000)

    fix = only(MavlinkReader(), clock, aircraft.position(time_boot_ms=63_000))

    assert fix.fixed_at == NOW - timedelta(seconds=4)


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2019, 12, 31, tzinfo=UTC)])
def test_clock_that_was_never_set_is_not_taken(moment: datetime) -> None:
    aircraft = Aircraft()

    assert only(MavlinkReader(), aircraft.clock(moment, 0), aircraft.position()).fixed_at == NOW


def test_clock_beyond_all_dates_is_not_taken() -> None:
    aircraft = Aircraft()
    packet = aircraft.say(dialect.MAVLink_system_time_message(2**64 - 1, 0))

    assert only(MavlinkReader(), packet, aircraft.position()).fixed_at == NOW


def test_heading_that_the_position_lacks_is_the_attitude_s_for_two_seconds() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()
    reader.read(aircraft.attitude(-math.pi / 2), NOW)
    position = aircraft.position(hdg=UNKNOWN_HEADING)

    assert only(reader, position, at=NOW + timedelta(seconds=2)).heading_deg == pytest.approx(270)
    assert only(reader, position, at=NOW + timedelta(seconds=2.1)).heading_deg is None


@pytest.mark.parametrize(
    ("flags", "yaw"),
    [
        (32, 40),  # in the frame of the vehicle: from the nose as it is
        (32 | 16, 40),
        (12, 40),  # of an older device: no lock of yaw means from the nose
        (64, 40 - 271.5 + 360),  # in the frame of the Earth: less the heading
        (12 | 16, 40 - 271.5 + 360),
    ],
)
def test_gimbal_device_says_where_the_camera_looks(flags: int, yaw: float) -> None:
    aircraft, gimbal = Aircraft(), Aircraft(component=154)

    fix = only(MavlinkReader(), gimbal.gimbal(yaw=40, pitch=-35, roll=5, flags=flags), aircraft.position())

    assert fix.gimbal_pitch_deg == pytest.approx(-35, abs=0.001)
    assert fix.gimbal_yaw_deg == pytest.approx(yaw, abs=0.001)
    assert fix.gimbal_roll_deg == pytest.approx(5, abs=0.001)


def test_gimbal_from_north_without_a_heading_has_no_yaw() -> None:
    aircraft = Aircraft()
    gimbal = aircraft.gimbal(yaw=40, pitch=-35, roll=0, flags=64)

    fix = only(MavlinkReader(), gimbal, aircraft.position(hdg=UNKNOWN_HEADING))

    assert fix.gimbal_yaw_deg is None
    assert fix.gimbal_pitch_deg == pytest.approx(-35, abs=0.001)


@pytest.mark.parametrize("yaw", [0, 30, -170, 179])
def test_gimbal_straight_down_keeps_its_yaw_and_has_no_roll(yaw: float) -> None:
    aircraft = Aircraft()

    fix = only(MavlinkReader(), aircraft.gimbal(yaw=yaw, pitch=-90, roll=0, flags=32), aircraft.position())

    assert fix.gimbal_pitch_deg == -90
    assert fix.gimbal_yaw_deg == pytest.approx(yaw, abs=0.01)
    assert fix.gimbal_roll_deg == 0


@pytest.mark.parametrize("quaternion", [[0, 0, 0, 0], [math.nan, 0, 0, 0], [1, 1, 1, 1], [math.inf, 0, 0, 0]])
def test_gimbal_that_says_no_turn_is_not_believed(quaternion: list[float]) -> None:
    aircraft = Aircraft()
    message = dialect.MAVLink_gimbal_device_attitude_status_message(0, 0, 0, 32, quaternion, 0, 0, 0, 0)

    assert only(MavlinkReader(), aircraft.say(message), aircraft.position()).gimbal_pitch_deg is None


def test_mount_stands_in_for_a_gimbal_device_that_is_silent() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()
    gimbal = aircraft.gimbal(yaw=0, pitch=-80, roll=0, flags=32)
    mount = aircraft.mount(yaw=12, pitch=-30, roll=1)
    later = NOW + timedelta(seconds=2.1)

    assert only(reader, gimbal, mount, aircraft.position()).gimbal_pitch_deg == pytest.approx(-80, abs=0.001)
    fix = only(reader, mount, aircraft.position(), at=later)
    assert (fix.gimbal_pitch_deg, fix.gimbal_yaw_deg, fix.gimbal_roll_deg) == (-30, 12, 1)
    assert only(reader, aircraft.position(), at=later + timedelta(seconds=2.1)).gimbal_pitch_deg is None


def test_battery_is_the_emptiest_and_the_status_stands_in() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()

    assert only(reader, aircraft.status(80), aircraft.battery(-1), aircraft.position()).battery_percent == 80
    assert only(reader, aircraft.battery(61), aircraft.battery(44, 1), aircraft.position()).battery_percent == 44
    assert only(reader, aircraft.position(), at=NOW + timedelta(seconds=61)).battery_percent is None
