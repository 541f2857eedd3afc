"""The real ffmpeg between real ends: an encoder or a camera on one side, a WHIP door that decodes on the other."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from aioice import ice
from django.conf import settings

from drones.ingest import bridge, commands
from drones.ingest.addresses import PullAddress
from drones.ingest.bridge import BridgeSpec, BridgeState, RtspPull
from drones.ingest.commands import Door, SrtInput
from drones.ingest.reading import Trouble
from drones.ingest.supervisor import Supervisor
from drones.ingest.treatments import Policy, Treatment
from tests.drones.bad_programs import Told
from tests.drones.rtsp_camera import RtspCamera, rtsp_camera
from tests.drones.whip_door import BEARER, whip_door

PASSPHRASE = "a passphrase of this test"
PLAIN = ("-c:v", "libx264", "-profile:v", "baseline", "-bf", "0")
B_FRAMES = ("-c:v", "libx264", "-bf", "2")
H265 = ("-c:v", "libx265", "-x265-params", "log-level=none")


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Media stays on loopback, and pauses are short."""
    monkeypatch.setattr(ice, "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])
    monkeypatch.setattr(bridge, "REFUSED_SECONDS", 0.5)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for clips, each made when it is first asked for."""
    return tmp_path_factory.mktemp("clips")


def clip(clips: Path, coding: tuple[str, ...], size: str = "320x180") -> Path:
    """Two seconds of a moving picture with sound, as MPEG-TS."""
    path = clips / f"{abs(hash((*coding, size)))}.ts"
    if not path.exists():
        picture = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25", "-f", "lavfi", "-i", "sine=440")
        words = (*picture, "-t", "2", *coding, "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac", "-f", "mpegts")
        _ffmpeg(*words, str(path)).communicate(timeout=60)
    return path


@contextmanager
def encoder(source: Path, *target: str) -> Iterator[None]:
    """Sends a clip in true time, over and over."""
    process = _ffmpeg("-re", "-stream_loop", "-1", "-i", str(source), *target)
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def srt_encoder(source: Path, port: int, passphrase: str = PASSPHRASE) -> AbstractContextManager[None]:
    """An encoder that calls for ten seconds, for a listener may come after it."""
    url = f"srt://127.0.0.1:{port}?latency=120000&connect_timeout=10000"
    return encoder(source, "-c", "copy", "-passphrase", passphrase, "-f", "mpegts", url)


@asynccontextmanager
async def bridged(told: Told, spec: BridgeSpec) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(settings.FFMPEG, told)
    supervisor.keep(spec)
    try:
        yield supervisor
    finally:
        await supervisor.close()


def srt_spec(port: int, url: str, policy: Policy | None = None, bearer: str = BEARER) -> BridgeSpec:
    source = SrtInput(port, PASSPHRASE, address="127.0.0.1")
    return BridgeSpec("herts.1", source, Door(url, bearer), policy or Policy())


def pull_spec(camera: RtspCamera, url: str, password: str = "") -> BridgeSpec:
    user = "pilot" if password else ""
    address = PullAddress("127.0.0.1", camera.port, "/live", user, password)
    return BridgeSpec("herts.1", RtspPull(address, (), may_be_here=True), Door(url, BEARER))


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_srt_with_its_passphrase_is_decoded_with_sound_and_gives_its_place_back(clips: Path) -> None:
    told, port = Told(), free_udp_port()
    async with whip_door() as (door, url), bridged(told, srt_spec(port, url)) as supervisor:
        with srt_encoder(clip(clips, PLAIN), port):
            await door.until_frames(25)
            passing = await told.until_state(BridgeState.PASSING)
            await supervisor.release("herts.1")

        assert passing.treatment is Treatment.COPY
        assert passing.source is not None
        assert (passing.source.video_codec, passing.source.audio_codec) == ("h264", "aac")
        assert door.sizes == {(320, 180)}
        assert door.sounds > 0
        assert door.deleted == 1


async def test_picture_that_changes_its_size_on_one_line_is_decoded_in_both(clips: Path) -> None:
    both, told, port = clips / "both.ts", Told(), free_udp_port()
    sizes = (clip(clips, PLAIN), clip(clips, PLAIN, "640x360"))
    both.write_bytes(b"".join(path.read_bytes() for path in sizes))
    async with whip_door() as (door, url), bridged(told, srt_spec(port, url)):
        with srt_encoder(both, port):
            async with asyncio.timeout(30):
                while len(door.sizes) < 2:  # noqa: ASYNC110 (counted by another library's task)
                    await asyncio.sleep(0.05)
            await door.until_frames(25)

    assert door.sizes == {(320, 180), (640, 360)}
    assert BridgeState.PAUSED not in {report.state for report in told.reports}


async def test_srt_with_another_passphrase_brings_nothing_and_the_right_one_after_it_does(clips: Path) -> None:
    told, port = Told(), free_udp_port()
    async with whip_door() as (door, url), bridged(told, srt_spec(port, url)):
        with srt_encoder(clip(clips, PLAIN), port, "another passphrase"):
            await asyncio.sleep(3)
        assert door.frames == 0
        assert BridgeState.PASSING not in {report.state for report in told.reports}

        with srt_encoder(clip(clips, PLAIN), port):
            await door.until_frames(10)


async def test_encoder_that_comes_back_is_bridged_again(clips: Path) -> None:
    told, port = Told(), free_udp_port()
    async with whip_door() as (door, url), bridged(told, srt_spec(port, url)):
        for times in (1, 2):
            with srt_encoder(clip(clips, PLAIN), port):
                await door.until_frames(10)
            await told.until_state(BridgeState.PAUSED, times)


async def test_b_frames_are_found_and_encoded_anew(clips: Path) -> None:
    told, port = Told(), free_udp_port()
    async with whip_door() as (door, url), bridged(told, srt_spec(port, url)):
        async with asyncio.timeout(40):
            while door.frames < 25:
                # The first try ends with the refusal, and an encoder connects again.
                with srt_encoder(clip(clips, B_FRAMES), port):
                    await asyncio.sleep(5)

        assert told.reports[-1].treatment is Treatment.TRANSCODE


async def test_h265_is_refused_by_name(clips: Path) -> None:
    told, port = Told(), free_udp_port()
    async with whip_door() as (door, url), bridged(told, srt_spec(port, url)):
        with srt_encoder(clip(clips, H265), port):
            refused = await told.until_state(BridgeState.REFUSED)

        assert refused.trouble is Trouble.CODEC
        assert door.frames == 0


async def test_door_that_does_not_admit_is_told_from_one_that_is_away(clips: Path) -> None:
    told, port = Told(), free_udp_port()
    async with whip_door() as (door, url), bridged(told, srt_spec(port, url, bearer="revoked")):
        with srt_encoder(clip(clips, PLAIN), port):
            paused = await told.until_state(BridgeState.PAUSED)

        assert paused.trouble is Trouble.DOOR_REFUSES
        assert door.refused >= 1
    assert door.frames == 0


async def test_camera_is_pulled_through_the_gate_with_its_password(clips: Path) -> None:
    told = Told()
    async with whip_door() as (door, url), rtsp_camera("pilot", "p@ss/word") as camera:
        with _camera_picture(clip(clips, PLAIN), camera):
            async with bridged(told, pull_spec(camera, url, "p@ss/word")):
                await door.until_frames(25)

        assert "PLAY" in camera.asked
        assert door.sizes == {(320, 180)}


async def test_camera_with_another_password_is_refused_and_said(clips: Path) -> None:
    told = Told()
    async with whip_door() as (_, url), rtsp_camera("pilot", "p@ss/word") as camera:
        async with bridged(told, pull_spec(camera, url, "wrong")):
            paused = await told.until_state(BridgeState.PAUSED)

        assert paused.trouble is Trouble.NOT_ADMITTED
        assert "PLAY" not in camera.asked


async def test_camera_that_redirects_leads_nowhere() -> None:
    told = Told()
    async with whip_door() as (_, url), rtsp_camera() as inside:
        moved_to = f"rtsp://127.0.0.1:{inside.port}/live"
        async with rtsp_camera(moved_to=moved_to) as camera, bridged(told, pull_spec(camera, url)):
            refused = await told.until_state(BridgeState.REFUSED, 2)

        assert refused.trouble is Trouble.REDIRECTED
        assert inside.asked == []


async def test_camera_that_falls_silent_is_said_and_comes_back(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "SILENCE_US", 1_500_000)
    told = Told()
    async with whip_door() as (door, url), rtsp_camera() as camera:
        with _camera_picture(clip(clips, PLAIN), camera):
            async with bridged(told, pull_spec(camera, url)):
                await door.until_frames(10)
                camera.is_stalled = True
                await told.until_state(BridgeState.PAUSED)
                camera.is_stalled = False
                await door.until_frames(10)


async def test_broken_door_is_begun_again_by_itself(clips: Path) -> None:
    told = Told()
    async with whip_door() as (door, url), rtsp_camera() as camera:
        with _camera_picture(clip(clips, PLAIN), camera):
            door.is_shut = True
            async with bridged(told, pull_spec(camera, url)):
                await told.until_state(BridgeState.PAUSED, 2)
                door.is_shut = False
                await door.until_frames(10)


def _camera_picture(source: Path, camera: RtspCamera) -> AbstractContextManager[None]:
    """What the camera sees: RTP packets of a clip, to the camera's own port."""
    url = f"rtp://127.0.0.1:{camera.rtp_port}?pkt_size=1200"
    return encoder(source, "-an", "-c:v", "copy", "-bsf:v", "dump_extra", "-payload_type", "96", "-f", "rtp", url)


def _ffmpeg(*words: str) -> subprocess.Popen[bytes]:
    command = (settings.FFMPEG, "-nostdin", "-y", "-loglevel", "error", *words)
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
