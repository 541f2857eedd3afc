"""Work of drones outside of requests: what is due."""

from __future__ import annotations

from drones.services.telemetry_retention import erase_telemetry as erase_batch
from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, in_force
from forces.tasks import force_task


@force_task("drones.tasks.erase_telemetry", max_retries=0)
def erase_telemetry(force: ForceRef) -> None:
    """Erase telemetry whose time is over, batch by batch; every hour."""
    while in_force(force, erase_batch, actor=Actor.system("retention"), now=clock.now()):
        pass
