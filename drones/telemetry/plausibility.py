"""How far a fix is believed: what is impossible is kept with a reason, and moves nobody on a map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from drones.footprint import LAST_LATITUDE_DEG
from drones.local_metres import to_metres
from drones.telemetry.fix import AircraftFix

LATE = timedelta(seconds=10)
FUTURE_TOLERANCE = timedelta(seconds=5)
FASTEST_MPS = 120.0
# What two good fixes may lie apart without a flight: a receiver that settles.
_SLACK_M = 100.0
_AGREEING_LEAPS = 3
_LOWEST_M, _HIGHEST_M = -500.0, 10_000.0


class Doubt(StrEnum):
    """Why a fix, or a part of it, is not believed; the values are stable."""

    NOT_ON_EARTH = "not_on_earth"
    NO_RECEPTION = "no_reception"
    AHEAD_OF_TIME = "ahead_of_time"
    LEAP = "leap"
    HEIGHT = "height"
    HEADING = "heading"
    SPEED = "speed"
    GIMBAL = "gimbal"
    ZOOM = "zoom"
    BATTERY = "battery"


_OF_PLACE = frozenset({Doubt.NOT_ON_EARTH, Doubt.NO_RECEPTION, Doubt.AHEAD_OF_TIME, Doubt.LEAP})
_OF_VIEW = _OF_PLACE | {Doubt.HEIGHT, Doubt.HEADING, Doubt.GIMBAL, Doubt.ZOOM}


@dataclass(frozen=True, slots=True)
class JudgedFix:
    """A fix with what is thought of it; `is_late` when it waited somewhere for a line."""

    fix: AircraftFix
    received_at: datetime
    is_late: bool
    doubts: frozenset[Doubt]

    @property
    def has_believable_place(self) -> bool:
        """Return whether the aircraft may be shown there."""
        return not self.doubts & _OF_PLACE

    @property
    def has_believable_view(self) -> bool:
        """Return whether a footprint may be drawn of it."""
        return not self.doubts & _OF_VIEW


class Track:
    """Judges the fixes of one aircraft, each by itself and against where the aircraft was believed to be."""

    def __init__(self) -> None:
        """Begin with an aircraft that may be anywhere."""
        self._believed: AircraftFix | None = None
        self._leaps: list[AircraftFix] = []

    def judge(self, fix: AircraftFix, now: datetime) -> JudgedFix:
        """Return the fix with its doubts.

        A leap that later fixes agree with was none: the receiver was wrong before, and is believed from then on.
        """
        doubts = _doubts(fix, now)
        if not doubts & _OF_PLACE:
            if self._is_leap(fix):
                doubts |= {Doubt.LEAP}
            else:
                self._believed, self._leaps = fix, []
        return JudgedFix(fix, now, fix.fixed_at < now - LATE, frozenset(doubts))

    def _is_leap(self, fix: AircraftFix) -> bool:
        if self._believed is None or _is_reachable(self._believed, fix):
            return False
        agreeing = [leap for leap in self._leaps if _is_reachable(leap, fix)]
        self._leaps = [*agreeing, fix][-_AGREEING_LEAPS:]
        return len(agreeing) + 1 < _AGREEING_LEAPS


def _doubts(fix: AircraftFix, now: datetime) -> set[Doubt]:
    """What is wrong with a fix by itself."""
    angles = (fix.gimbal_pitch_deg, fix.gimbal_yaw_deg, fix.gimbal_roll_deg)
    checks = {
        Doubt.NOT_ON_EARTH: not (abs(fix.latitude) <= LAST_LATITUDE_DEG and abs(fix.longitude) <= 180),
        # Receivers that have none say exactly this place, in the Gulf of Guinea.
        Doubt.NO_RECEPTION: fix.latitude == 0 and fix.longitude == 0,
        Doubt.AHEAD_OF_TIME: fix.fixed_at > now + FUTURE_TOLERANCE,
        Doubt.HEIGHT: not (_is_within(fix.height_m, _LOWEST_M, _HIGHEST_M) and _is_altitude(fix.altitude_m)),
        Doubt.HEADING: not _is_within(fix.heading_deg, 0, 360),
        Doubt.SPEED: not _is_within(fix.speed_mps, 0, FASTEST_MPS),
        Doubt.GIMBAL: not all(_is_within(angle, -360, 360) for angle in angles),
        Doubt.ZOOM: not _is_within(fix.zoom, 1, 1_000),
        Doubt.BATTERY: not _is_within(fix.battery_percent, 0, 100),
    }
    return {doubt for doubt, holds in checks.items() if holds}


def _is_within(value: float | None, lowest: float, highest: float) -> bool:
    return value is None or lowest <= value <= highest


def _is_altitude(altitude_m: float | None) -> bool:
    """A place of take-off may lie on a mountain."""
    return _is_within(altitude_m, _LOWEST_M, 2 * _HIGHEST_M)


def _is_reachable(one: AircraftFix, other: AircraftFix) -> bool:
    """Whether an aircraft can have been at both places at their times, in whichever order they came."""
    apart_m = math.hypot(*to_metres((one.latitude, one.longitude), (other.latitude, other.longitude)))
    apart_s = abs((other.fixed_at - one.fixed_at).total_seconds())
    return apart_m <= _SLACK_M + FASTEST_MPS * apart_s
