"""Simulated officers: their rounds, and a shift through the public doors with a line that is lost meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from config.services.stack import Stack
from forces.context import ForceRef, ain_force
from forces.services.demo import ON_THE_GROUND, PEOPLE
from streams.models import OfficerPosition, Shift
from streams.simulation import officer as phone
from streams.simulation import shift
from streams.simulation.patrols import patrol_of
from streams.simulation.route import distance_m
from tests.people import PASSWORD
from tests.streams.socket_peers import until_rows
from tests.streams.web_process import running_web


@pytest.mark.parametrize(
    ("schema", "south", "north", "west", "east"),
    [
        ("herts", 51.60, 52.08, -0.75, 0.20),
        ("beds", 51.80, 52.33, -0.71, -0.14),
        ("cambs", 52.00, 52.75, -0.51, 0.52),
    ],
)
def test_officers_patrol_within_the_force_and_apart(
    schema: str, south: float, north: float, west: float, east: float
) -> None:
    routes = [patrol_of(schema, number) for number in range(8)]
    for route in routes:
        places = [route.at(metres) for metres in range(0, int(route.length_m), 50)]
        assert all(south < place.latitude < north and west < place.longitude < east for place in places)
        assert 1_500 < route.length_m < 10_000
    starts = [(route.at(0).latitude, route.at(0).longitude) for route in routes]
    assert min(distance_m(a, b) for a, b in pairwise(starts)) > 100


def test_seed_has_an_account_with_a_profile_for_each_simulated_officer() -> None:
    names = [shift.NAME.format(number) for number in range(1, 7)]

    assert set(names) <= set(PEOPLE) & set(ON_THE_GROUND)
    assert len({number for number, _, _ in ON_THE_GROUND.values()}) == len(ON_THE_GROUND)


async def test_officer_comes_on_duty_moves_loses_the_line_and_goes_off_duty(
    stack: Stack, module_db: str, herts: ForceRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster: dict[str, Any] = {"FIX_SECONDS": 0.25, "ON_LINE_SECONDS": (2, 2), "OFF_LINE_SECONDS": (2,)}
    for name, value in {**faster, "RECONNECT_SECONDS": 0.1, "STATUS_SECONDS": (1, 1)}.items():
        monkeypatch.setattr(phone, name, value)
    with running_web(stack, module_db) as web:
        user = {"username": "officer", "password": PASSWORD}
        force = {"base_url": f"http://{web.host}", "users": {"patrol1": user}}
        sign_ins = tmp_path / "demo.json"
        sign_ins.write_text(json.dumps({"forces": {"herts": force}}))
        working = asyncio.create_task(shift.run("herts", sign_ins, 1))
        # What was taken without a line is there, too: it takes two stretches of a line to send so many.
        times = await until_rows(herts, lambda: _times() if len(_times()) > 20 else None, deadline_s=30)
        gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
        assert max(gaps) < 1.0
        assert await ain_force(herts, lambda: Shift.objects.get().ended_at) is None

        await until_rows(herts, lambda: len(_times()) > len(times), deadline_s=10)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        await until_rows(herts, lambda: Shift.objects.filter(ended_at__isnull=False).exists())


def _times() -> list[Any]:
    return list(OfficerPosition.objects.order_by("fixed_at").values_list("fixed_at", flat=True))
