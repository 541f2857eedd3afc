"""What a camera in the air sees of the ground: its outline, the point under a pixel, the pixel over a point.

The ground is taken as flat and level, `height_m` below the camera. Angles are of a stabilised gimbal, so that pitch
and roll are relative to the horizon, whatever the aircraft's own are. The lens is taken as free of distortion.
Pure geometry: no clock, no database. Internally metres east, north and up from the ground below the aircraft.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from drones.local_metres import to_degrees, to_metres
from drones.outlines import Spot, cut_at_circle
from streams.grid import GridPoint, to_grid

# Beyond it a degree of pitch is a kilometre, and hedges and houses hide the ground.
GREATEST_DISTANCE_M = 2_000.0
LAST_LATITUDE_DEG = 85.0

_Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera at zoom 1: whole angles of view in degrees (0 to 180, exclusive) and the size of its picture.

    The angles are those of the picture as it is sent: a stream cut to 16:9 has a smaller one than the sensor.
    """

    horizontal_fov_deg: float
    vertical_fov_deg: float
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        """Raise `ValueError` for what is no camera."""
        if not (0 < self.horizontal_fov_deg < 180 and 0 < self.vertical_fov_deg < 180):
            raise ValueError("an angle of view lies between 0 and 180 degrees")
        if self.width_px <= 0 or self.height_px <= 0:
            raise ValueError("a picture has a size")


@dataclass(frozen=True, slots=True)
class View:
    """Where a camera is and where it looks.

    Degrees WGS 84; `height_m` above the ground; `heading_deg` of the aircraft's nose, clockwise from true north.
    The gimbal: pitch 0 at the horizon, -90 straight down; yaw clockwise from the nose; roll with the right side down.
    `zoom` multiplies the focal length, so that 2 halves the tangent of half the angle, not the angle.
    """

    latitude_deg: float
    longitude_deg: float
    height_m: float
    heading_deg: float
    gimbal_pitch_deg: float
    gimbal_yaw_deg: float = 0.0
    gimbal_roll_deg: float = 0.0
    zoom: float = 1.0

    def __post_init__(self) -> None:
        """Raise `ValueError` for numbers that are none, latitudes near a pole, and a zoom of nothing."""
        numbers = (self.latitude_deg, self.longitude_deg, self.height_m, self.heading_deg)
        angles = (self.gimbal_pitch_deg, self.gimbal_yaw_deg, self.gimbal_roll_deg, self.zoom)
        if not all(map(math.isfinite, (*numbers, *angles))):
            raise ValueError("a view is made of finite numbers")
        if abs(self.latitude_deg) > LAST_LATITUDE_DEG or self.zoom <= 0:
            raise ValueError("no view from near a pole, and none at zoom 0")


@dataclass(frozen=True, slots=True)
class StatedErrors:
    """How far each measurement may be off, all to the same confidence (95 % by custom); the result has that, too.

    `heading_deg` is of heading and gimbal yaw together; pitch and roll are how far level may be off, ahead and aside.
    `height_m` holds what the ground rises and falls.
    """

    position_m: float
    height_m: float
    heading_deg: float
    pitch_deg: float
    roll_deg: float


# An assumption, for an aircraft of which nothing better is stated: GNSS without correction, a barometer over
# gentle ground, a magnetic compass, a stabilised gimbal.
TYPICAL_ERRORS = StatedErrors(position_m=4.0, height_m=5.0, heading_deg=4.0, pitch_deg=1.0, roll_deg=1.0)


@dataclass(frozen=True, slots=True)
class Pixel:
    """A place in the picture: right and down from its top left corner, to fractions."""

    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class Vertex:
    """A corner of a footprint, degrees WGS 84; `is_cut` where the view goes on beyond it."""

    latitude_deg: float
    longitude_deg: float
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Footprint:
    """The convex outline of the ground in view, clockwise; empty where none is.

    Whatever lies further than `reach_m` from the ground below the aircraft is cut away, along a circle.
    """

    vertices: tuple[Vertex, ...]
    reach_m: float

    @property
    def is_cut(self) -> bool:
        """Return whether the camera sees further than the outline shows: to the horizon, or at least too far."""
        return any(vertex.is_cut for vertex in self.vertices)


