"""One force's caller of the demonstration: call after call, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from streams.simulation.attendance import attending
from streams.simulation.caller import Caller
from streams.simulation.clip import Clip, ClipError, clip_name, make_clip
from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.operator import Operator
from streams.simulation.pauses import pause_seconds
from streams.simulation.scenarios import Scenario, scenario_for
from streams.simulation.sign_ins import SignIn, read_sign_in

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """What simulated callers are given: files of the state directory, and ffmpeg; `callers` call at a time."""

    schema: str
    sign_ins: Path
    clips: Path
    ffmpeg: str
    callers: int = 1


async def run(setting: Setting) -> None:
    """Call, wait, call again, with as many callers at a time as are wanted. Returns only by cancellation."""
    story = scenario_for(setting.schema)
    # Encoding takes all of a machine: one clip after the other.
    encoding = asyncio.Lock()
    async with asyncio.TaskGroup() as callers:
        for number in range(setting.callers):
            callers.create_task(_call_again_and_again(setting, story.place(number, setting.callers), encoding))


async def _call_again_and_again(setting: Setting, scenario: Scenario, encoding: asyncio.Lock) -> None:
    """One caller; failures are logged and waited out."""
    failures, is_first = 0, True
    while True:
        try:
            async with encoding:
                clip = await asyncio.to_thread(prepare_clip, setting, scenario)
            sign_in = read_sign_in(setting.sign_ins, setting.schema)
            end = await one_call(sign_in, scenario, clip, ends_leftovers=is_first)
            failures, is_first = 0, False
            logger.info("the simulated call is over: %s", end)
        except (SimulationError, ClipError) as error:
            failures += 1
            logger.warning("the simulated call failed: %s", error)
        except Exception:
            failures += 1
            logger.exception("the simulated call broke")
        await asyncio.sleep(pause_seconds(failures))


async def one_call(sign_in: SignIn, scenario: Scenario, clip: Clip, *, ends_leftovers: bool) -> str:
    """An operator invites and keeps the session open, a caller follows the link; returns who ended it and why.

    `ends_leftovers`: first end what an earlier run, killed without a word, has left open.
    """
    async with Door(sign_in.base_url) as desk, Door(sign_in.base_url) as phone:
        operator = Operator(desk, sign_in)
        await operator.sign_in()
        if ends_leftovers:
            await operator.end_leftovers(scenario)
        invited = await operator.invite(scenario)
        logger.info("the simulated caller has got a link")
        async with attending(desk, invited.session_id):
            return await Caller(phone, scenario, clip).call(invited.link)


def prepare_clip(setting: Setting, scenario: Scenario) -> Clip:
    """The force's clip, encoded on first use. Raises ClipError."""
    path = setting.clips / clip_name(scenario.tint)
    make_clip(setting.ffmpeg, path, scenario.tint)
    return Clip.load(path)
