"""How a simulated drone's picture leaves it: by each protocol, through the door that a real one's does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx

from drones.simulation.aircraft import SimulatedAircraft
from drones.simulation.camera import camera
from drones.simulation.clip import FRAMES_PER_SECOND
from streams.simulation.clip import Clip, ClipTrack
from streams.simulation.errors import SimulationError
from streams.simulation.peer import SendingPeer

logger = logging.getLogger(__name__)

# A controller whose line was refused or lost tries again by itself.
AGAIN_SECONDS = 2.0
LOOKING_SECONDS = 1.0
ENDING_SECONDS = 2.0
SRT_LATENCY_US = 120_000


@dataclass(frozen=True, slots=True)
class Picture:
    """What is sent: a clip, played over and over, and the program that plays it."""

    ffmpeg: str
    clip: Path


async def send(aircraft: SimulatedAircraft, picture: Picture) -> None:
    """Send until cancelled, beginning anew whenever the line is lost."""
    while True:
        try:
            await _send_once(aircraft, picture)
        except SimulationError as error:
            logger.info("the simulated drone's line: %s", error)
        await asyncio.sleep(AGAIN_SECONDS)


async def _send_once(aircraft: SimulatedAircraft, picture: Picture) -> None:
    host = _host(aircraft.base_url)
    if aircraft.protocol == "whip":
        await _publish(aircraft, picture)
    elif aircraft.protocol == "rtmp":
        await _play(picture, "-f", "flv", f"rtmp://{host}:{aircraft.rtmp_port}/live/{aircraft.key}")
    elif aircraft.protocol == "srt":
        if aircraft.srt_port is None:
            raise SimulationError("this aircraft has no port for SRT")
        options = urlencode({"passphrase": aircraft.srt_passphrase, "latency": SRT_LATENCY_US, "connect_timeout": 5000})
        await _play(picture, "-f", "mpegts", f"srt://{host}:{aircraft.srt_port}?{options}")
    else:
        async with camera(aircraft.rtsp_port) as rtp_port:
            url = f"rtp://127.0.0.1:{rtp_port}?pkt_size=1200"
            await _play(picture, "-bsf:v", "dump_extra", "-payload_type", "96", "-f", "rtp", url)


async def _play(picture: Picture, *target: str) -> None:
    """Play the clip in true time to a target, until that ends it or we are cancelled."""
    source = ("-re", "-stream_loop", "-1", "-i", str(picture.clip), "-an", "-c:v", "copy")
    words = ("setpriv", "--pdeathsig=KILL", picture.ffmpeg, "-nostdin", "-loglevel", "fatal", *source, *target)
    player = await asyncio.create_subprocess_exec(
        *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        status = await player.wait()
    finally:
        if player.returncode is None:
            player.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(player.wait(), ENDING_SECONDS)
        if player.returncode is None:
            player.kill()
            await player.wait()
    # Its own words have the key in them.
    raise SimulationError(f"the player ended with {status}")


async def _publish(aircraft: SimulatedAircraft, picture: Picture) -> None:
    """Publish by WHIP until the connection is lost or we are cancelled."""
    loaded = await asyncio.to_thread(Clip.load, picture.clip)
    peer = SendingPeer(ClipTrack(Clip(loaded.frames, FRAMES_PER_SECOND)))
    parts = urlsplit(aircraft.base_url)
    base = f"{parts.scheme}://{_host(aircraft.base_url)}:{parts.port or 443}"
    headers = {"Host": parts.netloc, "Authorization": f"Bearer {aircraft.key}"}
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=15, trust_env=False) as client:
        location = ""
        try:
            answer = await client.post("/whip", content=await peer.offer(), headers={"Content-Type": "application/sdp"})
            if answer.status_code != httpx.codes.CREATED:
                raise SimulationError(f"the door answered {answer.status_code}")
            location = answer.headers["Location"]
            await peer.accept(answer.text)
            while peer.is_connected:  # noqa: ASYNC110 (aiortc tells only its own loop)
                await asyncio.sleep(LOOKING_SECONDS)
            raise SimulationError("the connection was lost")
        except httpx.HTTPError as error:
            raise SimulationError(f"the door: {error!r}") from error
        finally:
            await peer.close()
            with contextlib.suppress(httpx.HTTPError):
                if location:
                    await client.delete(location)


def _host(base_url: str) -> str:
    """Where the doors of a force listen: names of *.localhost are browsers' alone."""
    name = urlsplit(base_url).hostname or ""
    return "127.0.0.1" if name.endswith("localhost") else name
