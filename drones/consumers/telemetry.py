"""`/ws/telemetry/`: an aircraft, or what speaks for it, says where it is; admitted by its key in a header."""

from __future__ import annotations

from drones.bearers import digest_of
from drones.services.telemetry import Answer, Message
from drones.signalling import telemetry
from drones.telemetry.messages import TelemetryFixes, TelemetryFrame, decode_telemetry
from drones.wire import TelemetryKept, TelemetryReady
from forces import clock
from streams.consumers.dispatcher import error_frame
from streams.consumers.socket import WireSocket
from streams.wire import wire_time


class TelemetrySocket(WireSocket):
    """One line of one aircraft."""

    rate = (20.0, 60)
    most_open = 2
    handlers = {TelemetryFixes: "telemetry_fixes"}

    def decode(self, text: str) -> TelemetryFrame:
        """Read a frame of this socket; raises `WireError`."""
        return decode_telemetry(text)

    async def begin(self) -> None:
        """Refuse a key that opens nothing; say that the line is there."""
        headers = dict(self.scope["headers"])
        self.holder = digest_of(headers.get(b"authorization", b"").decode("latin1"))
        await self.check()
        self.outbox.put(TelemetryReady(now=wire_time(clock.now())))

    async def check(self) -> None:
        """Whether the key stands, and the aircraft is in the air."""
        await telemetry.admit(self.force, self.holder, self.door["request_id"])

    async def telemetry_fixes(self, frame: TelemetryFixes) -> None:
        """Take fixes in; they are acknowledged when they are durable."""

        def told(answer: Answer) -> None:
            kept = TelemetryKept(count=answer.kept, refused=answer.refused, ref=frame.ref)
            self.outbox.put(kept if answer.error is None else error_frame(answer.error, frame.ref))

        fixes = [fix.to_fix() for fix in frame.fixes]
        message = Message(self.holder, self.door["request_id"], fixes, frame.picture_delay_ms)
        telemetry.take(self.force, message, told)
