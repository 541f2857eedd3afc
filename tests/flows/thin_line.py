"""A thin line between a phone and the media server: a relay of UDP that lets so many bits a second through.

The phone's browser is told the relay's address in place of the media server's, and says no address of its own, so that
there is no way around. What goes by HTTP and WebSocket is throttled by the browser itself.
"""

import asyncio
import threading
from collections import deque
from typing import Any

# A router's buffer: what does not fit in is lost.
BUFFER_BYTES = 24_000
TICK_S = 0.01

ONLY_WAY = """
(() => {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    addEventListener(type, ...rest) {
      if (type !== "icecandidate") super.addEventListener(type, ...rest);
    }
    async setRemoteDescription(description) {
      const found = / ([0-9.]+) ([0-9]+) typ host/.exec(description.sdp);
      const [text, host, port] = found;
      const through = await window.throughRelay(host, Number(port));
      const sdp = description.sdp.replaceAll(text, ` 127.0.0.1 ${through} typ host`);
      return super.setRemoteDescription({ type: description.type, sdp });
    }
  };
})();
"""


class _Ear(asyncio.DatagramProtocol):
    """Hands on what it hears."""

    def __init__(self, hear: Any) -> None:
        self._hear = hear
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._hear(data, addr)


class ThinLine:
    """One phone's line; runs in a thread of its own. `bits_per_s`: None is free, 0 lets nothing through either way."""

    def __init__(self) -> None:
        self.bits_per_s: int | None = None
        self._loop = asyncio.new_event_loop()
        self._waiting: deque[tuple[bytes, Any]] = deque()
        self._waiting_bytes = 0
        self._allowance = 0.0
        self._pump: asyncio.Task[None] | None = None
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def lead(self, context: Any) -> None:
        """Make this the only way out of the pages of a browser's context."""
        context.expose_function("throughRelay", self.open_to)
        context.add_init_script(ONLY_WAY)

    def open_to(self, host: str, port: int) -> int:
        """Open a port that leads to the media server's; returns its number."""
        return asyncio.run_coroutine_threadsafe(self._open(host, port), self._loop).result(10)

    def close(self) -> None:
        """End the relay."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _open(self, host: str, port: int) -> int:
        phone: list[Any] = []
        far, _ = await self._loop.create_datagram_endpoint(
            lambda: _Ear(lambda data, _: self._down(near, data, phone)), remote_addr=(host, port)
        )

        def up(data: bytes, addr: Any) -> None:
            phone[:] = [addr]
            self._up(far, data)

        near, _ = await self._loop.create_datagram_endpoint(lambda: _Ear(up), local_addr=("127.0.0.1", 0))
        self._pump = self._pump or self._loop.create_task(self._let_through())
        number: int = near.get_extra_info("sockname")[1]
        return number

    async def _end(self) -> None:
        if self._pump is not None:
            self._pump.cancel()

    def _down(self, near: Any, data: bytes, phone: list[Any]) -> None:
        if phone and self.bits_per_s != 0:
            near.sendto(data, phone[0])

    def _up(self, far: Any, data: bytes) -> None:
        if self.bits_per_s == 0:
            return
        if self.bits_per_s is None and not self._waiting:
            far.sendto(data)
        elif self._waiting_bytes + len(data) <= BUFFER_BYTES:
            self._waiting.append((data, far))
            self._waiting_bytes += len(data)

    async def _let_through(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            rate = 100_000_000 if self.bits_per_s is None else self.bits_per_s
            self._allowance = min(self._allowance + rate / 8 * TICK_S, 3_000 + rate / 8 * TICK_S)
            while self._waiting and len(self._waiting[0][0]) <= self._allowance:
                data, far = self._waiting.popleft()
                self._waiting_bytes -= len(data)
                self._allowance -= len(data)
                far.sendto(data)
