"""What a camera in the air sees of flat ground, against cases worked out by hand.

`CAMERA` has half a picture's width as wide as far (tan 45 = 1), and half its height half of that (tan 26.565 = 0.5).
So from 100 m straight down it sees 100 m to each side, and 50 m ahead and behind.
"""

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

CAMERA = Camera(90.0, 2 * math.degrees(math.atan(0.5)), 1920, 1080)
MIDDLE = Pixel(960, 540)
PLACE = (51.8, -0.2)
DOWN = View(*PLACE, height_m=100, heading_deg=0, gimbal_pitch_deg=-90)
AHEAD = replace(DOWN, gimbal_pitch_deg=-45)  # 45 degrees down, to the north
SHALLOW = replace(DOWN, gimbal_pitch_deg=-10)

VIEWS = st.builds(
    View,
    latitude_deg=st.floats(49, 61),
    longitude_deg=st.floats(-8, 2),
    height_m=st.floats(1, 500),
    heading_deg=st.floats(0, 360),
    gimbal_pitch_deg=st.floats(-90, 30),
    gimbal_yaw_deg=st.floats(-180, 180),
    gimbal_roll_deg=st.floats(-60, 60),
    zoom=st.floats(1, 30),
)
CAMERAS = st.builds(Camera, st.floats(20, 120), st.floats(15, 100), st.just(1920), st.just(1080))
SHARES = st.floats(0, 1)


def _metres(footprint: Footprint) -> list[tuple[float, float]]:
    return [to_metres(PLACE, (vertex.latitude_deg, vertex.longitude_deg)) for vertex in footprint.vertices]


def _hit(view: View, pixel: Pixel = MIDDLE, errors: StatedErrors = TYPICAL_ERRORS) -> GroundPoint:
    point = find_ground_point(view, CAMERA, pixel, errors)
    assert isinstance(point, GroundPoint)
    return point


def _spot(point: GroundPoint) -> tuple[float, float]:
    return to_metres(PLACE, (point.latitude_deg, point.longitude_deg))


def _is_close(spots: list[tuple[float, float]], expected: list[tuple[float, float]]) -> bool:
    return len(spots) == len(expected) and all(
        math.dist(spot, place) < 0.001 for spot, place in zip(spots, expected, strict=True)
    )


def test_camera_straight_down_sees_a_rectangle_with_the_nose_at_its_top() -> None:
    footprint = find_footprint(DOWN, CAMERA)

    # From the picture's top left corner, clockwise.
    assert _is_close(_metres(footprint), [(-100, 50), (100, 50), (100, -50), (-100, -50)])
    assert not footprint.is_cut


def test_camera_45_degrees_down_sees_a_trapezium() -> None:
    # Forward is (0, c, -c) and down in the picture (0, -c, -c), with c = 0.7071.
    # Top:    forward - down / 2 = (0, 1.5 c, -0.5 c): north 100 * 3 = 300, aside 100 / (0.5 c) = 282.843.
    # Bottom: forward + down / 2 = (0, 0.5 c, -1.5 c): north 100 / 3 = 33.333, aside 100 / (1.5 c) = 94.281.
    expected = [(-282.8427, 300), (282.8427, 300), (94.2809, 33.3333), (-94.2809, 33.3333)]

    assert _is_close(_metres(find_footprint(AHEAD, CAMERA)), expected)


@pytest.mark.parametrize(("heading", "yaw"), [(90, 0), (0, 90), (180, -90), (450, 0)])
def test_camera_that_looks_east_sees_what_north_would_be_turned_right(heading: float, yaw: float) -> None:
    view = replace(AHEAD, heading_deg=heading, gimbal_yaw_deg=yaw)

    # North becomes east, west becomes north.
    expected = [(300, 282.8427), (300, -282.8427), (33.3333, -94.2809), (33.3333, 94.2809)]
    assert _is_close(_metres(find_footprint(view, CAMERA)), expected)


def test_rolled_camera_straight_down_turns_its_rectangle() -> None:
    view = replace(DOWN, gimbal_roll_deg=90)

    # The right side goes down, so that right in the picture is behind (south), and its top is to the right (east).
    assert _is_close(_metres(find_footprint(view, CAMERA)), [(50, 100), (50, -100), (-50, -100), (-50, 100)])


