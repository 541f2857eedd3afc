"""One force's officers of the demonstration: on duty until they are stopped."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.officer import Officer
from streams.simulation.patrols import patrol_of
from streams.simulation.pauses import pause_seconds
from streams.simulation.sign_ins import read_sign_in

logger = logging.getLogger(__name__)

NAME = "patrol{}"
"""The user names of simulated officers, counted from 1."""


async def run(schema: str, sign_ins: Path, officers: int) -> None:
    """Let so many officers of a force patrol. Returns only by cancellation."""
    async with asyncio.TaskGroup() as shift:
        for number in range(officers):
            shift.create_task(_work_again_and_again(schema, sign_ins, number))


async def _work_again_and_again(schema: str, sign_ins: Path, number: int) -> None:
    """One officer; failures are logged and waited out."""
    failures = 0
    while True:
        try:
            sign_in = read_sign_in(sign_ins, schema, NAME.format(number + 1))
            async with Door(sign_in.base_url) as phone:
                await Officer(phone, sign_in, patrol_of(schema, number)).work()
        except SimulationError as error:
            logger.warning("the simulated officer gave up: %s", error)
        except Exception:
            logger.exception("the simulated officer broke")
        failures += 1
        await asyncio.sleep(pause_seconds(failures))
