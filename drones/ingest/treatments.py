"""What a bridge does with the picture: passed on as it is, or, where WebRTC or browsers cannot, encoded anew."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from drones.ingest.reading import PLAIN_PIXELS, Reading, Trouble

_PASSES = "h264"
_UNKNOWN_PIXELS = frozenset({"", "none"})
_ENCODED_ANEW = frozenset({Trouble.B_FRAMES, Trouble.PIXELS})


class Treatment(StrEnum):
    """How a bridge passes the picture on; the values are stable."""

    COPY = "copy"
    TRANSCODE = "transcode"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a force allows of an aircraft: H.265 to be encoded anew, its sound, and kbit/s of what is encoded."""

    may_transcode_h265: bool = False
    has_sound: bool = True
    most_kbps: int = 2_500


def find_trouble(reading: Reading) -> Trouble | None:
    """Return what keeps the picture from being passed on as it is, as far as is known by now."""
    if reading.trouble is not None:
        return reading.trouble
    if reading.source is not None and reading.source.video_codec != _PASSES:
        return Trouble.CODEC
    if reading.is_out_of_order:
        return Trouble.B_FRAMES
    if reading.source is not None and reading.source.pixel_format not in {*PLAIN_PIXELS, *_UNKNOWN_PIXELS}:
        return Trouble.PIXELS
    return None


def is_hopeless(reading: Reading) -> bool:
    """Return whether what was found cannot be passed on as it is, however long one waits."""
    return find_trouble(reading) in {Trouble.CODEC, *_ENCODED_ANEW}


def next_treatment(reading: Reading, policy: Policy) -> Treatment | None:
    """Return how to pass on what was found, or None where it cannot be: another codec than H.264 that may not be."""
    trouble = find_trouble(reading)
    if trouble in _ENCODED_ANEW:
        return Treatment.TRANSCODE
    if trouble is not Trouble.CODEC:
        return Treatment.COPY
    is_h265 = reading.source is not None and reading.source.video_codec == "hevc"
    return Treatment.TRANSCODE if is_h265 and policy.may_transcode_h265 else None
