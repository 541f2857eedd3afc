"""How many sockets one sign-in or one opened link may have at a time: the one heard longest ago gives way."""

from __future__ import annotations

from typing import Any

from forces import clock
from forces.context import ForceRef
from streams.signalling import presence


class Places:
    """One socket's place among those of its holder."""

    def __init__(self, force: ForceRef, layer: Any, channel: str, most: int) -> None:
        """`layer` is the channel layer, `channel` the socket's own name in it, `most` the number of places."""
        self._force, self._layer, self._channel, self._most = force, layer, channel, most
        self._holder = ""

    async def take(self, holder: str) -> None:
        """Take a place, or keep it: this socket was heard just now. Where there are too many, others give way."""
        self._holder = holder
        at = clock.now().timestamp()
        for channel in await presence.take_place(self._force, holder, self._channel, self._most, at):
            await self._layer.send(channel, {"type": "wire.evicted"})

    async def leave(self) -> None:
        """Give the place back, if there is one."""
        if self._holder:
            await presence.leave_place(self._force, self._holder, self._channel)
