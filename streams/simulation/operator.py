"""A simulated operator: opens the incident and sends the link, through the console's own doors."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from streams.simulation.door import Door
from streams.simulation.errors import SimulationError
from streams.simulation.scenarios import Scenario
from streams.simulation.sign_ins import SignIn

logger = logging.getLogger(__name__)

LINK_KIND = "location_video"
OVER = {"ended", "expired"}
OUTBOX_TRIES = 60
OUTBOX_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Invited:
    """A session whose link was sent; `link` is its path, as the outbox has it."""

    session_id: str
    link: str


class Operator:
    """One signed-in operator of a force."""

    def __init__(self, door: Door, sign_in: SignIn) -> None:
        """`door` is a browser of its own; `sign_in` comes from the seed."""
        self._door = door
        self._sign_in = sign_in

    async def sign_in(self) -> None:
        """Sign in by the page, as a person would. Raises SimulationError."""
        await self._door.get_page("/sign-in/")
        await self._door.post_form(
            "/sign-in/", {"username": self._sign_in.username, "password": self._sign_in.password}
        )
        await self._door.get_data("/api/v1/me/")

    async def end_leftovers(self, scenario: Scenario) -> None:
        """End the sessions of an earlier run that was killed. Only the simulator's own are touched."""
        for session in await self._door.get_data("/api/v1/sessions/"):
            is_ours = session["incident"]["description"] == scenario.description
            if is_ours and session["state"] not in OVER:
                await self._door.post_data(f"/api/v1/sessions/{session['id']}/end/")

    async def invite(self, scenario: Scenario) -> Invited:
        """Open an incident, answer the risk questions, and send the link."""
        incident_type = (await self._door.get_data("/api/v1/incident-types/"))[0]["code"]
        incident = await self._door.post_data(
            "/api/v1/incidents/", {"type": incident_type, "description": scenario.description}
        )
        session = await self._door.post_data(
            "/api/v1/sessions/",
            {"incident_id": incident["id"], "link_kind": LINK_KIND, "phone_number": drama_number()},
        )
        await self._assess(session["id"], incident_type)
        await self._door.post_data(f"/api/v1/sessions/{session['id']}/invitation/")
        return Invited(session["id"], await self._read_link(session["id"]))

    async def _assess(self, session_id: str, incident_type: str) -> None:
        asked = await self._door.get_data("/api/v1/risk-questions/", incident_type=incident_type, link_kind=LINK_KIND)
        found = await self._door.post_data(
            f"/api/v1/sessions/{session_id}/risk/", {"answers": safe_answers(asked["questions"])}
        )
        if found["outcome"] != "clear":
            raise SimulationError(f"the risk assessment came to {found['outcome']}")

    async def _read_link(self, session_id: str) -> str:
        """The path of the link, once a worker has delivered it to the outbox."""
        for _ in range(OUTBOX_TRIES):
            messages = await self._door.get_data("/api/v1/outbox/")
            links = [message["link"] for message in messages if message["session_id"] == session_id]
            if links:
                return urlsplit(str(links[0])).path
            await asyncio.sleep(OUTBOX_PAUSE_SECONDS)
        raise SimulationError("the link did not reach the outbox")


def safe_answers(questions: list[dict[str, Any]]) -> dict[str, str]:
    """Answers by code that refuse nothing."""
    return {question["code"]: "no" if question["refusing_answer"] == "yes" else "yes" for question in questions}


def drama_number() -> str:
    """A number that Ofcom keeps for drama: it can never be anybody's."""
    return f"07700 900{secrets.randbelow(1000):03d}"
