"""Two ends of a real call, for tests against the real media server."""

from __future__ import annotations

import asyncio
from collections import Counter
from fractions import Fraction

import numpy
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame


class MovingPicture(VideoStreamTrack):
    """Frames of 320x240 at 30 fps with a bar that moves; encoded live by the sender."""

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        picture = numpy.full((240, 320), 60, numpy.uint8)
        position = (pts // 3000) * 4 % 300
        picture[:, position : position + 20] = 220
        frame = VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
        frame.pts, frame.time_base = pts, Fraction(time_base)
        return frame


class SlowPicture(MediaStreamTrack):
    """Frames of 160x120 at 5 fps: cheap enough for many at once."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    async def recv(self) -> VideoFrame:
        await asyncio.sleep(0.2)
        self._count += 1
        picture = numpy.full((120, 160), 60 + self._count * 7 % 120, numpy.uint8)
        frame = VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
        frame.pts, frame.time_base = self._count * 18_000, Fraction(1, 90_000)
        return frame


class Publisher:
    """Sends one video track in the given codec ("VP8" or "H264")."""

    def __init__(self, codec: str, track: MediaStreamTrack | None = None) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        transceiver = self.connection.addTransceiver(track or MovingPicture(), direction="sendonly")
        codecs = RTCRtpSender.getCapabilities("video").codecs
        transceiver.setCodecPreferences([c for c in codecs if c.mimeType == f"video/{codec}"])

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        await self.connection.close()


class Viewer:
    """Decodes what it is sent and counts the frames."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("track", self._take)
        self.frames = 0
        self.last_frame: VideoFrame | None = None
        self._changed = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None

    async def answer(self, offer: str) -> str:
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.connection.localDescription.sdp

    async def wait_for_frames(self, count: int, seconds: float = 15) -> None:
        """Wait until `count` frames were decoded."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: self.frames >= count)

    async def close(self) -> None:
        await self.connection.close()
        if self._reading is not None:
            await self._reading

    def _take(self, track: MediaStreamTrack) -> None:
        self._reading = asyncio.create_task(self._read(track))

    async def _read(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, VideoFrame)
            async with self._changed:
                self.frames += 1
                self.last_frame = frame
                self._changed.notify_all()


class ManyViewer:
    """Decodes every line of a reception, and counts the frames of each by its mid."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("track", self._take)
        self.frames: Counter[str] = Counter()
        self._changed = asyncio.Condition()
        self._reading: list[asyncio.Task[None]] = []

    async def answer(self, offer: str) -> str:
        """Answer an offer, the first or a later one."""
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.connection.localDescription.sdp

    async def wait_for_frames(self, mid: str, count: int, seconds: float = 15) -> None:
        """Wait until `count` frames more were decoded on a line."""
        goal = self.frames[mid] + count
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: self.frames[mid] >= goal)

    async def close(self) -> None:
        """Hang up."""
        await self.connection.close()
        await asyncio.gather(*self._reading)

    def _take(self, track: MediaStreamTrack) -> None:
        self._reading.append(asyncio.create_task(self._read(track)))

    async def _read(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                await track.recv()
            except MediaStreamError:
                return
            [mid] = [one.mid or "" for one in self.connection.getTransceivers() if one.receiver.track is track]
            async with self._changed:
                self.frames[mid] += 1
                self._changed.notify_all()
