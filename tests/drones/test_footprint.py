"""The outline of what a camera in the air sees of flat ground, against cases worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from drones.footprint import (
    TYPICAL_ERRORS,
    Camera,
    Footprint,
    Miss,
    View,
    find_footprint,
    find_ground_point,
    find_pixel,
)
from drones.local_metres import to_degrees
from tests.drones.views import AHEAD, CAMERA, CAMERAS, DOWN, MIDDLE, PLACE, SHALLOW, VIEWS, spots_of


def is_close(spots: list[tuple[float, float]], expected: list[tuple[float, float]]) -> bool:
    return len(spots) == len(expected) and all(
        math.dist(spot, place) < 0.001 for spot, place in zip(spots, expected, strict=True)
    )


def test_camera_straight_down_sees_a_rectangle_with_the_nose_at_its_top() -> None:
    footprint = find_footprint(DOWN, CAMERA)

    # From the picture's top left corner, clockwise.
    assert is_close(spots_of(footprint), [(-100, 50), (100, 50), (100, -50), (-100, -50)])
    assert not footprint.is_cut


def test_camera_45_degrees_down_sees_a_trapezium() -> None:
    # Forward is (0, c, -c) and down in the picture (0, -c, -c), with c = 0.7071.
    # Top:    forward - down / 2 = (0, 1.5 c, -0.5 c): north 100 * 3 = 300, aside 100 / (0.5 c) = 282.843.
    # Bottom: forward + down / 2 = (0, 0.5 c, -1.5 c): north 100 / 3 = 33.333, aside 100 / (1.5 c) = 94.281.
    expected = [(-282.8427, 300), (282.8427, 300), (94.2809, 33.3333), (-94.2809, 33.3333)]

    assert is_close(spots_of(find_footprint(AHEAD, CAMERA)), expected)


@pytest.mark.parametrize(("heading", "yaw"), [(90, 0), (0, 90), (180, -90), (450, 0)])
def test_camera_that_looks_east_sees_what_north_would_be_turned_right(heading: float, yaw: float) -> None:
    view = replace(AHEAD, heading_deg=heading, gimbal_yaw_deg=yaw)

    # North becomes east, west becomes north.
    expected = [(300, 282.8427), (300, -282.8427), (33.3333, -94.2809), (33.3333, 94.2809)]
    assert is_close(spots_of(find_footprint(view, CAMERA)), expected)


def test_rolled_camera_straight_down_turns_its_rectangle() -> None:
    view = replace(DOWN, gimbal_roll_deg=90)

    # The right side goes down, so that right in the picture is behind (south), and its top is to the right (east).
    assert is_close(spots_of(find_footprint(view, CAMERA)), [(50, 100), (50, -100), (-50, -100), (-50, 100)])


def test_zoom_halves_what_is_seen() -> None:
    footprint = find_footprint(replace(DOWN, zoom=2), CAMERA)

    assert is_close(spots_of(footprint), [(-50, 25), (50, 25), (50, -25), (-50, -25)])


def test_horizon_in_the_picture_cuts_the_outline_at_the_reach_and_says_so() -> None:
    footprint = find_footprint(SHALLOW, CAMERA)
    spots = spots_of(footprint)

    # The lower corners: forward (0, 0.98481, -0.17365), down (0, -0.17365, -0.98481), so the bottom is
    # (0, 0.89798, -0.66605): north 134.822, aside 100 / 0.66605 = 150.138.
    assert is_close(spots[-3:-1], [(150.1384, 134.8218), (-150.1384, 134.8218)])
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
    norths = [north for _, north in spots_of(footprint)]

    assert max(norths) == pytest.approx(1_500, abs=0.001)
    assert min(norths) == pytest.approx(-1_500, abs=0.001)
    assert any(math.dist(spot, (1322.876, 1500)) < 0.001 for spot in spots_of(footprint))


def test_picture_wider_than_the_reach_leaves_the_whole_circle() -> None:
    footprint = find_footprint(replace(DOWN, height_m=5_000), CAMERA)

    assert len(footprint.vertices) == 72
    assert all(math.hypot(*spot) == pytest.approx(2_000, abs=0.001) for spot in spots_of(footprint))
    assert all(vertex.is_cut for vertex in footprint.vertices)


def test_aircraft_on_the_ground_sees_nothing() -> None:
    view = replace(DOWN, height_m=0)

    assert find_footprint(view, CAMERA).vertices == ()
    assert find_ground_point(view, CAMERA, MIDDLE, TYPICAL_ERRORS) is Miss.NOT_IN_AIR
    assert find_pixel(view, CAMERA, *PLACE) is None


@settings(deadline=None)
@given(VIEWS, CAMERAS)
def test_middle_of_a_footprint_is_in_view_and_its_corners_within_reach(view: View, camera: Camera) -> None:
    footprint = find_footprint(view, camera)
    assume(footprint.vertices)
    origin = (view.latitude_deg, view.longitude_deg)
    spots = spots_of(footprint, origin)
    middle = tuple(sum(values) / len(spots) for values in zip(*spots, strict=True))
    # A sliver at the very reach has no inside to speak of.
    assume(max(math.dist(spot, middle) for spot in spots) > 0.1)

    assert all(math.hypot(*spot) <= 2_000.001 for spot in spots)
    assert find_pixel(view, camera, *to_degrees(origin, *middle)) is not None


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
