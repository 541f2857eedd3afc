"""The peer: officers' positions by bare Daphne and Channels, with the same tick and fan-out. Imports nothing of ours.

Served by Daphne's own command line. An officer's socket (`/officer/<id>`) takes fixes in, confirms each frame at once,
and keeps the newest; every 250 ms what moved goes to the consoles (`/console`) in one group message. Nobody signs in,
nothing is kept, nobody is asked whether they are on duty.
"""

import asyncio
import json
import os
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="peer",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": os.environ["PEER_REDIS_URL"], "socket_timeout": None}], "prefix": "peer"},
        }
    },
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - settings first
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

TICK_SECONDS = 0.25
moved: dict[str, Any] = {}
ticking: list[asyncio.Task[None]] = []


async def tick() -> None:
    """Send what moved, for ever."""
    layer: Any = get_channel_layer()
    while True:
        await asyncio.sleep(TICK_SECONDS)
        if moved:
            officers = [{"id": name, "fix": fix} for name, fix in moved.items()]
            moved.clear()
            await layer.group_send("officers", {"type": "officers.moved", "officers": officers})


class OfficerConsumer(AsyncWebsocketConsumer):
    """One officer's phone."""

    async def connect(self) -> None:
        """Let everybody in."""
        self.name = self.scope["url_route"]["kwargs"]["name"]
        if not ticking:
            ticking.append(asyncio.create_task(tick()))
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame of fixes in."""
        frame = json.loads(text_data or "")
        moved[self.name] = frame["fixes"][-1]
        await self.send(json.dumps({"type": "duty.kept", "ref": frame["ref"], "count": len(frame["fixes"])}))


class ConsoleConsumer(AsyncWebsocketConsumer):
    """One console."""

    async def connect(self) -> None:
        """Let everybody in, and follow."""
        await self.channel_layer.group_add("officers", self.channel_name)
        await self.accept()

    async def officers_moved(self, event: dict[str, Any]) -> None:
        """Pass a tick on."""
        await self.send(json.dumps({"type": "officers.moved", "officers": event["officers"]}))


officers: Any = OfficerConsumer.as_asgi()
consoles: Any = ConsoleConsumer.as_asgi()
addresses: Any = [path("officer/<str:name>", officers), path("console", consoles)]
application = ProtocolTypeRouter({"websocket": URLRouter(addresses)})
