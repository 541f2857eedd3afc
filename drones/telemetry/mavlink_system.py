"""What one MAVLink system has said lately, put together to a fix whenever it says where it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from drones.telemetry.fix import AircraftFix

AUTOPILOT = 1
ANGLES_HOLD = timedelta(seconds=2)
BATTERY_HOLDS = timedelta(seconds=60)

_ARMED = 128  # MAV_MODE_FLAG_SAFETY_ARMED
_YAW_LOCK, _YAW_IN_VEHICLE_FRAME, _YAW_IN_EARTH_FRAME = 16, 32, 64  # GIMBAL_DEVICE_FLAGS
_NO_HEADING = 65535
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A clock that was never set says 1970 or the year of its firmware; one beyond this is none.
_CLOCKS_US = range(1_577_836_800_000_000, 4_102_444_800_000_000)
_REBOOT_MS = 1_000
_STRAIGHT = 0.999_99


@dataclass(frozen=True, slots=True)
class _Gimbal:
    """Degrees; yaw from north if `is_yaw_from_north`, else from the nose."""

    pitch: float
    yaw: float
    roll: float
    is_yaw_from_north: bool
    said_at: datetime


class SystemState:
    """The newest of each message of a system; nothing of it is believed for longer than it holds."""

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self._is_armed = False
        self._home_mm: int | None = None
        self._booted_at: datetime | None = None
        self._newest_boot_ms = 0
        self._heading: tuple[float, datetime] | None = None
        self._gimbal: _Gimbal | None = None
        self._mount: _Gimbal | None = None
        self._batteries: dict[int, tuple[int, datetime]] = {}
        self._battery: tuple[int, datetime] | None = None

    def take(self, message: Any, component: int, now: datetime) -> AircraftFix | None:
        """Take a decoded message of `component`; returns a fix when it was a position of the autopilot."""
        kind = message.get_type()
        if kind == "GLOBAL_POSITION_INT":
            return self._fix(message, now) if component == AUTOPILOT else None
        if kind in _OF_AUTOPILOT and component != AUTOPILOT:
            return None
        _TAKERS[kind](self, message, now)
        return None

    def _take_heartbeat(self, message: Any, now: datetime) -> None:
        self._is_armed = bool(message.base_mode & _ARMED)

    def _take_home(self, message: Any, now: datetime) -> None:
        # In flight a home may move, to a boat say; the place of take-off does not.
        if not self._is_armed or self._home_mm is None:
            self._home_mm = message.altitude

    def _take_time(self, message: Any, now: datetime) -> None:
        if message.time_unix_usec in _CLOCKS_US:
            unix_time = _EPOCH + timedelta(microseconds=message.time_unix_usec)
            self._booted_at = unix_time - timedelta(milliseconds=message.time_boot_ms)

    def _take_attitude(self, message: Any, now: datetime) -> None:
        if math.isfinite(message.yaw):
            self._heading = (math.degrees(message.yaw) % 360, now)

    def _take_gimbal(self, message: Any, now: datetime) -> None:
        angles = _angles_of(message.q)
        if angles is None:
            return
        flags = message.flags
        is_said = flags & (_YAW_IN_VEHICLE_FRAME | _YAW_IN_EARTH_FRAME)
        is_from_north = bool(flags & (_YAW_IN_EARTH_FRAME if is_said else _YAW_LOCK))
        self._gimbal = _Gimbal(*angles, is_from_north, now)

    def _take_mount(self, message: Any, now: datetime) -> None:
        angles = (message.pitch, message.yaw, message.roll)
        if all(map(math.isfinite, angles)):
            self._mount = _Gimbal(*angles, False, now)

    def _take_battery(self, message: Any, now: datetime) -> None:
        if message.battery_remaining >= 0:
            self._batteries[message.id] = (message.battery_remaining, now)

    def _take_status(self, message: Any, now: datetime) -> None:
        if message.battery_remaining >= 0:
            self._battery = (message.battery_remaining, now)

    def _fix(self, message: Any, now: datetime) -> AircraftFix:
        self._note_boot(message.time_boot_ms)
        heading = self._heading_now(message.hdg, now)
        gimbal = self._gimbal_now(now)
        height_mm = message.relative_alt if self._home_mm is None else message.alt - self._home_mm
        return AircraftFix(
            fixed_at=now if self._booted_at is None else self._booted_at + timedelta(milliseconds=message.time_boot_ms),
            latitude=message.lat / 1e7,
            longitude=message.lon / 1e7,
            height_m=height_mm / 1000,
            altitude_m=message.alt / 1000,
            heading_deg=heading,
            speed_mps=math.hypot(message.vx, message.vy) / 100,
            gimbal_pitch_deg=None if gimbal is None else gimbal.pitch,
            gimbal_yaw_deg=None if gimbal is None else _yaw_from_nose(gimbal, heading),
            gimbal_roll_deg=None if gimbal is None else gimbal.roll,
            battery_percent=self._battery_now(now),
        )

    def _note_boot(self, boot_ms: int) -> None:
        """Forget what a restart of the autopilot ends: its clock, and where home was."""
        if boot_ms + _REBOOT_MS < self._newest_boot_ms:
            self._booted_at, self._home_mm, self._newest_boot_ms = None, None, 0
        self._newest_boot_ms = max(self._newest_boot_ms, boot_ms)

    def _heading_now(self, heading_cdeg: int, now: datetime) -> float | None:
        if heading_cdeg != _NO_HEADING:
            return heading_cdeg / 100
        if self._heading is not None and now - self._heading[1] <= ANGLES_HOLD:
            return self._heading[0]
        return None

    def _gimbal_now(self, now: datetime) -> _Gimbal | None:
        said = (gimbal for gimbal in (self._gimbal, self._mount) if gimbal is not None)
        return next((gimbal for gimbal in said if now - gimbal.said_at <= ANGLES_HOLD), None)

    def _battery_now(self, now: datetime) -> float | None:
        fresh = [percent for percent, said_at in self._batteries.values() if now - said_at <= BATTERY_HOLDS]
        if fresh:
            return min(fresh)
        if self._battery is not None and now - self._battery[1] <= BATTERY_HOLDS:
            return self._battery[0]
        return None


_TAKERS: dict[str, Callable[[SystemState, Any, datetime], None]] = {
    "HEARTBEAT": SystemState._take_heartbeat,
    "HOME_POSITION": SystemState._take_home,
    "SYSTEM_TIME": SystemState._take_time,
    "ATTITUDE": SystemState._take_attitude,
    "GIMBAL_DEVICE_ATTITUDE_STATUS": SystemState._take_gimbal,
    "MOUNT_ORIENTATION": SystemState._take_mount,
    "BATTERY_STATUS": SystemState._take_battery,
    "SYS_STATUS": SystemState._take_status,
}
# A gimbal, a camera or a companion has a heartbeat and an attitude of its own.
_OF_AUTOPILOT = frozenset({"HEARTBEAT", "HOME_POSITION", "SYSTEM_TIME", "ATTITUDE", "SYS_STATUS"})
WANTED = frozenset({"GLOBAL_POSITION_INT", *_TAKERS})


def _yaw_from_nose(gimbal: _Gimbal, heading_deg: float | None) -> float | None:
    """Degrees clockwise from the nose, -180 to 180; None where that takes a heading that there is not."""
    if not gimbal.is_yaw_from_north:
        return gimbal.yaw
    return None if heading_deg is None else (gimbal.yaw - heading_deg + 180) % 360 - 180


def _angles_of(quaternion: Sequence[float]) -> tuple[float, float, float] | None:
    """Pitch, yaw and roll in degrees of w, x, y, z (turned by yaw, then pitch, then roll); None for what is no turn."""
    if not all(map(math.isfinite, quaternion)) or not 0.9 < math.hypot(*quaternion) < 1.1:
        return None
    length = math.hypot(*quaternion)
    w, x, y, z = (part / length for part in quaternion)
    sine = 2 * (w * y - z * x)
    if abs(sine) > _STRAIGHT:
        # Straight down yaw and roll turn about the same line: all of it is called yaw.
        return math.copysign(90.0, sine), _half_turned(math.degrees(2 * math.atan2(z, w))), 0.0
    yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    roll = math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    return math.degrees(math.asin(sine)), math.degrees(yaw), math.degrees(roll)


def _half_turned(degrees: float) -> float:
    """Put an angle between -180 and 180."""
    return (degrees + 180) % 360 - 180
