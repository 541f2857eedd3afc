"""What a bridge's ffmpeg says: what the aircraft sends, whether its pictures come out of order, and why it ended.

There is no probe ahead of the bridge: it would cost seconds, and an encoder its only connection. Ffmpeg lists what it
found before it writes, its WHIP muxer refuses what WebRTC cannot carry, and a second output lists the first packets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

# What browsers decode of H.264: 8 bits, with colour at half the size.
PLAIN_PIXELS = frozenset({"yuv420p", "yuvj420p"})

_WHO_ASKS = re.compile(r"//[^/\s]*@")
_LAST_WORDS = 200
_STEPS_BACK = 2
_STREAM = re.compile(r"^\s+Stream #0:\d+(?:\[[^\]]*\])?(?:\([^)]*\))?: (Video|Audio): (.*)$")
_SIZE = re.compile(r"^(\d{2,5})x(\d{2,5})\b")
_RATE = re.compile(r"^([\d.]+)(k?) fps$")
_PROFILE = re.compile(r"^\w+ \(([^()\[\]/]+)\)")


class Trouble(StrEnum):
    """Why a bridge does not go on; the values are stable."""

    B_FRAMES = "b_frames"
    PIXELS = "pixels"
    CODEC = "codec"
    NO_PICTURE = "no_picture"
    NO_MEDIA = "no_media"
    NOT_ADMITTED = "not_admitted"
    UNREACHABLE = "unreachable"
    REDIRECTED = "redirected"
    ADDRESS = "address"
    SILENT = "silent"
    PORT_TAKEN = "port_taken"
    DOOR_REFUSES = "door_refuses"
    DOOR_AWAY = "door_away"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """What the aircraft sends: codecs as ffmpeg names them, pixels, frames per second where they are said."""

    video_codec: str
    profile: str
    pixel_format: str
    width_px: int | None
    height_px: int | None
    frames_per_second: float | None
    audio_codec: str = ""


_Causes = tuple[tuple[re.Pattern[str], Trouble], ...]


def _causes(*pairs: tuple[str, Trouble]) -> _Causes:
    return tuple((re.compile(pattern), trouble) for pattern, trouble in pairs)


# In this order, for a later line says less than the first one that names the cause.
_AT_THE_DOOR = _causes(
    (r"Unsupported B frames by RTC", Trouble.B_FRAMES),
    (r"muxer supports only codec \w+ for type video|Unsupported video codec", Trouble.CODEC),
    (r"HTTP error 4\d\d|\[out#.*Server returned 4", Trouble.DOOR_REFUSES),
    (r"HTTP error 5\d\d|\[out#.*(?:Could not write header|Error muxing|Error submitting)", Trouble.DOOR_AWAY),
)
_AT_THE_INPUT = _causes(
    (r"matches no streams", Trouble.NO_PICTURE),
    (r"\[rtsp.*failed: 4\d\d", Trouble.NOT_ADMITTED),
    (r"Address already in use|Cannot assign requested address|unable to create/configure SRT", Trouble.PORT_TAKEN),
    (r"Connection timed out|Operation timed out", Trouble.SILENT),
    (r"Connection refused|No route to host|Network is unreachable|Connection reset", Trouble.UNREACHABLE),
    (r"could not find codec parameters|Invalid data found|Could not find codec parameters", Trouble.NO_MEDIA),
)
# Once pictures come, a line about a damaged one is none about the end.
_WHILE_PASSING = _causes((r"\[in#.*timed out", Trouble.SILENT))


class Reading:
    """Takes what one run of ffmpeg says, line by line; nothing of it is kept but the facts.

    `is_taken` is whether the door took what the aircraft sends; `last_words` is the newest line for a log, without
    the user and password that an address may have.
    """

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.source: Source | None = None
        self.trouble: Trouble | None = None
        self.last_words = ""
        self.is_taken = False
        self._steps_back = 0
        self._audio_codec = ""
        self._video: Source | None = None
        self._is_input_over = False
        self._latest: int | None = None

    def take_log(self, line: str) -> None:
        """Take a line of the log: the streams of the input, then what went wrong."""
        if line.startswith("Stream mapping:"):
            self._end_input()
            return
        # Said when the WHIP muxer has its connection, and not before.
        self.is_taken = self.is_taken or line.startswith("Output #0, whip")
        if not self._is_input_over and (found := _STREAM.match(line)):
            self._take_stream(found[1], found[2])
            return
        self.last_words = _WHO_ASKS.sub("//", line)[:_LAST_WORDS]
        if self.trouble is None:
            causes = (*_AT_THE_DOOR, *(_WHILE_PASSING if self._is_input_over else _AT_THE_INPUT))
            self.trouble = next((trouble for pattern, trouble in causes if pattern.search(line)), None)

    def take_packet(self, line: str) -> None:
        """Take a line about a packet of the picture: stream, time of decoding, time of showing, in this order."""
        fields = line.split(",")
        if len(fields) < 3 or not fields[0].strip().isdigit():
            return
        try:
            shown_at = int(fields[2])
        except ValueError:
            return
        if self._latest is not None and shown_at < self._latest:
            self._steps_back += 1
        else:
            self._latest = shown_at

    @property
    def is_out_of_order(self) -> bool:
        """Return whether packets are decoded in another order than shown; one step back may be a clock that was set."""
        return self._steps_back >= _STEPS_BACK

    def _take_stream(self, kind: str, text: str) -> None:
        if kind == "Video" and self._video is None:
            self._video = _read_video(text)
        elif kind == "Audio" and not self._audio_codec:
            self._audio_codec = _word(text)

    def _end_input(self) -> None:
        """The input's list is whole: what there is of it is the source, and what went wrong before went well."""
        if self._video is not None:
            self.source, self.trouble = replace(self._video, audio_codec=self._audio_codec), None
        self._is_input_over = True


def _read_video(text: str) -> Source:
    """Read "h264 (High), yuv420p(tv, progressive), 1280x720 [SAR 1:1], 30 fps"."""
    codec, *others = _split(text)
    profile = _PROFILE.match(codec)
    size = next((found for field in others if (found := _SIZE.match(field))), None)
    rate = next((found for field in others if (found := _RATE.match(field))), None)
    return Source(
        video_codec=_word(codec),
        profile=profile[1] if profile else "",
        pixel_format=_word(others[0]) if others else "",
        width_px=int(size[1]) if size else None,
        height_px=int(size[2]) if size else None,
        frames_per_second=_frames(rate[1], rate[2]) if rate else None,
    )


def _split(text: str) -> list[str]:
    """Split at commas that stand in no brackets."""
    fields, depth = [""], 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            fields.append("")
        else:
            fields[-1] += character
    return [field.strip() for field in fields]


def _word(text: str) -> str:
    found = re.match(r"\w+", text)
    return found[0] if found else ""


def _frames(number: str, thousands: str) -> float | None:
    try:
        return float(number) * (1_000 if thousands else 1)
    except ValueError:
        return None
