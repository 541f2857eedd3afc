"""ASGI entry: pages and REST by Django, sockets by Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter

from forces.asgi import DjangoApplication
from forces.sockets import ForceSocketMiddleware
from streams.routing import websocket_urlpatterns

application = ProtocolTypeRouter(
    {
        "http": DjangoApplication(),
        "websocket": ForceSocketMiddleware(URLRouter(websocket_urlpatterns)),
    }
)
