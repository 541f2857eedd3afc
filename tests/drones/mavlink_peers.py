"""An aircraft that speaks MAVLink, by pymavlink's own encoder."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime
from typing import Any

from pymavlink.dialects.v20 import common as dialect

from drones.telemetry.fix import AircraftFix
from drones.telemetry.mavlink import MavlinkReader
from drones.telemetry.mavlink_signing import time_stamp

NOW = datetime(2026, 11, 22, 14, 5, 27, tzinfo=UTC)
KEY = hashlib.sha256(b"a key of the force's own").digest()


class Aircraft:
    """An autopilot, or another part of its system, that encodes what it says."""

    def __init__(self, system: int = 7, component: int = 1, key: bytes | None = None, at: datetime = NOW) -> None:
        self.link = dialect.MAVLink(None, srcSystem=system, srcComponent=component)
        if key is not None:
            self.link.signing.secret_key = key
            self.link.signing.sign_outgoing = True
            self.link.signing.timestamp = time_stamp(at)

    def say(self, message: Any, *, as_version_1: bool = False) -> bytes:
        return bytes(message.pack(self.link, force_mavlink1=as_version_1))

    def position(self, **changes: int) -> bytes:
        values = {"time_boot_ms": 5_000, "lat": 517_957_100, "lon": -810_200, "alt": 138_000, "relative_alt": 90_500}
        values |= {"vx": 300, "vy": -400, "vz": 0, "hdg": 27_150} | changes
        return self.say(dialect.MAVLink_global_position_int_message(**values))

    def heartbeat(self, *, is_armed: bool) -> bytes:
        return self.say(dialect.MAVLink_heartbeat_message(2, 3, 128 if is_armed else 0, 0, 4, 3))

    def home(self, altitude_mm: int) -> bytes:
        place = (517_957_100, -810_200, altitude_mm)
        return self.say(dialect.MAVLink_home_position_message(*place, 0, 0, 0, [1, 0, 0, 0], 0, 0, 0))

    def gimbal(self, *, yaw: float, pitch: float, roll: float, flags: int) -> bytes:
        quaternion = turned(yaw, pitch, roll)
        return self.say(dialect.MAVLink_gimbal_device_attitude_status_message(0, 0, 0, flags, quaternion, 0, 0, 0, 0))

    def mount(self, *, yaw: float, pitch: float, roll: float) -> bytes:
        return self.say(dialect.MAVLink_mount_orientation_message(0, roll, pitch, yaw))

    def attitude(self, yaw_rad: float) -> bytes:
        return self.say(dialect.MAVLink_attitude_message(0, 0, 0, yaw_rad, 0, 0, 0))

    def battery(self, percent: int, number: int = 0) -> bytes:
        return self.say(dialect.MAVLink_battery_status_message(number, 0, 0, 0, [65535] * 10, -1, -1, -1, percent))

    def status(self, percent: int) -> bytes:
        return self.say(dialect.MAVLink_sys_status_message(0, 0, 0, 0, 0, -1, percent, 0, 0, 0, 0, 0, 0))

    def clock(self, moment: datetime, boot_ms: int) -> bytes:
        microseconds = round(moment.timestamp() * 1_000_000)
        return self.say(dialect.MAVLink_system_time_message(microseconds, boot_ms))


def turned(yaw: float, pitch: float, roll: float) -> list[float]:
    """The quaternion of a turn by yaw, then pitch, then roll, as the product of the three."""

    def product(a: list[float], b: list[float]) -> list[float]:
        return [
            a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
            a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
            a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
            a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
        ]

    halves = [math.radians(angle) / 2 for angle in (yaw, pitch, roll)]
    (sy, cy), (sp, cp), (sr, cr) = ((math.sin(half), math.cos(half)) for half in halves)
    return product(product([cy, 0, 0, sy], [cp, 0, sp, 0]), [cr, sr, 0, 0])


def only(reader: MavlinkReader, *packets: bytes, at: datetime = NOW) -> AircraftFix:
    """The one fix that these packets bring."""
    fixes = [found for packet in packets for found in reader.read(packet, at)]
    assert len(fixes) == 1
    return fixes[0].fix
