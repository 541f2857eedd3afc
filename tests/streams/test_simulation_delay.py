"""How a simulated caller measures the delay of its picture."""

from __future__ import annotations

import asyncio

import pytest

from streams.simulation.clip import Clip, ClipTrack
from streams.simulation.delay import LateFrames, OneWay


async def test_frame_that_is_handed_on_late_is_counted_as_late() -> None:
    track = ClipTrack(Clip((b"a",), frames_per_second=50))
    await track.recv()
    assert track.late_seconds() is None, "the first frame is due whenever it is asked for"
    await asyncio.sleep(0.1)
    await track.recv()
    late = track.late_seconds()
    assert late is not None
    assert late >= 0.075
    assert track.late_seconds() is None


def test_mean_lateness_is_of_the_frames_since_the_last_look() -> None:
    late = LateFrames()
    for seconds in (0.010, 0.030, -0.001):
        late.note(seconds)
    assert late.take() == pytest.approx(0.040 / 3)
    late.note(0.5)
    assert late.take() == 0.5


def test_way_is_half_of_the_shortest_round_trip_and_all_that_a_later_one_takes_longer() -> None:
    way = OneWay()
    assert way.take(0.040) == pytest.approx(0.020)
    assert way.take(0.100) == pytest.approx(0.080)
    assert way.take(-0.001) == 0
