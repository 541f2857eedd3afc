"""The few things we read from and write into an SDP; everything else passes through untouched."""

from __future__ import annotations

import re

_NAME = re.compile(r"^s=[^\r\n]*", re.MULTILINE)
_VP8 = re.compile(r"^a=rtpmap:(\d+) VP8/", re.IGNORECASE)


def without_name(sdp: str) -> str:
    """The offer `sdp` with no name of its session: Janus writes the room's, which a viewer has no need to know."""
    return _NAME.sub("s=-", sdp)


def is_video_refused(sdp: str) -> bool:
    """Whether an answer has a video section and every one of them is turned down.

    Browsers refuse with port 0, Janus with `a=inactive`. Both connect all the same and report no error, so
    that these lines are the only sign.
    """
    sections = [section for section in _media_sections(sdp) if section[0].startswith("m=video ")]
    return bool(sections) and all(_is_turned_down(section) for section in sections)


def is_sound_alone(sdp: str) -> bool:
    """Whether an offer has one section, and it is sound."""
    return [section[0].split()[0] for section in _media_sections(sdp)] == ["m=audio"]


def _is_turned_down(section: list[str]) -> bool:
    return section[0].split()[1:2] == ["0"] or "a=inactive" in section


def _media_sections(sdp: str) -> list[list[str]]:
    """The lines of each section, its m= line first; what stands before the first one is left out."""
    sections: list[list[str]] = []
    for line in _lines(sdp):
        if line.startswith("m="):
            sections.append([])
        if sections:
            sections[-1].append(line)
    return sections


def with_start_bitrate(sdp: str, kbit_s: int) -> str:
    """The answer `sdp` with VP8's start bitrate set, for the publisher's browser.

    Chromium starts at 300 kbit/s and drops the first frames of a 720p camera; told to start higher it
    shows a picture about 130 ms earlier. Other codecs and other browsers ignore the parameter.
    """
    wish = f"x-google-start-bitrate={kbit_s}"
    lines = _lines(sdp)
    for payload in [match[1] for match in map(_VP8.match, lines) if match]:
        lines = _with_format_parameter(lines, payload, wish)
    return "".join(f"{line}\r\n" for line in lines)


def _with_format_parameter(lines: list[str], payload: str, parameter: str) -> list[str]:
    """Extend the payload's fmtp line, or put a new one after its rtpmap line."""
    has_line = any(line.startswith(f"a=fmtp:{payload} ") for line in lines)
    result: list[str] = []
    for line in lines:
        extends = has_line and line.startswith(f"a=fmtp:{payload} ")
        result.append(f"{line};{parameter}" if extends else line)
        if not has_line and line.startswith(f"a=rtpmap:{payload} "):
            result.append(f"a=fmtp:{payload} {parameter}")
    return result


def _lines(sdp: str) -> list[str]:
    return [line for line in sdp.replace("\r\n", "\n").split("\n") if line]
