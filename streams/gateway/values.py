"""What is said between Sightline and a media server: SDP, candidates, rooms, places, layers and lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Offer:
    """An SDP offer: from a publisher to the media server, or from the media server to a viewer."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An SDP answer to an `Offer`."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One trickled ICE candidate; the names follow RTCIceCandidateInit."""

    candidate: str
    sdp_mid: str | None
    sdp_mline_index: int | None


@dataclass(frozen=True, slots=True)
class IceServer:
    """One entry of RTCConfiguration.iceServers, with credentials that expire within minutes."""

    urls: tuple[str, ...]
    username: str
    credential: str


@dataclass(frozen=True, slots=True)
class HandleRef:
    """One participant's place on the media server; both numbers fit a signed 64-bit column."""

    session_id: int
    handle_id: int


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """A room: `recording_dir` is an absolute directory of the media server, `bitrate` a cap in bit/s.

    The cap is for all layers of a publisher together; browsers serve the low ones first. `video_codecs` are those which
    the room takes, separated by commas; with `opus_fec` lost sound is mended from what comes after it.
    """

    room_id: str
    secret: str
    recording_dir: str
    max_publishers: int = 6
    bitrate: int = 2_600_000
    # Both, so that phones and drones publish what they have; nothing is transcoded.
    video_codecs: str = "vp8,h264"
    opus_fec: bool = False


@dataclass(frozen=True, slots=True)
class GatewayInfo:
    """Version and name of the media server; `is_outdated` when below the release with known fixes."""

    version: str
    name: str
    is_outdated: bool = False


class Medium(StrEnum):
    """The kind of a track."""

    VIDEO = "video"
    AUDIO = "audio"


class Layer(StrEnum):
    """A layer of a picture that its publisher sends in several sizes."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Line:
    """One track of a reception of many feeds: `mid` is the reception's own, and stays when the feed changes."""

    mid: str
    feed_id: str
    medium: Medium


@dataclass(frozen=True, slots=True)
class Tuned:
    """What a reception has after a change: the offer to answer, and the lines it carries once answered.

    Without an offer nothing changed, and nothing is said of the lines.
    """

    offer: Offer | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LineWish:
    """How a reception wants one of its lines: in this layer, or not sent for now (None)."""

    mid: str
    layer: Layer | None
