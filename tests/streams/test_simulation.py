"""The simulated caller's own parts: its walk, its picture, its answers, and how it survives refusals."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection

from forces.messaging.numbers import normalise_mobile_number
from streams.simulation import broadcast
from streams.simulation.broadcast import Broadcast
from streams.simulation.clip import Clip, ClipError, ClipTrack, clip_name, make_clip
from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.operator import drama_number, safe_answers
from streams.simulation.pauses import BETWEEN_CALLS_SECONDS, pause_seconds
from streams.simulation.peer import loopback_first
from streams.simulation.route import Route, accuracy_m, distance_m, heading_deg
from streams.simulation.scenarios import CAMBRIDGE, HATFIELD, LUTON, scenario_for
from streams.simulation.sign_ins import read_sign_in

SQUARE = Route(((52.0, 0.0), (52.001, 0.0), (52.001, 0.001), (52.0, 0.001)))


@pytest.fixture(scope="module")
def clip_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "street.ts"
    make_clip(imageio_ffmpeg.get_ffmpeg_exe(), path, tint=0)
    return path


# --- the walk -------------------------------------------------------------------------------------


def test_heading_is_clockwise_from_north() -> None:
    corner = (52.0, 0.0)
    ends = [(52.001, 0.0), (52.0, 0.001), (51.999, 0.0), (52.0, -0.001)]
    assert [round(heading_deg(corner, end)) for end in ends] == [0, 90, 180, 270]


def test_distance_agrees_with_the_ordnance_survey_grid() -> None:
    # TL 44816 58342 to TL 44841 57976 (OSTN15) are 367.4 m; a sphere is a few decimetres off.
    assert distance_m((52.2043, 0.1178), (52.2010, 0.1180)) == pytest.approx(367.4, abs=1.0)


def test_route_begins_at_its_first_corner_and_comes_back_to_it() -> None:
    start, again = SQUARE.at(0), SQUARE.at(SQUARE.length_m)
    assert (start.latitude, start.longitude) == (52.0, 0.0)
    assert (again.latitude, again.longitude) == (52.0, 0.0)


@given(metres=st.floats(0, 100_000), step=st.floats(0.5, 5))
def test_walker_moves_no_further_than_the_step(metres: float, step: float) -> None:
    before, after = SQUARE.at(metres), SQUARE.at(metres + step)
    moved = distance_m((before.latitude, before.longitude), (after.latitude, after.longitude))
    assert step / 2 < moved < step * 1.001


@pytest.mark.parametrize(
    ("schema", "south", "north", "west", "east"),
    [
        ("herts", 51.60, 52.08, -0.75, 0.20),
        ("beds", 51.80, 52.33, -0.71, -0.14),
        ("cambs", 52.00, 52.75, -0.51, 0.52),
    ],
)
def test_caller_walks_within_the_force(schema: str, south: float, north: float, west: float, east: float) -> None:
    route = scenario_for(schema).route
    places = [route.at(metres) for metres in range(0, int(route.length_m), 10)]
    assert all(south < place.latitude < north and west < place.longitude < east for place in places)
    assert 300 < route.length_m < 3000


def test_force_without_a_story_borrows_one_and_each_of_the_three_has_its_own() -> None:
    assert scenario_for("essex") is HATFIELD
    assert {id(scenario_for(schema)) for schema in ("herts", "beds", "cambs")} == {
        id(HATFIELD),
        id(LUTON),
        id(CAMBRIDGE),
    }


@given(seconds=st.floats(0, 1e6))
def test_reported_accuracy_is_that_of_a_phone_in_a_town(seconds: float) -> None:
    assert 6 <= accuracy_m(seconds) <= 16


def test_callers_of_one_force_have_stories_and_places_of_their_own() -> None:
    stories = [HATFIELD.place(number, 9) for number in range(9)]
    assert stories[0] == HATFIELD
    assert len({story.description for story in stories}) == len({story.tint for story in stories}) == 9
    starts = [story.route.at(story.start_m) for story in stories]
    apart = [distance_m((a.latitude, a.longitude), (b.latitude, b.longitude)) for a, b in pairwise(starts)]
    assert min(apart) > 30
    assert stories[8].description.startswith("Simulated caller 9:")


# --- the picture ----------------------------------------------------------------------------------


def test_clip_is_baseline_without_b_frames_with_a_keyframe_each_second(clip_path: Path) -> None:
    words = ["ffprobe", "-v", "error", "-select_streams", "v", "-of", "json"]
    words += ["-show_entries", "stream=profile,has_b_frames,width,height:packet=flags", str(clip_path)]
    found = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    stream = found["streams"][0]
    assert (stream["profile"], stream["has_b_frames"]) == ("Constrained Baseline", 0)
    assert (stream["width"], stream["height"]) == (640, 360)
    keyframes = [i for i, packet in enumerate(found["packets"]) if packet["flags"].startswith("K")]
    assert keyframes == list(range(0, 480, 20))


def test_clip_begins_with_headers_and_a_keyframe(clip_path: Path) -> None:
    clip = Clip.load(clip_path)
    kinds = [part[0] & 0x1F for part in clip.frames[0].split(b"\x00\x00\x01")[1:]]
    assert len(clip.frames) == 480
    assert {7, 8, 5} <= set(kinds)


def test_clip_is_made_once(clip_path: Path) -> None:
    before = clip_path.stat().st_mtime_ns
    make_clip("/no/ffmpeg", clip_path, tint=0)
    assert clip_path.stat().st_mtime_ns == before


def test_clips_of_different_tints_have_different_names() -> None:
    assert clip_name(0) != clip_name(40)


def test_missing_or_failing_ffmpeg_and_a_damaged_clip_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="no ffmpeg"):
        make_clip("/no/ffmpeg", tmp_path / "a.ts", tint=0)
    with pytest.raises(ClipError):
        make_clip("/bin/false", tmp_path / "b.ts", tint=0)
    (tmp_path / "c.ts").write_bytes(b"not a clip")
    with pytest.raises(ClipError):
        Clip.load(tmp_path / "c.ts")
    assert [path.name for path in tmp_path.iterdir()] == ["c.ts"]


async def test_track_plays_in_real_time_and_goes_on_after_the_end() -> None:
    clip = Clip((b"a", b"b", b"c"), frames_per_second=50)
    track = ClipTrack(clip)
    began = asyncio.get_running_loop().time()
    packets = [await track.recv() for _ in range(7)]
    took = asyncio.get_running_loop().time() - began
    assert [bytes(packet) for packet in packets] == [b"a", b"b", b"c", b"a", b"b", b"c", b"a"]
    assert [packet.pts for packet in packets] == [i * 1800 for i in range(7)]
    assert 0.115 < took < 1.0


# --- ICE on loopback ------------------------------------------------------------------------------


def test_loopback_address_is_preferred_and_its_lack_changes_nothing() -> None:
    assert loopback_first(["192.0.2.7", "127.0.0.2", "fd00::1"]) == ["127.0.0.2"]
    assert loopback_first(["192.0.2.7", "fd00::1"]) == ["192.0.2.7", "fd00::1"]


# --- the operator ---------------------------------------------------------------------------------


def test_safe_answers_refuse_nothing() -> None:
    questions = [
        {"code": "driving", "refusing_answer": "yes"},
        {"code": "safe_to_text", "refusing_answer": "no"},
        {"code": "alone", "refusing_answer": ""},
    ]
    assert safe_answers(questions) == {"driving": "no", "safe_to_text": "yes", "alone": "yes"}


def test_drama_number_is_one_of_ofcoms_and_passes_the_check_of_numbers() -> None:
    assert re.fullmatch(r"\+447700900\d{3}", normalise_mobile_number(drama_number()))


def test_sign_in_is_read_and_its_lack_is_said(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    user = {"username": "op1", "password": "secret"}
    force = {"base_url": "http://herts.localhost:8000/", "users": {"operator1": user}}
    path.write_text(json.dumps({"forces": {"herts": force}}))
    sign_in = read_sign_in(path, "herts")
    assert (sign_in.base_url, sign_in.username) == ("http://herts.localhost:8000", "op1")
    with pytest.raises(SimulationError, match="essex"):
        read_sign_in(path, "essex")
    with pytest.raises(SimulationError, match="can not be read"):
        read_sign_in(tmp_path / "absent.json", "herts")


@given(failures=st.integers(1, 1000))
def test_pause_after_failures_grows_to_a_minute(failures: int) -> None:
    full = min(60.0, 2.0 ** min(failures, 10))
    assert full / 2 <= pause_seconds(failures) <= full
    assert pause_seconds(0) == BETWEEN_CALLS_SECONDS


# --- the door -------------------------------------------------------------------------------------


@pytest.fixture
async def echo_url() -> AsyncIterator[str]:
    """A server that tells a socket which headers it came with."""

    async def tell(socket: ServerConnection) -> None:
        assert socket.request is not None
        await socket.send(json.dumps(list(socket.request.headers.raw_items())))

    async with websockets.serve(tell, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"http://herts.localhost:{port}"


async def test_socket_goes_to_loopback_with_the_forces_host_and_origin(echo_url: str) -> None:
    async with Door(echo_url) as door, door.open_socket("/ws/caller/") as socket:
        headers = json.loads(await socket.recv())
    assert [value for name, value in headers if name == "Host"] == [echo_url.removeprefix("http://")]
    assert [value for name, value in headers if name == "Origin"] == [echo_url]


async def test_link_token_is_not_in_the_error_of_a_door_that_is_closed() -> None:
    async with Door("http://herts.localhost:1") as door:
        with pytest.raises(SimulationError) as failure:
            await door.get_page("/i/very-secret-token/")
    assert "very-secret-token" not in str(failure.value)


# --- keeping the picture going --------------------------------------------------------------------


class Sent:
    """Frames which a broadcast sent."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self._changed = asyncio.Condition()

    async def __call__(self, kind: str, **fields: Any) -> None:
        async with self._changed:
            self.frames.append({"type": kind, **fields})
            self._changed.notify_all()

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self.frames) >= count)


