"""Which port an aircraft's encoder calls by SRT: each force has some of the machine's, each aircraft keeps its own."""

from __future__ import annotations

from django.conf import settings

from drones.models import Aircraft
from forces.context import current_force
from forces.models import Force


def give_slot(aircraft: Aircraft) -> None:
    """Give an aircraft that may send by SRT the first free port of the force's; with none free it has none."""
    if Aircraft.Protocol.SRT not in aircraft.protocols or aircraft.srt_slot is not None:
        return
    taken = set(Aircraft.objects.exclude(srt_slot=None).values_list("srt_slot", flat=True))
    free = (slot for slot in range(settings.SRT_PORTS_EACH) if slot not in taken)
    aircraft.srt_slot = next(free, None)
    aircraft.save(update_fields=["srt_slot"])


def srt_port(aircraft: Aircraft) -> int | None:
    """Return an aircraft's port, or None where it has none."""
    if aircraft.srt_slot is None:
        return None
    first, last = settings.SRT_PORTS
    number: int = Force.objects.values_list("pk", flat=True).get(schema_name=current_force().schema)
    port: int = first + (number - 1) * settings.SRT_PORTS_EACH + aircraft.srt_slot
    return port if port <= last else None
