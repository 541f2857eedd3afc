"""The words of a bridge's ffmpeg: what each protocol needs, and what must not stand there."""

from __future__ import annotations

from itertools import pairwise

import pytest

from drones.ingest.commands import Command, Door, MediaInput, RtmpInput, RtspInput, SrtInput, bridge_command
from drones.ingest.treatments import Policy, Treatment

DOOR = Door("http://127.0.0.1:9000/whip/herts", "b3arer")
RTMP = RtmpInput("rtmp://127.0.0.1:1935/live/opaque")
SRT = SrtInput(port=7001, passphrase="twelve letters", latency_ms=200)
RTSP = RtspInput("rtsp://pilot:s3cret@127.0.0.1:4000/live?channel=1")
SECRETS = ("twelve letters", "pilot", "s3cret")


def command(source: MediaInput, treatment: Treatment = Treatment.COPY, policy: Policy | None = None) -> Command:
    return bridge_command("/opt/ffmpeg", source, DOOR, treatment, policy or Policy())


def after(words: tuple[str, ...], word: str) -> list[str]:
    """What follows each of these words."""
    return [following for found, following in pairwise(words) if found == word]


@pytest.mark.parametrize("source", [RTMP, SRT, RTSP])
@pytest.mark.parametrize("treatment", list(Treatment))
def test_no_secret_of_the_aircraft_stands_among_the_words_and_none_in_a_trace(
    source: MediaInput, treatment: Treatment
) -> None:
    made = command(source, treatment)

    for secret in SECRETS:
        assert secret not in " ".join(made.words)
    assert not [secret for secret in ("b3arer", *SECRETS) if secret in repr((made, source, DOOR))]


@pytest.mark.parametrize("treatment", list(Treatment))
def test_bearer_of_the_door_belongs_to_the_whip_output(treatment: Treatment) -> None:
    words = command(RTMP, treatment).words

    assert after(words, "-authorization") == ["b3arer"]
    assert words.index("-authorization") < words.index(DOOR.url)


def test_rtmp_is_read_from_our_own_server_by_its_address() -> None:
    made = command(RTMP)

    assert after(made.words, "-i") == [RTMP.url]
    assert after(made.words, "-protocol_whitelist") == ["rtmp,tcp"]
    assert made.script == ""


def test_srt_listens_with_its_passphrase_in_the_script() -> None:
    made = command(SRT)

    assert after(made.words, "-i") == ["{script}"]
    assert after(made.words, "-protocol_whitelist") == ["file,srt,udp"]
    lines = made.script.splitlines()
    assert lines[:2] == ["ffconcat version 1.0", "file 'srt://0.0.0.0:7001'"]
    assert {"option mode 'listener'", "option passphrase 'twelve letters'", "option latency '200000'"} <= set(lines)
    assert "option enforced_encryption '1'" in lines


def test_rtsp_is_read_over_tcp_by_the_script() -> None:
    made = command(RTSP)

    assert after(made.words, "-i") == ["{script}"]
    assert made.script.splitlines()[1] == f"file '{RTSP.url}'"
    assert "option rtsp_transport 'tcp'" in made.script.splitlines()


@pytest.mark.parametrize("source", [RTMP, SRT, RTSP])
def test_copied_picture_is_not_encoded_and_its_first_packets_are_listed(source: MediaInput) -> None:
    words = command(source).words

    assert after(words, "-c:v") == ["copy", "copy"]
    assert "libx264" not in words
    assert words[-3:] == ("-f", "framecrc", "pipe:1")
    assert after(words, "-f")[-2:] == ["whip", "framecrc"]
    assert DOOR.url in words


def test_picture_that_is_encoded_anew_has_no_b_frames_and_waits_for_nothing() -> None:
    words = command(RTMP, Treatment.TRANSCODE, Policy(most_kbps=1_800)).words

    assert after(words, "-c:v") == ["libx264"]
    assert after(words, "-bf") == ["0"]
    assert after(words, "-tune") == ["zerolatency"]
    assert after(words, "-pix_fmt") == ["yuv420p"]
    assert after(words, "-maxrate") == ["1800k"]
    assert words[-1] == DOOR.url


def test_sound_becomes_opus_or_is_left_out() -> None:
    with_sound, without = command(RTMP).words, command(RTMP, policy=Policy(has_sound=False)).words

    assert after(with_sound, "-c:a") == ["libopus"]
    assert after(with_sound, "-map") == ["0:v:0", "0:a:0?", "0:v:0"]
    assert "-an" in without
    assert "0:a:0?" not in without


@pytest.mark.parametrize("character", ["'", "\\", "\n", "\r", "\0"])
def test_secret_that_would_end_its_line_is_refused(character: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        command(SrtInput(7001, f"twelve{character}letters"))
    with pytest.raises(ValueError, match="secret"):
        command(RtspInput(f"rtsp://127.0.0.1:4000/{character}"))
