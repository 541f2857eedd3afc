"""What drones send, the same to ours and to every peer: a picture of the clock, encoded live, or a clip as it is."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from tests.bench.clock_frames import HEIGHT, RATE, WIDTH
from tests.bench.processes import is_bound

CLOCK_FRAMES = Path(__file__).parent / "clock_frames.py"
SRT_LATENCY_US = 120_000
"""How long SRT waits for what was lost, at both ends of every line."""
ENDING_S = 5.0
LISTENS_WITHIN_S = 10.0

RAW = ("-f", "rawvideo", "-pix_fmt", "gray", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", str(RATE))
# A camera's frames bear the time at which they were taken, whenever an encoder comes to them.
TAKEN = ("-use_wallclock_as_timestamps", "1", *RAW, "-i", "pipe:0", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p")
ENCODED = (
    *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-bf", "0"),
    *("-g", str(RATE), "-keyint_min", str(RATE), "-sc_threshold", "0"),
    *("-b:v", "2000k", "-maxrate", "2200k", "-bufsize", "1000k"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a source sends: ffmpeg's words for it, and what its environment says more."""

    words: tuple[str, ...] = field(repr=False)
    environment: Mapping[str, str] = field(default_factory=dict)


def by_whip(url: str, key: str = "", reached_at: str = "") -> Target:
    """Return a WHIP endpoint; `reached_at` is the server of a host that browsers alone can look up."""
    words = ("-authorization", key) if key else ()
    # Ffmpeg has no other way to ask an address as a host: a server is asked as a proxy is, by the whole URL.
    environment = {"http_proxy": reached_at} if reached_at else {}
    return Target((*words, "-f", "whip", url), environment)


def by_rtmp(port: int, name: str) -> Target:
    """Return a stream of an RTMP server on loopback."""
    return Target(("-f", "flv", f"rtmp://127.0.0.1:{port}/live/{name}"))


def by_srt(port: int, passphrase: str) -> Target:
    """Return an SRT listener on loopback."""
    options = urlencode({"passphrase": passphrase, "latency": SRT_LATENCY_US, "connect_timeout": 5000})
    return Target(("-f", "mpegts", f"srt://127.0.0.1:{port}?{options}"))


@contextmanager
def pushing_clock(ffmpeg: str, target: Target) -> Iterator[None]:
    """Encode pictures of the clock as they are drawn, and send them."""
    frames = subprocess.Popen((sys.executable, str(CLOCK_FRAMES)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert frames.stdout is not None
    try:
        with _running(ffmpeg, (*TAKEN, *ENCODED, *target.words), target.environment, frames.stdout):
            frames.stdout.close()
            yield
    finally:
        frames.kill()
        frames.wait(ENDING_S)


@contextmanager
def pushing_clip(ffmpeg: str, clip: Path, target: Target) -> Iterator[None]:
    """Send a clip in true time, over and over, without encoding anything."""
    source = ("-re", "-stream_loop", "-1", "-i", str(clip), "-an", "-c:v", "copy")
    with _running(ffmpeg, (*source, *target.words), target.environment):
        yield


@contextmanager
def relaying_rtmp(ffmpeg: str, port: int, name: str, url: str) -> Iterator[Target]:
    """Take one RTMP stream and pass it on by WHIP, as one ffmpeg can; yields where it is taken."""
    taken = ("-listen", "1", "-i", f"rtmp://127.0.0.1:{port}/live/{name}")
    with _relaying(ffmpeg, taken, url, port, is_udp=False):
        yield by_rtmp(port, name)


@contextmanager
def relaying_srt(ffmpeg: str, port: int, passphrase: str, url: str) -> Iterator[Target]:
    """Take one SRT call and pass it on by WHIP, as one ffmpeg can; yields where it is taken."""
    options = urlencode({"mode": "listener", "passphrase": passphrase, "latency": SRT_LATENCY_US})
    with _relaying(ffmpeg, ("-i", f"srt://127.0.0.1:{port}?{options}"), url, port, is_udp=True):
        yield by_srt(port, passphrase)


@contextmanager
def _relaying(ffmpeg: str, taken: tuple[str, ...], url: str, port: int, *, is_udp: bool) -> Iterator[None]:
    with _running(ffmpeg, ("-fflags", "nobuffer", *taken, "-c", "copy", "-f", "whip", url), {}):
        end = time.monotonic() + LISTENS_WITHIN_S
        while not is_bound(port, is_udp=is_udp):
            assert time.monotonic() < end, "the peer's ffmpeg does not listen"
            time.sleep(0.05)
        yield


@contextmanager
def _running(
    ffmpeg: str, words: tuple[str, ...], environment: Mapping[str, str], given: int | IO[bytes] = subprocess.DEVNULL
) -> Iterator[None]:
    """Run ffmpeg for a while; it says goodbye at the end where there is time for it."""
    process = subprocess.Popen(
        ("setpriv", "--pdeathsig=KILL", ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "fatal", *words),
        env={"PATH": "/usr/bin:/bin", **environment},
        stdin=given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(ENDING_S)
