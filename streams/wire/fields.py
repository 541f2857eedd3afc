"""What the fields of a client's frame may hold."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

MAX_FRAME_BYTES = 64 * 1024

Text = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
Word = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, Meta(max_length=120, pattern=r"^[^\x00]*$")]
Sdp = Annotated[str, Meta(min_length=1, max_length=MAX_FRAME_BYTES, pattern=r"^[^\x00]*$")]
Scope = Literal["location", "video", "recording", "upload"]
Step = Literal[
    "page_shown",
    "consent_shown",
    "location_asked",
    "location_granted",
    "location_denied",
    "camera_asked",
    "camera_granted",
    "camera_denied",
    "camera_failed",
    "publishing",
    "page_hidden",
    "page_visible",
    "page_left",
    "camera_muted",
    "camera_unmuted",
]
# Best first: how much of the picture gets through, and what stands in for it.
Rung = Literal["video", "video_low", "stills", "position", "text"]
RungReason = Literal[
    "good",
    "slow_uplink",
    "very_slow_uplink",
    "no_media_path",
    "stills_fail",
    "camera_lost",
    "camera_off",
    "no_position",
]
OfficerStatus = Literal["available", "en_route", "at_scene", "off_duty"]
Layer = Literal["high", "middle", "low"]
StillRefusal = Literal["no_camera", "denied", "failed", "not_supported"]
PhraseCode = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z-]+$")]
MessageId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
Purpose = Annotated[str, Meta(min_length=5, max_length=300, pattern=r"^[^\x00]*$")]
ForceName = Annotated[str, Meta(min_length=2, max_length=31, pattern=r"^[a-z][a-z0-9_]+$")]
LAST_MS = 4_102_444_800_000  # the year 2100, in ms since 1970


class ClientFrame(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    """What every frame of a client may carry."""

    ref: Word | None = None


class IceCandidate(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"mid": "sdpMid", "index": "sdpMLineIndex", "fragment": "usernameFragment"},
):
    """One trickled candidate, as RTCIceCandidate.toJSON writes it."""

    candidate: Annotated[str, Meta(max_length=2000)]
    mid: Annotated[str, Meta(max_length=64)] | None = None
    index: Annotated[int, Meta(ge=0, le=255)] | None = None
    fragment: Annotated[str, Meta(max_length=256)] | None = None


class HeartbeatPing(ClientFrame, frozen=True, tag="heartbeat.ping"):
    """Asks for a pong; `sent_at` comes back as it is."""

    # Bounded, or a number of a thousand digits would be handed on to what counts in 64 bits.
    sent_at: Annotated[str, Meta(max_length=40)] | Annotated[int, Meta(ge=-LAST_MS, le=LAST_MS)] | float


class IncidentSay(ClientFrame, frozen=True, tag="incident.say"):
    """A message to everybody on an incident: of the control room, and of an officer who is on it."""

    incident_id: UUID
    client_id: MessageId
    text: Text
