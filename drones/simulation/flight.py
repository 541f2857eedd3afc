"""One force's flights of the demonstration: planned, launched, flown and landed, one after the other."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from drones.simulation.aircraft import SimulatedAircraft, read_aircraft
from drones.simulation.circle import Circle
from drones.simulation.clip import make_aerial_clip
from drones.simulation.sending import Picture, send
from streams.simulation.attendance import attending
from streams.simulation.clip import ClipError
from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.operator import Operator, safe_answers
from streams.simulation.pauses import pause_seconds
from streams.simulation.sign_ins import SignIn, read_sign_in

logger = logging.getLogger(__name__)

DESCRIPTION = "Simulated drone: a search over open ground."
LINK_KIND = "location_video"
FIXES_PER_SECOND = 4
LOOKING_SECONDS = 3.0
TELEMETRY_PATH = "/telemetry"
FLYING = "flying"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a simulated drone is given: files of the state directory, ffmpeg, and where it flies."""

    schema: str
    protocol: str
    sign_ins: Path
    clips: Path
    ffmpeg: str
    circle: Circle


async def run(setting: Setting) -> None:
    """Fly, land, fly again. Returns only by cancellation."""
    failures = 0
    while True:
        try:
            clip = await asyncio.to_thread(make_aerial_clip, setting.ffmpeg, setting.clips)
            sign_in = read_sign_in(setting.sign_ins, setting.schema)
            aircraft = read_aircraft(setting.sign_ins, setting.schema, setting.protocol)
            await one_flight(sign_in, aircraft, Picture(setting.ffmpeg, clip), setting.circle)
            failures = 0
            logger.info("the simulated flight is over")
        except (SimulationError, ClipError) as error:
            failures += 1
            logger.warning("the simulated flight failed: %s", error)
        except Exception:
            failures += 1
            logger.exception("the simulated flight broke")
        await asyncio.sleep(pause_seconds(failures))


async def one_flight(sign_in: SignIn, aircraft: SimulatedAircraft, picture: Picture, circle: Circle) -> None:
    """An operator plans and launches, the drone sends; returns when somebody has landed it."""
    async with Door(sign_in.base_url) as desk:
        await Operator(desk, sign_in).sign_in()
        await _land_leftovers(desk, aircraft)
        flight_id = await _launch(desk, aircraft)
        logger.info("the simulated drone is in the air")
        sending = [asyncio.create_task(send(aircraft, picture)), asyncio.create_task(tell(aircraft, circle))]
        try:
            async with attending(desk, flight_id):
                while await _is_flying(desk, flight_id):  # noqa: ASYNC110 (told by a page of the console alone)
                    await asyncio.sleep(LOOKING_SECONDS)
        finally:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)


async def tell(aircraft: SimulatedAircraft, circle: Circle) -> None:
    """Say where the drone is, four times a second, by POST as `drones/TELEMETRY.md` has it, until cancelled."""
    parts = urlsplit(aircraft.base_url)
    host = "127.0.0.1" if (parts.hostname or "").endswith("localhost") else parts.hostname
    headers = {"Host": parts.netloc, "Authorization": f"Bearer {aircraft.key}"}
    base = f"{parts.scheme}://{host}:{parts.port or 443}"
    began_at, refusal = time.monotonic(), 0
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=5, trust_env=False) as client:
        for count in itertools.count():
            fix = circle.fix_at(time.monotonic() - began_at, int(time.time() * 1000))
            message = {"type": "telemetry.fixes", "ref": str(count), "fixes": [fix]}
            try:
                status = (await client.post(TELEMETRY_PATH, json=message)).status_code
            except httpx.HTTPError:
                status = 0
            if status >= httpx.codes.BAD_REQUEST and status != refusal:
                logger.warning("the simulated drone's telemetry was answered with %d", status)
            refusal = status
            await asyncio.sleep(1 / FIXES_PER_SECOND)


async def _is_flying(desk: Door, flight_id: str) -> bool:
    flight: dict[str, Any] = await desk.get_data(f"/api/v1/flights/{flight_id}/")
    return bool(flight["state"] == FLYING)


async def _land_leftovers(desk: Door, aircraft: SimulatedAircraft) -> None:
    """Land what an earlier run, killed without a word, has left in the air."""
    for flight in await desk.get_data("/api/v1/flights/"):
        if flight["aircraft"]["id"] == aircraft.id and flight["state"] in {"planned", FLYING}:
            await desk.post_data(f"/api/v1/flights/{flight['id']}/land/")


async def _launch(desk: Door, aircraft: SimulatedAircraft) -> str:
    """Plan a flight, answer its questions and launch it; returns its id."""
    incident_type = (await desk.get_data("/api/v1/incident-types/"))[0]["code"]
    incident = await desk.post_data("/api/v1/incidents/", {"type": incident_type, "description": DESCRIPTION})
    plan = {
        "incident_id": incident["id"],
        "aircraft_id": aircraft.id,
        "pilot_id": await _free_pilot(desk),
        "purpose": "Demonstration of a search from the air",
        "lawful_basis": "law_enforcement",
    }
    flight_id = str((await desk.post_data("/api/v1/flights/", plan))["id"])
    asked: dict[str, Any] = await desk.get_data(
        "/api/v1/risk-questions/", incident_type=incident_type, link_kind=LINK_KIND, purpose="flight"
    )
    answers = {"answers": safe_answers(asked["questions"])}
    if (await desk.post_data(f"/api/v1/sessions/{flight_id}/risk/", answers))["outcome"] != "clear":
        raise SimulationError("the risk assessment refused the flight")
    await desk.post_data(f"/api/v1/flights/{flight_id}/launch/")
    return flight_id


async def _free_pilot(desk: Door) -> str:
    free = [pilot["id"] for pilot in await desk.get_data("/api/v1/pilots/") if pilot["flight_id"] is None]
    if not free:
        raise SimulationError("every pilot of the force has an aircraft in the air")
    return str(free[0])
