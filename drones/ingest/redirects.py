"""No redirect passes on the way from an RTSP server to ffmpeg, which would follow one to anywhere.

Ffmpeg follows an answer of 3xx to OPTIONS, DESCRIBE and SETUP, has no option against it, and connects by itself. So
whatever the server says until ffmpeg asks to play is looked at: wherever "RTSP/" stands, at the beginning of a line or
not, it must begin an answer that is none. After that ffmpeg follows nothing, and pictures pass unseen.
"""

from __future__ import annotations

import re

MOST_BYTES_BEFORE_PLAY = 64 * 1024

_ANSWER = re.compile(rb"RTSP/[0-9]\.[0-9] [1245][0-9][0-9][ \r\n]")
_BEGINNING = b"RTSP/"
_LONGEST_ANSWER = len(b"RTSP/1.0 200 ")
_PLAY = b"\nPLAY "


class RedirectRefused(Exception):
    """The server answered with a redirect, or so that it might be one, or said too much before it was asked to play."""


class RedirectGuard:
    """Passes on what both sides of one connection say."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._is_playing = False
        self._seen = 0
        self._held = b""
        self._asked = b"\n"

    def from_client(self, data: bytes) -> bytes:
        """Return what goes on to the server: all of it."""
        if not self._is_playing:
            asked = self._asked + data
            self._is_playing, self._asked = _PLAY in asked, asked[1 - len(_PLAY) :]
        return data

    def from_server(self, data: bytes) -> bytes:
        """Return what goes on to the client now; raises `RedirectRefused`.

        The beginning of an answer is held back until it can be told what it is.
        """
        if self._is_playing:
            passed, self._held = self._held + data, b""
            return passed
        self._seen += len(data)
        if self._seen > MOST_BYTES_BEFORE_PLAY:
            raise RedirectRefused("the server says too much before it is asked to play")
        return self._pass_answers(self._held + data)

    def _pass_answers(self, text: bytes) -> bytes:
        place = text.find(_BEGINNING)
        while place >= 0:
            if _ANSWER.match(text, place) is None:
                if len(text) - place < _LONGEST_ANSWER and _may_become_answer(text[place:]):
                    return self._hold(text, place)
                raise RedirectRefused("the server answers with a redirect")
            place = text.find(_BEGINNING, place + len(_BEGINNING))
        return self._hold(text, _unfinished_beginning(text))

    def _hold(self, text: bytes, place: int) -> bytes:
        self._held = text[place:]
        return text[:place]


def _may_become_answer(text: bytes) -> bool:
    """Whether more bytes could make an answer of it that passes."""
    example = b"RTSP/1.0 200 "
    return _ANSWER.match(text + example[len(text) :]) is not None


def _unfinished_beginning(text: bytes) -> int:
    """Where a part of "RTSP/" ends the text, or its length."""
    for length in range(len(_BEGINNING) - 1, 0, -1):
        if text.endswith(_BEGINNING[:length]):
            return len(text) - length
    return len(text)
