"""What an aircraft sends as JSON, and the line on which it sends."""

from __future__ import annotations

import json
from typing import Any

import httpx
from channels.testing import WebsocketCommunicator

from config.asgi import application
from drones.models import AircraftPoint
from forces import clock
from tests.drones.devices import Device
from tests.streams.socket_peers import DEADLINE_S, Peer

PLACE = {"latitude": 51.7957, "longitude": -0.081}


def now_ms() -> int:
    """Return the server's clock in ms since 1970."""
    return int(clock.now().timestamp() * 1000)


def fix(**changed: Any) -> dict[str, Any]:
    """Return a fix of now, whose camera looks straight down from 100 m."""
    view = {"height_m": 100, "altitude_m": 170, "heading_deg": 90, "gimbal_pitch_deg": -90, "battery_percent": 71}
    return {"fixed_at": now_ms(), **PLACE, **view, **changed}


def message(*fixes: dict[str, Any], **changed: Any) -> str:
    """Return a message of fixes, one of now where none is named."""
    return json.dumps({"type": "telemetry.fixes", "ref": "4711", "fixes": fixes or [fix()], **changed})


async def post(device: Device, body: str | bytes | None = None, **headers: str) -> httpx.Response:
    """Post a message as a device."""
    return await device.ask("POST", "/telemetry", message() if body is None else body, "application/json", **headers)


def points() -> list[AircraftPoint]:
    """Return all that is kept, oldest first."""
    return list(AircraftPoint.objects.order_by("fixed_at"))


class AircraftLine(Peer):
    """An open socket of an aircraft: a key in a header, and neither cookie nor Origin."""

    def __init__(self, device: Device, *more: tuple[bytes, bytes]) -> None:
        headers = [(b"host", f"{device.schema}.localhost".encode()), *more]
        if device.key:
            headers.append((b"authorization", f"Bearer {device.key}".encode()))
        self.line = WebsocketCommunicator(application, "/ws/telemetry/", headers=headers)
        self.seen = []

    async def refused_with(self) -> tuple[str, int]:
        """Connect; return the code of the error, and that of the close."""
        connected, _ = await self.line.connect(timeout=DEADLINE_S)
        assert connected
        code = await self.close_code()
        return str(self.seen[-1]["code"]), code
