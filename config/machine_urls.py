"""Addresses for machines on loopback, and the two probes. No force is active here."""

from django.urls import path

from drones.api import rtmp
from forces import health
from streams.api.gateway_events import janus_events

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("machine/janus-events/", janus_events),
    path("machine/rtmp/publish/", rtmp.begin),
    path("machine/rtmp/update/", rtmp.go_on),
]
