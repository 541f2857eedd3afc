"""The ground under a pixel with its error, and the pixel over a place, against cases worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drones.footprint import (
    TYPICAL_ERRORS,
    Camera,
    Footprint,
    GroundPoint,
    Miss,
    Pixel,
    StatedErrors,
    View,
    find_footprint,
    find_ground_point,
    find_pixel,
)
from drones.local_metres import to_degrees, to_metres
from tests.drones.views import AHEAD, CAMERA, CAMERAS, DOWN, MIDDLE, PLACE, SHALLOW, VIEWS, spot_of, spots_of

SHARES = st.floats(0, 1)


def hit(view: View, pixel: Pixel = MIDDLE, errors: StatedErrors = TYPICAL_ERRORS) -> GroundPoint:
    point = find_ground_point(view, CAMERA, pixel, errors)
    assert isinstance(point, GroundPoint)
    return point


def test_ground_point_has_the_grid_reference_of_its_place() -> None:
    # Ordnance Survey's test point TP13: easting 474335.969, northing 262047.755.
    view = replace(DOWN, latitude_deg=52.25160951230, longitude_deg=-0.91248956970)

    point = hit(view)

    assert point.grid is not None
    assert point.grid.reference == "SP 74335 62047"
    assert point.distance_m == pytest.approx(0, abs=0.001)


def test_ground_point_outside_great_britain_has_no_grid_reference() -> None:
    assert hit(replace(DOWN, latitude_deg=48.85, longitude_deg=2.35)).grid is None


@pytest.mark.parametrize(
    ("pixel", "spot"),
    [
        (Pixel(1440, 540), (50, 0)),  # half of the way to the right edge
        (Pixel(960, 0), (0, 50)),
        (Pixel(0, 1080), (-100, -50)),
    ],
)
def test_pixel_straight_down_is_a_share_of_the_rectangle(pixel: Pixel, spot: tuple[float, float]) -> None:
    point = hit(DOWN, pixel)

    assert math.dist(spot_of(point), spot) < 0.001
    assert point.distance_m == pytest.approx(math.hypot(*spot), abs=0.001)


def test_rolled_camera_45_degrees_down_has_the_ground_below_at_its_right_edge() -> None:
    view = replace(AHEAD, gimbal_roll_deg=90)

    # Right in the picture is now (0, -c, -c); forward + right = (0, 0, -2c), straight down.
    assert math.hypot(*spot_of(hit(view, Pixel(1920, 540)))) < 0.001


def test_error_straight_down_is_of_position_and_of_level_both_ways() -> None:
    # Position 3; height and heading move nothing below; a degree ahead and one aside: 100 tan 1 = 1.74551 each.
    # sqrt(9 + 2 * 3.04680) = 3.88505.
    point = hit(DOWN, errors=StatedErrors(3, 5, 3, 1, 1))

    assert point.error_m == pytest.approx(3.88505, abs=0.0001)


def test_error_45_degrees_down_is_the_root_of_the_sum_of_squares() -> None:
    # The point is 100 m ahead. Position 3. Height: 100 * 5 / 100 = 5. Heading: 2 * 100 sin 1.5 = 5.23539.
    # Pitch: 100 / tan 44 - 100 = 3.55303, worse than 100 - 100 / tan 46. Level aside: 100 tan 1 = 1.74551 east and
    # 100 / cos 1 - 100 = 0.01523 north, together 1.74557.
    # sqrt(9 + 25 + 27.40931 + 12.62404 + 3.04703) = 8.77954.
    point = hit(AHEAD, errors=StatedErrors(3, 5, 3, 1, 1))

    assert point.error_m == pytest.approx(8.77954, abs=0.0001)


def test_error_is_not_stated_where_the_horizon_lies_within_it() -> None:
    view = replace(DOWN, gimbal_pitch_deg=-3)  # 100 / tan 3 = 1,908 m away

    assert hit(view, errors=replace(TYPICAL_ERRORS, pitch_deg=2.9)).error_m is not None
    assert hit(view, errors=replace(TYPICAL_ERRORS, pitch_deg=3.1)).error_m is None


@pytest.mark.parametrize(
    ("view", "pixel", "miss"),
    [
        (replace(DOWN, gimbal_pitch_deg=0), MIDDLE, Miss.ABOVE_HORIZON),
        (SHALLOW, Pixel(960, 0), Miss.ABOVE_HORIZON),
        (replace(DOWN, gimbal_pitch_deg=-2.8), MIDDLE, Miss.TOO_FAR),  # 100 / tan 2.8 = 2,045 m
        (DOWN, Pixel(1921, 540), Miss.OUTSIDE_PICTURE),
        (DOWN, Pixel(960, -1), Miss.OUTSIDE_PICTURE),
        (DOWN, Pixel(math.nan, 540), Miss.OUTSIDE_PICTURE),
    ],
)
def test_pixel_without_ground_says_why(view: View, pixel: Pixel, miss: Miss) -> None:
    assert find_ground_point(view, CAMERA, pixel, TYPICAL_ERRORS) is miss


@pytest.mark.parametrize(
    ("spot", "pixel"),
    [
        ((0, 0), (960, 540)),
        ((50, 25), (1440, 270)),  # half to the right, half up
        ((-99.9, -49.9), (0.96, 1078.92)),
        ((100.1, 0), None),
        ((0, 50.1), None),
    ],
)
def test_place_below_the_camera_is_at_its_pixel_or_not_in_view(
    spot: tuple[float, float], pixel: tuple[float, float] | None
) -> None:
    found = find_pixel(DOWN, CAMERA, *to_degrees(PLACE, *spot))

    if pixel is None:
        assert found is None
    else:
        assert found is not None
        assert (found.x_px, found.y_px) == pytest.approx(pixel, abs=0.01)


@pytest.mark.parametrize(
    ("north", "is_in_view"),
    [
        (300.5, False),
        (299.5, True),
        (33.5, True),
        (33, False),
        (-100, False),  # behind the camera
        (-300, False),
    ],
)
def test_place_ahead_is_in_view_between_the_edges_of_the_trapezium(north: float, is_in_view: bool) -> None:
    assert (find_pixel(AHEAD, CAMERA, *to_degrees(PLACE, 0, north)) is not None) == is_in_view


def test_place_beyond_the_reach_is_not_in_view() -> None:
    assert find_pixel(SHALLOW, CAMERA, *to_degrees(PLACE, 0, 1_999)) is not None
    assert find_pixel(SHALLOW, CAMERA, *to_degrees(PLACE, 0, 2_001)) is None


@settings(deadline=None)
@given(VIEWS, CAMERAS, SHARES, SHARES)
def test_ground_under_a_pixel_is_in_view_at_that_pixel(view: View, camera: Camera, right: float, down: float) -> None:
    # A hair inside, for what lies on the very edge may be found just outside.
    pixel = Pixel(1 + right * 1918, 1 + down * 1078)
    point = find_ground_point(view, camera, pixel, TYPICAL_ERRORS)
    assume(isinstance(point, GroundPoint) and point.distance_m < 1_999)
    assert isinstance(point, GroundPoint)

    found = find_pixel(view, camera, point.latitude_deg, point.longitude_deg)

    assert found is not None
    assert (found.x_px, found.y_px) == pytest.approx((pixel.x_px, pixel.y_px), abs=0.01)
    assert _is_inside(view, find_footprint(view, camera), point)


@settings(deadline=None)
@given(st.floats(49, 61), st.floats(-180, 180), st.floats(-3_000, 3_000), st.floats(-3_000, 3_000))
def test_metres_and_degrees_are_each_others_inverse(
    latitude: float, longitude: float, east: float, north: float
) -> None:
    there = to_degrees((latitude, longitude), east, north)

    assert -180 <= there[1] <= 180
    assert to_metres((latitude, longitude), there) == pytest.approx((east, north), abs=1e-6)


def test_degrees_are_as_long_as_on_the_ellipsoid() -> None:
    # At 52 N of WGS 84 a degree of latitude is 111,268 m long, one of longitude 68,678 m.
    assert to_metres((52.0, 0.0), (52.01, 0.0)) == pytest.approx((0, 1112.68), abs=0.02)
    assert to_metres((52.0, 0.0), (52.0, 0.01)) == pytest.approx((686.78, 0), abs=0.02)


def _is_inside(view: View, footprint: Footprint, point: GroundPoint) -> bool:
    """Whether a point is on the right of every edge; arcs are chords, which cut off two metres at most."""
    origin = (view.latitude_deg, view.longitude_deg)
    spots = spots_of(footprint, origin)
    east, north = spot_of(point, origin)
    for (x, y), (next_x, next_y) in zip(spots, spots[1:] + spots[:1], strict=True):
        length = math.hypot(next_x - x, next_y - y)
        if length > 0 and ((next_x - x) * (north - y) - (next_y - y) * (east - x)) / length > 2:
            return False
    return True
