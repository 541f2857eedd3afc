"""The sending half of a phone's WebRTC: one H.264 track, no microphone."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from aioice import ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription

from streams.simulation.clip import ClipTrack
from streams.simulation.delay import OneWay

HostAddresses = Callable[[bool, bool], list[str]]


def stay_on_loopback() -> None:
    """Make ICE of this process use loopback addresses only, when the machine has one for media.

    A media server on loopback sends from 127.0.0.2 on a device of its own; offering the machine's outer
    addresses as well would open ports on them. Without such an address everything stays as it was.
    """
    every: HostAddresses = ice.get_host_addresses

    def preferred(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return loopback_first(every(use_ipv4, use_ipv6))

    ice.get_host_addresses = preferred


def loopback_first(addresses: list[str]) -> list[str]:
    """The loopback addresses among `addresses`, or all when there is none."""
    return [address for address in addresses if ipaddress.ip_address(address).is_loopback] or addresses


class SendingPeer:
    """One peer connection that sends `track`; without TURN, since the simulator lives beside the server."""

    def __init__(self, track: ClipTrack) -> None:
        """Nothing is sent before `accept`."""
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._track = track
        self._way = OneWay()
        transceiver = self._connection.addTransceiver(track, direction="sendonly")
        codecs = RTCRtpSender.getCapabilities("video").codecs
        transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType == "video/H264"])

    async def offer(self) -> str:
        """An SDP offer that has every candidate in it."""
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return self._connection.localDescription.sdp

    async def accept(self, answer: str) -> None:
        """Take the SDP answer and begin to send."""
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands, or is still being made."""
        return self._connection.connectionState in {"new", "connecting", "connected"}

    async def sending_ms(self) -> int | None:
        """Milliseconds from a frame that is due to the media server; None before a round trip was reported."""
        reports = (await self._connection.getStats()).values()
        trips = [getattr(report, "roundTripTime", None) for report in reports if report.type == "remote-inbound-rtp"]
        late = self._track.late_seconds()
        if late is None or not trips or trips[0] is None:
            return None
        return round((late + self._way.take(trips[0])) * 1000)

    async def close(self) -> None:
        """Stop sending; safe to call twice."""
        self._track.stop()
        await self._connection.close()
