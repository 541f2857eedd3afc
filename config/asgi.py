"""ASGI entry: pages and REST by Django, sockets by Channels."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter

from consultations.routing import websocket_urlpatterns as consultation_sockets
from drones.routing import DEVICES, device_urlpatterns
from forces.asgi import DjangoApplication
from forces.sockets import DeviceSocketMiddleware, ForceSocketMiddleware
from streams.routing import websocket_urlpatterns

_people = ForceSocketMiddleware(URLRouter([*websocket_urlpatterns, *consultation_sockets]))
_devices = DeviceSocketMiddleware(URLRouter(device_urlpatterns))


async def sockets(scope: Any, receive: Any, send: Any) -> None:
    """Serve a socket: people show a cookie and their page's Origin, devices a key in a header."""
    await (_devices if scope["path"].startswith(DEVICES) else _people)(scope, receive, send)


application = ProtocolTypeRouter({"http": DjangoApplication(), "websocket": sockets})
