"""ASGI entry: pages and REST by Django, sockets by Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter

from forces.sockets import ForceSocketMiddleware
from streams.routing import websocket_urlpatterns

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": ForceSocketMiddleware(URLRouter(websocket_urlpatterns)),
    }
)
