"""``python -m config.web_server``: Daphne, whose sockets make their sender wait for a reader that is slow.

Daphne itself hands everything to the operating system at once and keeps without bound what a phone on a bad line does
not take. Then no socket's outbox would ever fill, and nothing old would be dropped for what is new.
"""

import asyncio
import contextlib
import sys
from typing import Any

from autobahn.exception import Disconnected
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

# The loop that sends and hears everything takes turns with the threads that read and write rows, and stands in line
# behind all of them after each of its waits: by Python's own 5 ms a turn, twenty callers who began in one force within
# seconds kept messages from leaving for 4 s, and consoles lost their line.
SWITCH_SECONDS = 0.0005


class Pressure:
    """A push producer of Twisted's that produces nothing: it is told whether one connection takes more now."""

    def __init__(self, transport: Any) -> None:
        """``transport`` is the connection; more than 64 KiB that wait there are too much."""
        self._transport = transport
        self._may_write = asyncio.Event()
        self._may_write.set()
        # Daphne leaves the HTTP channel in this place, which no longer has a part in the connection.
        transport.unregisterProducer()
        transport.registerProducer(self, True)

    async def relieved(self) -> None:
        """Return as soon as the connection takes more, or is gone."""
        await self._may_write.wait()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Too much waits."""
        self._may_write.clear()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Everything is gone; a connection that only waited for that can end now."""
        self._may_write.set()
        if self._transport.disconnecting:
            self._transport.unregisterProducer()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """The connection is gone."""
        self._may_write.set()


class UnboundedOut(WebSocketProtocol):
    """A socket whose limit holds for what is read alone; Autobahn has one for both ways.

    A snapshot of a large force, or all that a stopped console missed, is larger than anything a page may send.
    """

    maxMessagePayloadSize: int  # noqa: N815 - Autobahn's name

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:  # noqa: N802 - Daphne's name
        """Write one message, however long it is; to a page that left just now nothing, Daphne tells so in a moment."""
        most_read, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
        try:
            with contextlib.suppress(Disconnected):
                super().serverSend(content, binary)
        finally:
            self.maxMessagePayloadSize = most_read


WebSocketFactory.protocol = UnboundedOut


class PatientServer(Server):
    """Daphne's server with back-pressure for sockets."""

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Write a message of the application; after one to a socket, wait until its connection takes more."""
        await super().handle_reply(protocol, message)
        details = self.connections.get(protocol)
        if details is None or "disconnected" in details:
            return
        if message["type"] == "websocket.accept":
            details["pressure"] = Pressure(protocol.transport)
        elif message["type"] == "websocket.send" and "pressure" in details:
            await details["pressure"].relieved()

    def protocol_disconnected(self, protocol: Any) -> None:
        """Let go whoever waits for a connection that is gone."""
        super().protocol_disconnected(protocol)
        if "pressure" in self.connections[protocol]:
            self.connections[protocol]["pressure"].stopProducing()


class WebServer(CommandLineInterface):
    """Daphne's command line for that server."""

    server_class = PatientServer


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_SECONDS)
    WebServer.entrypoint()
