"""Real recordings without a media server: clips encoded by ffmpeg, packed into RTP and into .mjr files.

The layout follows Janus's `src/record.c`; the packing follows RFC 6184 (H.264), RFC 7741 (VP8) and RFC 7587
(Opus).
"""

import json
import struct
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MTU = 1100
_FPS = 25
_VP8 = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k", "-g", "25"]
_VP8 += ["-auto-alt-ref", "0", "-f", "ivf"]
START_US = 1_900_000_000_000_000
"""Wall clock of the first packet of a recording unless told otherwise: 17 March 2030."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP payload: `at_ms` since the start, `ticks` of the codec's clock, `is_last` of its frame."""

    payload: bytes
    at_ms: int
    ticks: int
    is_last: bool


def write_mjr(path: Path, codec: str, packets: Sequence[Packet], *, start_us: int = START_US) -> Path:
    """Write `packets` as Janus would; sequence numbers follow the packets' own numbers, so that gaps show."""
    medium = "a" if codec == "opus" else "v"
    info = json.dumps({"t": medium, "c": codec, "s": start_us - 1000, "u": start_us}).encode()
    with path.open("wb") as out:
        out.write(b"MJR00002" + struct.pack(">H", len(info)) + info)
        for number, packet in enumerate(packets):
            if packet.payload:
                rtp = struct.pack(
                    ">BBHII", 0x80, 96 | (0x80 if packet.is_last else 0), number & 0xFFFF, packet.ticks, 0x51
                )
                body = rtp + packet.payload
                out.write(b"MEET" + struct.pack(">IH", packet.at_ms, len(body)) + body)
    return path


def lose(packets: Sequence[Packet], *, every: int, gap: range) -> list[Packet]:
    """Lose each `every`-th packet and all of `gap`, keeping the others' sequence numbers."""
    lost = (number % every == every - 1 or number in gap for number in range(len(packets)))
    return [Packet(b"", p.at_ms, p.ticks, p.is_last) if gone else p for p, gone in zip(packets, lost, strict=True)]


@cache
def h264(seconds: int, size: str = "320x240") -> tuple[Packet, ...]:
    """A moving test picture in H.264 as Chromium sends it: baseline, parameter sets before each key frame."""
    options = ["-c:v", "libx264", "-profile:v", "baseline", "-preset", "veryfast", "-g", "25", "-bf", "0"]
    stream = _encode(seconds, size, [*options, "-x264-params", "repeat-headers=1:slices=1", "-f", "h264"])
    return tuple(_packets(_h264_frames(stream), 90_000 // _FPS, 1000 // _FPS))


@cache
def vp8(seconds: int, size: str = "320x240") -> tuple[Packet, ...]:
    """A moving test picture in VP8."""
    stream = _encode(seconds, size, _VP8)
    frames = ([*_vp8_payloads(frame)] for frame in _ivf_frames(stream))
    return tuple(_packets(frames, 90_000 // _FPS, 1000 // _FPS))


@cache
def plain(seconds: int, colour: str, size: str = "320x180") -> tuple[Packet, ...]:
    """A picture in VP8 that is one colour all over, by which it is known again."""
    source = ["-f", "lavfi", "-i", f"color=c={colour}:s={size}:r={_FPS}:d={seconds}", "-pix_fmt", "yuv420p"]
    frames = ([*_vp8_payloads(frame)] for frame in _ivf_frames(_ffmpeg([*source, *_VP8])))
    return tuple(_packets(frames, 90_000 // _FPS, 1000 // _FPS))


def pause(packets: Sequence[Packet], *, since_ms: int, until_ms: int) -> list[Packet]:
    """Take out what lies between two times, as of a camera that was off: numbers go on without a gap."""
    return [packet for packet in packets if not since_ms <= packet.at_ms < until_ms]


@cache
def opus(seconds: int, hertz: int = 440) -> tuple[Packet, ...]:
    """A tone in Opus, 20 ms to a packet."""
    source = ["-f", "lavfi", "-i", f"sine=frequency={hertz}:sample_rate=48000:duration={seconds}"]
    stream = _ffmpeg([*source, "-c:a", "libopus", "-frame_duration", "20", "-f", "ogg"])
    return tuple(_packets(([packet] for packet in _ogg_packets(stream)), 960, 20))


def _encode(seconds: int, size: str, options: list[str]) -> bytes:
    source = f"testsrc2=size={size}:rate={_FPS}:duration={seconds}"
    return _ffmpeg(["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", *options])


def _ffmpeg(arguments: list[str]) -> bytes:
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *arguments, "-"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def _packets(frames: Iterable[list[bytes]], ticks: int, milliseconds: int) -> Iterator[Packet]:
    for number, payloads in enumerate(frames):
        for index, payload in enumerate(payloads):
            is_last = index == len(payloads) - 1
            yield Packet(payload, number * milliseconds, number * ticks, is_last)


def _h264_frames(stream: bytes) -> Iterator[list[bytes]]:
    """Group NAL units into frames: everything up to and with a slice."""
    frame: list[bytes] = []
    for unit in stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]:
        frame.extend(_h264_payloads(unit))
        if unit[0] & 0x1F in (1, 5):
            yield frame
            frame = []


def _h264_payloads(unit: bytes) -> Iterator[bytes]:
    if len(unit) <= _MTU:
        yield unit
        return
    indicator, kind, body = (unit[0] & 0xE0) | 28, unit[0] & 0x1F, unit[1:]
    for at in range(0, len(body), _MTU):
        edges = (0x80 if at == 0 else 0) | (0x40 if at + _MTU >= len(body) else 0)
        yield bytes([indicator, edges | kind]) + body[at : at + _MTU]


def _ivf_frames(stream: bytes) -> Iterator[bytes]:
    at = 32
    while at < len(stream):
        (length,) = struct.unpack_from("<I", stream, at)
        yield stream[at + 12 : at + 12 + length]
        at += 12 + length


def _vp8_payloads(frame: bytes) -> Iterator[bytes]:
    for at in range(0, len(frame), _MTU):
        yield bytes([0x10 if at == 0 else 0]) + frame[at : at + _MTU]


def _ogg_packets(stream: bytes) -> Iterator[bytes]:
    """Take the packets out of the pages, without the two header packets of Opus."""
    packets, partial, at = [], b"", 0
    while at < len(stream):
        count = stream[at + 26]
        at_body = at + 27 + count
        for lacing in stream[at + 27 : at_body]:
            partial += stream[at_body : at_body + lacing]
            at_body += lacing
            if lacing < 255:
                packets.append(partial)
                partial = b""
        at = at_body
    yield from packets[2:]
