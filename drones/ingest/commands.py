"""The ffmpeg of a bridge: its words for each protocol, and its secrets, which are not among them but for one.

Everybody on a machine can read the words of a process. So passphrase and address of the aircraft are a script of
ffmpeg's concat demuxer, read from a pipe that the process inherits. For the bearer of its WHIP muxer ffmpeg has no way
but its words (its presets do not reach a muxer): it opens a gate of this one run, and no door (`whip_gate`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drones.ingest.treatments import Policy, Treatment

# As long as a line may be silent before the bridge is begun anew, in microseconds.
SILENCE_US = 10_000_000
# How many packets of the picture are looked at for their order: two seconds at 30 frames.
PACKETS_SEEN = 60
SCRIPT = "{script}"

_FORBIDDEN = ("'", "\\", "\n", "\r", "\0")


@dataclass(frozen=True, slots=True)
class Door:
    """A WHIP endpoint on loopback, and what admits this run there: a gate's (`whip_gate`)."""

    url: str
    bearer: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RtmpInput:
    """A stream at our own RTMP server, which asked before it took it: `rtmp://127.0.0.1:1935/live/<name>`."""

    url: str


@dataclass(frozen=True, slots=True)
class SrtInput:
    """A port that listens for one encoder with a passphrase of 10 to 64 characters; 120 ms by custom."""

    port: int
    passphrase: str = field(repr=False)
    address: str = "0.0.0.0"  # noqa: S104 (an encoder comes from outside; who it is, its passphrase proves)
    latency_ms: int = 120


@dataclass(frozen=True, slots=True)
class RtspInput:
    """A camera behind a gate on loopback (`rtsp_gate`), by the address that the gate gave."""

    url: str = field(repr=False)


MediaInput = RtmpInput | SrtInput | RtspInput


@dataclass(frozen=True, slots=True)
class Command:
    """Words with a place for the number of a pipe, and what is read from it."""

    words: tuple[str, ...] = field(repr=False)
    script: str = field(default="", repr=False)


def bridge_command(ffmpeg: str, source: MediaInput, door: Door, treatment: Treatment, policy: Policy) -> Command:
    """Return the bridge from `source` to `door`; raises `ValueError` for secrets that cannot be written down."""
    words = [ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-fflags", "nobuffer"]
    words += _input_words(source)
    words += ["-map", "0:v:0", *_picture_words(treatment, policy), *_sound_words(policy)]
    # Sound that stops must not hold the picture back: ffmpeg would wait ten seconds for it.
    words += ["-max_interleave_delta", "100000", "-authorization", door.bearer, "-f", "whip", door.url]
    if treatment is Treatment.COPY:
        words += ["-map", "0:v:0", "-c:v", "copy", "-frames:v", str(PACKETS_SEEN), "-f", "framecrc", "pipe:1"]
    return Command(tuple(words), _script(source))


def _input_words(source: MediaInput) -> list[str]:
    # What ffmpeg may open is named: no list of files, no other protocol, whatever the input says.
    if isinstance(source, RtmpInput):
        timing = ["-rtmp_live", "live", "-rw_timeout", str(SILENCE_US), "-analyzeduration", "1000000"]
        return ["-protocol_whitelist", "rtmp,tcp", *timing, "-f", "live_flv", "-i", source.url]
    protocols = "file,srt,udp" if isinstance(source, SrtInput) else "file,tcp,rtp"
    return ["-protocol_whitelist", protocols, "-f", "concat", "-safe", "0", "-i", SCRIPT]


def _script(source: MediaInput) -> str:
    """A list of one input with its options, as the concat demuxer reads it."""
    if isinstance(source, RtmpInput):
        return ""
    if isinstance(source, SrtInput):
        url = f"srt://{source.address}:{source.port}"
        options = {
            "mode": "listener",
            "passphrase": source.passphrase,
            "enforced_encryption": "1",
            "latency": str(source.latency_ms * 1_000),
            "timeout": str(SILENCE_US),
        }
    else:
        url, options = source.url, {"rtsp_transport": "tcp", "timeout": str(SILENCE_US)}
    options |= {"analyzeduration": "1000000", "fflags": "nobuffer"}
    lines = [f"option {name} '{_written(value)}'" for name, value in options.items()]
    return "\n".join(["ffconcat version 1.0", f"file '{_written(url)}'", *lines, ""])


def _picture_words(treatment: Treatment, policy: Policy) -> list[str]:
    if treatment is Treatment.COPY:
        return ["-c:v", "copy"]
    rate = f"{policy.most_kbps}k"
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-bf", "0", "-profile:v", "baseline"),
        *("-pix_fmt", "yuv420p", "-b:v", rate, "-maxrate", rate, "-bufsize", rate),
        # Whoever begins to watch waits for the next whole picture.
        *("-force_key_frames", "expr:gte(t,n_forced*2)"),
    ]


def _sound_words(policy: Policy) -> list[str]:
    if not policy.has_sound:
        return ["-an"]
    return ["-map", "0:a:0?", "-c:a", "libopus", "-ar", "48000", "-ac", "2", "-b:a", "64k"]


def _written(text: str) -> str:
    """The text itself; raises `ValueError` where a line or a quote of a script would end within it."""
    if any(character in text for character in _FORBIDDEN):
        raise ValueError("a secret has no quotes, backslashes or line breaks")
    return text
