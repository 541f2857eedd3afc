"""Addresses of the sockets of consultations."""

from __future__ import annotations

from typing import Any, cast

from django.urls import path

from consultations.consumers.desk import DeskSocket
from consultations.consumers.meeting import MeetingSocket

websocket_urlpatterns = [
    path("ws/meeting/", cast(Any, MeetingSocket.as_asgi())),
    path("ws/consultation/", cast(Any, DeskSocket.as_asgi())),
]