def test_rolled_camera_45_degrees_down_has_the_ground_below_at_its_right_edge() -> None:
    view = replace(AHEAD, gimbal_roll_deg=90)

    # Right in the picture is now (0, -c, -c); forward + right = (0, 0, -2c), straight down.
    assert math.hypot(*_spot(_hit(view, Pixel(1920, 540)))) < 0.001


def test_zoom_halves_what_is_seen() -> None:
    footprint = find_footprint(replace(DOWN, zoom=2), CAMERA)

    assert _is_close(_metres(footprint), [(-50, 25), (50, 25), (50, -25), (-50, -25)])


def test_horizon_in_the_picture_cuts_the_outline_at_the_reach_and_says_so() -> None:
    footprint = find_footprint(SHALLOW, CAMERA)
    spots = _metres(footprint)

    # The lower corners: forward (0, 0.98481, -0.17365), down (0, -0.17365, -0.98481), so the bottom is
    # (0, 0.89798, -0.66605): north 134.822, aside 100 / 0.66605 = 150.138.
    assert _is_close(spots[-3:-1], [(150.1384, 134.8218), (-150.1384, 134.8218)])
    # Each side edge runs to the horizon along (1, 1 / cos 10 = 1.01543): from the lower right corner that meets the
    # circle of 2,000 m where (150.138 + t)^2 + (134.822 + 1.01543 t)^2 = 2000^2, at t = 1261.998.
    assert math.dist(spots[-1], (-1412.136, 1416.288)) < 0.01
    assert math.dist(spots[-4], (1412.136, 1416.288)) < 0.01
    far = [spot for spot, vertex in zip(spots, footprint.vertices, strict=True) if vertex.is_cut]
    assert len(far) == len(spots) - 2
    assert all(math.hypot(*spot) == pytest.approx(2_000, abs=0.01) for spot in far)
    assert footprint.is_cut
    assert footprint.reach_m == 2_000


@pytest.mark.parametrize(
    "pitch",
    [
        40,  # the lower edge looks up by 40 - 26.565 degrees
        25.565,  # the lower edge looks down by 1 degree: the ground is 100 / tan 1 = 5,729 m away
    ],
)
def test_camera_above_the_horizon_or_just_below_sees_no_ground_within_reach(pitch: float) -> None:
    assert find_footprint(replace(DOWN, gimbal_pitch_deg=pitch), CAMERA) == Footprint((), 2_000)


def test_camera_higher_than_its_reach_sees_a_circle_without_what_its_picture_leaves_out() -> None:
    # From 3,000 m: 3,000 m aside and 1,500 m ahead. The circle meets the picture's top at sqrt(2000^2 - 1500^2).
    footprint = find_footprint(replace(DOWN, height_m=3_000), CAMERA)
    norths = [north for _, north in _metres(footprint)]

    assert max(norths) == pytest.approx(1_500, abs=0.001)
    assert min(norths) == pytest.approx(-1_500, abs=0.001)
    assert any(math.dist(spot, (1322.876, 1500)) < 0.001 for spot in _metres(footprint))


def test_picture_wider_than_the_reach_leaves_the_whole_circle() -> None:
    footprint = find_footprint(replace(DOWN, height_m=5_000), CAMERA)

    assert len(footprint.vertices) == 72
    assert all(math.hypot(*spot) == pytest.approx(2_000, abs=0.001) for spot in _metres(footprint))
    assert all(vertex.is_cut for vertex in footprint.vertices)


def test_aircraft_on_the_ground_sees_nothing() -> None:
    view = replace(DOWN, height_m=0)

    assert find_footprint(view, CAMERA).vertices == ()
    assert find_ground_point(view, CAMERA, MIDDLE, TYPICAL_ERRORS) is Miss.NOT_IN_AIR
    assert find_pixel(view, CAMERA, *PLACE) is None


def test_ground_point_has_the_grid_reference_of_its_place() -> None:
    # Ordnance Survey's test point TP13: easting 474335.969, northing 262047.755.
    view = replace(DOWN, latitude_deg=52.25160951230, longitude_deg=-0.91248956970)

    point = _hit(view)

    assert point.grid is not None
    assert point.grid.reference == "SP 74335 62047"
    assert point.distance_m == pytest.approx(0, abs=0.001)


def test_ground_point_outside_great_britain_has_no_grid_reference() -> None:
    assert _hit(replace(DOWN, latitude_deg=48.85, longitude_deg=2.35)).grid is None


