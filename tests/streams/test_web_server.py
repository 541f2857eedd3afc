"""Our end of Daphne's sockets, without a line: what is written past the limit of what is read."""

import contextlib
from contextlib import AbstractContextManager

import pytest
from autobahn.exception import Disconnected
from daphne.ws_protocol import WebSocketProtocol

from config.web_server import UnboundedOut

MOST_READ = 100


@pytest.fixture
def socket() -> UnboundedOut:
    """Return a socket on which nothing larger than that is read."""
    made = UnboundedOut()
    made.maxMessagePayloadSize = MOST_READ
    return made


def test_limit_holds_for_reading_again_after_a_message_of_any_length(
    socket: UnboundedOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[int] = []
    monkeypatch.setattr(WebSocketProtocol, "serverSend", lambda self, *words: limits.append(self.maxMessagePayloadSize))
    socket.serverSend("x" * (MOST_READ + 1))
    assert (limits, socket.maxMessagePayloadSize) == ([0], MOST_READ)


@pytest.mark.parametrize(
    ("error", "told"),
    [(Disconnected("gone"), contextlib.nullcontext()), (ValueError("else"), pytest.raises(ValueError, match="else"))],
)
def test_page_that_left_just_now_is_no_error_and_anything_else_is(
    socket: UnboundedOut, monkeypatch: pytest.MonkeyPatch, error: Exception, told: AbstractContextManager[object]
) -> None:
    def fail(self: WebSocketProtocol, *words: object) -> None:
        raise error

    monkeypatch.setattr(WebSocketProtocol, "serverSend", fail)
    with told:
        socket.serverSend("anything")
    assert socket.maxMessagePayloadSize == MOST_READ
