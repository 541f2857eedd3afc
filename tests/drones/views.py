"""A camera and views of it whose footprints can be worked out by hand, and any others.

`CAMERA` has half a picture's width as wide as far (tan 45 = 1), and half its height half of that (tan 26.565 = 0.5).
So from 100 m straight down it sees 100 m to each side, and 50 m ahead and behind.
"""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import strategies as st

from drones.footprint import Camera, Footprint, GroundPoint, Pixel, View
from drones.local_metres import to_metres

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


def spots_of(footprint: Footprint, origin: tuple[float, float] = PLACE) -> list[tuple[float, float]]:
    """The corners of a footprint in metres east and north of a place."""
    return [to_metres(origin, (vertex.latitude_deg, vertex.longitude_deg)) for vertex in footprint.vertices]


def spot_of(point: GroundPoint, origin: tuple[float, float] = PLACE) -> tuple[float, float]:
    """A ground point in metres east and north of a place."""
    return to_metres(origin, (point.latitude_deg, point.longitude_deg))
