"""Aircraft of the demonstration: one for each way in which a picture may come. Never in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from drones.models import Aircraft
from drones.services.keys import issue_key
from forces import clock
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.context import current_force

# As ports.py has it: the doors of machines, RTMP, four web processes, then a camera for each force.
CAMERAS_AFTER_MACHINE = 6
FORCES = ("beds", "cambs", "herts")
ACTOR = Actor(kind="system", id="seed_demo", name="seed_demo", role=Role.FORCE_ADMIN)
_MODELS = {"whip": "Matrice 4T", "rtmp": "Mavic 3T", "srt": "Matrice 350", "rtsp": "Matrice 30T"}
# Of the shape that the CAA gives out, and nobody's.
_OPERATOR_ID = "GBR-OP-7QK2MZ5TXW4R"


def seed_demo() -> dict[str, Any]:
    """Make or complete the active force's aircraft, give each a new key, and return what its simulator needs.

    Shape: ``{protocol: {"id", "name", "key", "srt_port", "srt_passphrase", "rtmp_port", "rtsp_port"}}``.
    """
    return {protocol: _seed(protocol) for protocol in _MODELS}


def _seed(protocol: str) -> dict[str, Any]:
    schema = current_force().schema
    rtsp_port = settings.MACHINE_PORT + CAMERAS_AFTER_MACHINE + FORCES.index(schema)
    fields = {
        "make": "DJI",
        "model": _MODELS[protocol],
        "operator_id": _OPERATOR_ID,
        "horizontal_fov_deg": 72.0,
        "vertical_fov_deg": 44.0,
        "protocols": [protocol],
        "rtsp_address": f"rtsp://127.0.0.1:{rtsp_port}/live" if protocol == "rtsp" else "",
    }
    serial = f"SIM-{schema}-{protocol}".upper()
    aircraft, _ = Aircraft.objects.update_or_create(serial=serial, defaults=fields)
    issued = issue_key(actor=ACTOR, now=clock.now(), aircraft_id=aircraft.pk)
    return {
        "id": str(aircraft.pk),
        "name": str(aircraft),
        "key": issued.key,
        "srt_port": issued.srt_port,
        "srt_passphrase": issued.srt_passphrase,
        "rtmp_port": settings.RTMP_PORT,
        "rtsp_port": rtsp_port,
    }
