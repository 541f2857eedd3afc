"""Addresses of the sockets."""

from __future__ import annotations

from typing import Any, cast

from django.urls import path

from streams.consumers.agency import AgencySocket
from streams.consumers.caller import CallerSocket
from streams.consumers.console import ConsoleSocket
from streams.consumers.officer import OfficerSocket

websocket_urlpatterns = [
    path("ws/agency/", cast(Any, AgencySocket.as_asgi())),
    path("ws/caller/", cast(Any, CallerSocket.as_asgi())),
    path("ws/console/", cast(Any, ConsoleSocket.as_asgi())),
    path("ws/officer/", cast(Any, OfficerSocket.as_asgi())),
]