@pytest.mark.parametrize(
    ("pixel", "spot"),
    [
        (Pixel(1440, 540), (50, 0)),  # half of the way to the right edge
        (Pixel(960, 0), (0, 50)),
        (Pixel(0, 1080), (-100, -50)),
    ],
)
def test_pixel_straight_down_is_a_share_of_the_rectangle(pixel: Pixel, spot: tuple[float, float]) -> None:
    point = _hit(DOWN, pixel)

    assert math.dist(_spot(point), spot) < 0.001
    assert point.distance_m == pytest.approx(math.hypot(*spot), abs=0.001)


def test_error_straight_down_is_of_position_and_of_level_both_ways() -> None:
    # Position 3; height and heading move nothing below; a degree ahead and one aside: 100 tan 1 = 1.74551 each.
    # sqrt(9 + 2 * 3.04680) = 3.88505.
    point = _hit(DOWN, errors=StatedErrors(3, 5, 3, 1, 1))

    assert point.error_m == pytest.approx(3.88505, abs=0.0001)


def test_error_45_degrees_down_is_the_root_of_the_sum_of_squares() -> None:
    # The point is 100 m ahead. Position 3. Height: 100 * 5 / 100 = 5. Heading: 2 * 100 sin 1.5 = 5.23539.
    # Pitch: 100 / tan 44 - 100 = 3.55303, worse than 100 - 100 / tan 46. Level aside: 100 tan 1 = 1.74551 east and
    # 100 / cos 1 - 100 = 0.01523 north, together 1.74557.
    # sqrt(9 + 25 + 27.40931 + 12.62404 + 3.04703) = 8.77954.
    point = _hit(AHEAD, errors=StatedErrors(3, 5, 3, 1, 1))

    assert point.error_m == pytest.approx(8.77954, abs=0.0001)


def test_error_is_not_stated_where_the_horizon_lies_within_it() -> None:
    view = replace(DOWN, gimbal_pitch_deg=-3)  # 100 / tan 3 = 1,908 m away

    assert _hit(view, errors=replace(TYPICAL_ERRORS, pitch_deg=2.9)).error_m is not None
    assert _hit(view, errors=replace(TYPICAL_ERRORS, pitch_deg=3.1)).error_m is None


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
@given(VIEWS, CAMERAS)
def test_middle_of_a_footprint_is_in_view_and_its_corners_within_reach(view: View, camera: Camera) -> None:
    footprint = find_footprint(view, camera)
    assume(footprint.vertices)
    origin = (view.latitude_deg, view.longitude_deg)
    spots = [to_metres(origin, (vertex.latitude_deg, vertex.longitude_deg)) for vertex in footprint.vertices]
    middle = tuple(sum(values) / len(spots) for values in zip(*spots, strict=True))
    # A sliver at the very reach has no inside to speak of.
    assume(max(math.dist(spot, middle) for spot in spots) > 0.1)

    assert all(math.hypot(*spot) <= 2_000.001 for spot in spots)
    assert find_pixel(view, camera, *to_degrees(origin, *middle)) is not None


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


@pytest.mark.parametrize(
    "changes",
    [
        {"latitude_deg": 86.0},
        {"latitude_deg": math.nan},
        {"height_m": math.inf},
        {"gimbal_pitch_deg": math.nan},
        {"zoom": 0.0},
        {"zoom": -1.0},
    ],
)
def test_view_of_impossible_numbers_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="view"):
        replace(DOWN, **changes)


@pytest.mark.parametrize(
    "values", [(0, 40, 1920, 1080), (180, 40, 1920, 1080), (60, math.nan, 1920, 1080), (60, 40, 0, 1080)]
)
def test_camera_of_impossible_numbers_is_refused(values: tuple[float, float, int, int]) -> None:
    with pytest.raises(ValueError, match=r"angle|picture"):
        Camera(*values)


def _is_inside(view: View, footprint: Footprint, point: GroundPoint) -> bool:
    """Whether a point is on the right of every edge; arcs are chords, which cut off two metres at most."""
    origin = (view.latitude_deg, view.longitude_deg)
    spots = [to_metres(origin, (vertex.latitude_deg, vertex.longitude_deg)) for vertex in footprint.vertices]
    east, north = to_metres(origin, (point.latitude_deg, point.longitude_deg))
    for (x, y), (next_x, next_y) in zip(spots, spots[1:] + spots[:1], strict=True):
        length = math.hypot(next_x - x, next_y - y)
        if length > 0 and ((next_x - x) * (north - y) - (next_y - y) * (east - x)) / length > 2:
            return False
    return True
