"""What each of the sockets answers for itself: whom it lets in, what it reads, how much it bears."""

from __future__ import annotations

from typing import ClassVar

from streams.consumers.dispatcher import BESIDE, URGENT
from streams.wire import ClientFrame


class Admission:
    """The part of a socket that subclasses fill in."""

    handlers: ClassVar[dict[type[ClientFrame], str]]
    rate: ClassVar[tuple[float, int]]
    urgent: ClassVar[tuple[type[ClientFrame], ...]] = URGENT  # wait for nobody, with an allowance of their own
    beside: ClassVar[tuple[type[ClientFrame], ...]] = BESIDE  # go beside the others
    most_open = 8
    guard_rounds: float = 1  # how many of the guard's 30 s pass between two looks
    holder = ""  # whose sockets are counted together, known once admitted

    def decode(self, text: str) -> ClientFrame:
        """Read a frame of this socket; raises `WireError`."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Admit the client and send the first frame; a `DomainError` refuses it."""
        raise NotImplementedError

    async def heard(self) -> None:
        """The client pinged; a `DomainError` means that it may not go on."""

    async def check(self) -> None:
        """Whether the client may still be here; a `DomainError` means that it may not."""

    async def finish(self) -> None:
        """The socket is gone: give back what it held."""