@pytest.fixture
async def sent() -> Sent:
    return Sent()


@pytest.fixture
async def picture(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Broadcast]:
    monkeypatch.setattr(broadcast, "RETRY_SECONDS", (0.01,))
    subject = Broadcast(Clip((b"\x00\x00\x01\x65",), 20), sent)
    yield subject
    await subject.close()


async def test_caller_offers_h264_video_to_send_and_no_microphone(picture: Broadcast, sent: Sent) -> None:
    await picture.start()
    offer = sent.frames[0]["sdp"]
    assert (sent.frames[0]["type"], sent.frames[0]["ref"]) == ("stream.publish", Broadcast.REF)
    assert "H264/90000" in offer
    assert "VP8" not in offer
    assert "m=audio" not in offer
    assert "a=sendonly" in offer


async def test_caller_publishes_again_when_the_picture_ended_by_itself(picture: Broadcast, sent: Sent) -> None:
    await picture.start()
    picture._stream_id = "ours"
    await picture.note({"id": "another", "state": "ended"})
    await picture.note({"id": "ours", "state": "stalled"})
    assert len(sent.frames) == 1
    await picture.note({"id": "ours", "state": "ended"})
    await sent.wait_for(2)


async def test_caller_keeps_the_picture_over_a_reconnect(picture: Broadcast, sent: Sent) -> None:
    await picture.start()
    picture._stream_id = "ours"
    await picture.ensure({"id": "ours", "state": "live"})
    assert len(sent.frames) == 1
    await picture.ensure({"id": "ours", "state": "ended"})
    await sent.wait_for(2)
    await picture.ensure(None)
    await sent.wait_for(3)
