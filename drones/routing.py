"""Addresses of the sockets of aircraft."""

from __future__ import annotations

from typing import Any, cast

from django.urls import path

from drones.consumers.telemetry import TelemetrySocket

DEVICES = "/ws/telemetry/"
device_urlpatterns = [path("ws/telemetry/", cast(Any, TelemetrySocket.as_asgi()))]
