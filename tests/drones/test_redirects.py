"""Redirects of RTSP servers: none reaches ffmpeg, however it is dressed, and ordinary talk passes byte for byte."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drones.ingest.redirects import MOST_BYTES_BEFORE_PLAY, RedirectGuard, RedirectRefused

SDP = b"v=0\r\nm=video 0 RTP/AVP 96\r\na=control:rtsp://127.0.0.1/x"
DESCRIBED = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: %d\r\n\r\n" % len(SDP) + SDP
DENIED = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="a"\r\n\r\n'
MOVED = b"RTSP/1.0 302 Moved\r\nLocation: rtsp://127.0.0.1:6379/\r\n\r\n"


def passed(*pieces: bytes) -> bytes:
    guard = RedirectGuard()
    return b"".join(guard.from_server(piece) for piece in pieces)


def cut(whole: bytes, cuts: list[int]) -> list[bytes]:
    return [whole[start:end] for start, end in pairwise(sorted({0, *cuts, len(whole)}))]


def passed_until_refused(pieces: list[bytes]) -> bytes | None:
    """What passes before a piece is refused; None if none is."""
    guard, out = RedirectGuard(), b""
    for piece in pieces:
        try:
            out += guard.from_server(piece)
        except RedirectRefused:
            return out
    return None


@pytest.mark.parametrize("code", [300, 301, 302, 303, 305, 307, 399])
def test_redirect_is_refused(code: int) -> None:
    with pytest.raises(RedirectRefused):
        passed(MOVED.replace(b"302", b"%d" % code))


@pytest.mark.parametrize(
    "answer",
    [
        DESCRIBED + MOVED,  # after a body that does not end with a line
        b"RTSP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nabcd" + MOVED,
        b"$\x00\x00\x04abcd" + MOVED,  # after a packet of media
        b"\r\n" + MOVED,
        MOVED.replace(b"1.0 302", b"1.0\t302"),
        MOVED.replace(b"1.0 302", b"1.0  302"),
        MOVED.replace(b"1.0 302", b"1.0 +302"),
        MOVED.replace(b"1.0 302", b"1.0 0302"),
        MOVED.replace(b"1.0 302", b" 302"),
        MOVED.replace(b"1.0 302", b"1.0\r\n302"),
        MOVED.replace(b"1.0 302", b"11.0 302"),
        MOVED.replace(b"302", b"2000"),
        b"RTSP/1.0 200 OK\r\nServer: RTSP/1.0 302\r\n\r\n",
    ],
)
def test_redirect_in_disguise_is_refused(answer: bytes) -> None:
    with pytest.raises(RedirectRefused):
        passed(answer)


@settings(deadline=None)
@given(st.lists(st.integers(1, len(DESCRIBED + MOVED) - 1), max_size=8))
def test_redirect_is_refused_however_it_is_cut_into_pieces_and_nothing_of_it_passes(cuts: list[int]) -> None:
    out = passed_until_refused(cut(DESCRIBED + MOVED, cuts))

    assert out is not None
    assert DESCRIBED.startswith(out)


@settings(deadline=None)
@given(st.lists(st.integers(1, len(DENIED + DESCRIBED) - 1), max_size=8))
def test_ordinary_answers_pass_byte_for_byte_however_they_are_cut(cuts: list[int]) -> None:
    assert passed(*cut(DENIED + DESCRIBED, cuts)) == DENIED + DESCRIBED


def test_server_that_says_too_much_before_it_is_asked_to_play_is_refused() -> None:
    with pytest.raises(RedirectRefused):
        passed(b"x" * MOST_BYTES_BEFORE_PLAY, b"x")


@pytest.mark.parametrize(
    "asked",
    [
        (b"PLAY rtsp://127.0.0.1:5/ RTSP/1.0\r\n\r\n",),
        (b"SETUP rtsp://x RTSP/1.0\r\n\r\n", b"PL", b"AY rtsp://x RTSP/1.0\r\n\r\n"),
        (b"OPTIONS rtsp://x RTSP/1.0\r\n\r\nPLAY rtsp://x RTSP/1.0\r\n\r\n",),
    ],
)
def test_pictures_pass_unseen_once_they_are_asked_for(asked: tuple[bytes, ...]) -> None:
    guard = RedirectGuard()
    picture = b"$\x00\x05\xb4" + b"RTSP/1.0 3xx" + bytes(MOST_BYTES_BEFORE_PLAY)

    for piece in asked:
        assert guard.from_client(piece) == piece

    assert guard.from_server(picture) == picture


@pytest.mark.parametrize(
    "asked",
    [b"DESCRIBE rtsp://x/PLAY RTSP/1.0\r\n\r\n", b"OPTIONS rtsp://x RTSP/1.0\r\nX: DISPLAY ", b"REPLAY rtsp://x"],
)
def test_server_is_looked_at_until_play_itself_is_asked(asked: bytes) -> None:
    guard = RedirectGuard()
    guard.from_client(asked)
    guard.from_client(b" RTSP/1.0\r\n\r\n")

    with pytest.raises(RedirectRefused):
        guard.from_server(MOVED)


def test_what_was_held_back_goes_on_with_what_follows_the_question_to_play() -> None:
    guard = RedirectGuard()
    assert guard.from_server(b"RTSP/1.0 2") == b""

    guard.from_client(b"PLAY rtsp://x RTSP/1.0\r\n\r\n")

    assert guard.from_server(b"00 OK\r\n\r\n") == b"RTSP/1.0 200 OK\r\n\r\n"
