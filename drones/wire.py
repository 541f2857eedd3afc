"""What aircraft are answered; `drones/TELEMETRY.md` is the text of it."""

from __future__ import annotations

from streams.wire import ServerFrame


class TelemetryReady(ServerFrame, frozen=True, tag="telemetry.ready"):
    """The socket takes telemetry; `now` is the server's clock."""

    now: str


class TelemetryKept(ServerFrame, frozen=True, tag="telemetry.kept"):
    """`count` fixes of a message are durable; `refused` are too old, and would be if they came again."""

    count: int
    refused: int