class Miss(StrEnum):
    """Why there is no ground point under a pixel; the values are stable."""

    OUTSIDE_PICTURE = "outside_picture"
    NOT_IN_AIR = "not_in_air"
    ABOVE_HORIZON = "above_horizon"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class GroundPoint:
    """A point on the ground: degrees WGS 84, on the National Grid (None outside Great Britain).

    `distance_m` from the ground below the aircraft. `error_m` is None where none can be stated, because the horizon
    lies within what the angles may be off.
    """

    latitude_deg: float
    longitude_deg: float
    grid: GridPoint | None
    distance_m: float
    error_m: float | None


def find_footprint(view: View, camera: Camera, reach_m: float = GREATEST_DISTANCE_M) -> Footprint:
    """Return the outline of what the camera sees of the ground."""
    if view.height_m <= 0:
        return Footprint((), reach_m)
    corners = [_ray(view, camera, across, down) for across, down in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    # Rays above this slope land beyond the reach, so that nothing is lost and no corner lies at infinity.
    slope = min(view.height_m / (2 * reach_m), 0.5)
    ground = [_landing(view, ray) for ray in _keep_below(corners, -slope)]
    vertices = tuple(
        Vertex(*to_degrees(_below(view), *spot), is_cut) for spot, is_cut in cut_at_circle(ground, reach_m)
    )
    return Footprint(vertices, reach_m)


def find_ground_point(
    view: View, camera: Camera, pixel: Pixel, errors: StatedErrors, reach_m: float = GREATEST_DISTANCE_M
) -> GroundPoint | Miss:
    """Return the ground under a pixel with its error, or why there is none."""
    across, down = 2 * pixel.x_px / camera.width_px - 1, 2 * pixel.y_px / camera.height_px - 1
    if not (abs(across) <= 1 and abs(down) <= 1):
        return Miss.OUTSIDE_PICTURE
    if view.height_m <= 0:
        return Miss.NOT_IN_AIR
    ray = _ray(view, camera, across, down)
    if ray[2] >= 0:
        return Miss.ABOVE_HORIZON
    spot = _landing(view, ray)
    distance_m = math.hypot(*spot)
    if distance_m > reach_m:
        return Miss.TOO_FAR
    latitude_deg, longitude_deg = to_degrees(_below(view), *spot)
    grid = to_grid(latitude_deg, longitude_deg)
    return GroundPoint(latitude_deg, longitude_deg, grid, distance_m, _error_m(view, ray, errors))


def find_pixel(
    view: View, camera: Camera, latitude_deg: float, longitude_deg: float, reach_m: float = GREATEST_DISTANCE_M
) -> Pixel | None:
    """Return where in the picture a point of the ground is, or None where it is not in view."""
    east, north = to_metres(_below(view), (latitude_deg, longitude_deg))
    if view.height_m <= 0 or math.hypot(east, north) > reach_m:
        return None
    sight = (east, north, -view.height_m)
    right, down, forward = _axes(view)
    depth = _dot(sight, forward)
    if depth <= 0:
        return None
    half_width, half_height = _half_sizes(view, camera)
    across, along = _dot(sight, right) / depth / half_width, _dot(sight, down) / depth / half_height
    if abs(across) > 1 or abs(along) > 1:
        return None
    return Pixel((across + 1) / 2 * camera.width_px, (along + 1) / 2 * camera.height_px)


def _below(view: View) -> Spot:
    """Latitude and longitude of the ground below the aircraft."""
    return view.latitude_deg, view.longitude_deg


def _axes(view: View) -> tuple[_Vector, _Vector, _Vector]:
    """The directions in which the picture goes right and down, and in which the camera looks; unit vectors."""
    azimuth = math.radians(view.heading_deg + view.gimbal_yaw_deg)
    pitch, roll = math.radians(view.gimbal_pitch_deg), math.radians(view.gimbal_roll_deg)
    sin_a, cos_a, sin_p, cos_p = math.sin(azimuth), math.cos(azimuth), math.sin(pitch), math.cos(pitch)
    forward = (sin_a * cos_p, cos_a * cos_p, sin_p)
    level = (cos_a, -sin_a, 0.0)
    below = (sin_a * sin_p, cos_a * sin_p, -cos_p)
    sin_r, cos_r = math.sin(roll), math.cos(roll)
    right = _sum(_times(cos_r, level), _times(sin_r, below))
    down = _sum(_times(cos_r, below), _times(-sin_r, level))
    return right, down, forward


def _half_sizes(view: View, camera: Camera) -> Spot:
    """Half of the picture's width and height at a distance of 1."""
    return (
        math.tan(math.radians(camera.horizontal_fov_deg) / 2) / view.zoom,
        math.tan(math.radians(camera.vertical_fov_deg) / 2) / view.zoom,
    )


def _ray(view: View, camera: Camera, across: float, down: float) -> _Vector:
    """The direction of a place in the picture, from -1 to 1 each way; never shorter than 1."""
    right, below, forward = _axes(view)
    half_width, half_height = _half_sizes(view, camera)
    return _sum(forward, _sum(_times(across * half_width, right), _times(down * half_height, below)))


def _landing(view: View, ray: _Vector) -> Spot:
    """Where a ray that goes down meets the ground."""
    return view.height_m * ray[0] / -ray[2], view.height_m * ray[1] / -ray[2]


def _error_m(view: View, ray: _Vector, errors: StatedErrors) -> float | None:
    """The root of the sum of squares of what each error alone does to the point, the worse way each."""
    spot = _landing(view, ray)
    total = errors.position_m**2 + (math.hypot(*spot) * errors.height_m / view.height_m) ** 2
    azimuth = math.radians(view.heading_deg + view.gimbal_yaw_deg)
    ahead, aside = (math.sin(azimuth), math.cos(azimuth), 0.0), (math.cos(azimuth), -math.sin(azimuth), 0.0)
    # The level is off about level axes: straight down, too, where a roll about the line of sight would move nothing.
    turns = (((0.0, 0.0, 1.0), errors.heading_deg), (aside, errors.pitch_deg), (ahead, errors.roll_deg))
    for axis, error_deg in turns:
        rays = [_turned(ray, axis, math.radians(way * error_deg)) for way in (-1, 1)]
        if any(turned[2] >= 0 for turned in rays):
            return None
        total += max(math.dist(spot, _landing(view, turned)) for turned in rays) ** 2
    return math.sqrt(total)


def _turned(vector: _Vector, axis: _Vector, angle: float) -> _Vector:
    """A vector turned about an axis of length 1, by radians."""
    (a, b, c), (x, y, z) = axis, vector
    across = (b * z - c * y, c * x - a * z, a * y - b * x)
    along = _times(_dot(axis, vector) * (1 - math.cos(angle)), axis)
    return _sum(_sum(_times(math.cos(angle), vector), _times(math.sin(angle), across)), along)


def _keep_below(corners: Sequence[_Vector], highest: float) -> list[_Vector]:
    """The part of a picture in which rays go down by at least -`highest`: a convex outline cut by a line."""
    kept: list[_Vector] = []
    for ray, following in zip(corners, (*corners[1:], corners[0]), strict=True):
        if ray[2] <= highest:
            kept.append(ray)
        if (ray[2] <= highest) != (following[2] <= highest):
            share = (highest - ray[2]) / (following[2] - ray[2])
            kept.append(_sum(_times(1 - share, ray), _times(share, following)))
    return kept


def _dot(one: _Vector, other: _Vector) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _sum(one: _Vector, other: _Vector) -> _Vector:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _times(factor: float, vector: _Vector) -> _Vector:
    return factor * vector[0], factor * vector[1], factor * vector[2]
