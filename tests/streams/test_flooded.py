"""One socket sends as much as it may, and more: it is told so, and no other page loses its line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.services.stack import Stack
from tests.streams.flood import AT_THE_LIMIT, BEYOND_IT, flood, open_consoles, round_trips
from tests.streams.web_process import Web, running_web

# After so long without a pong a console's page gives its line up; how much is lost below that, `bench_flood` measures.
PONG_DEADLINE_S = 2.5


@pytest.fixture(scope="module")
def web(stack: Stack, module_db: str) -> Iterator[Web]:
    """Run one web process for these tests."""
    with running_web(stack, module_db) as running:
        yield running


@pytest.mark.parametrize("frames_a_second", [AT_THE_LIMIT, BEYOND_IT])
async def test_flooded_socket_costs_no_other_its_line(web: Web, frames_a_second: int) -> None:
    lines = await open_consoles(web)

    async with flood(web, frames_a_second) as flooding:
        taken = await round_trips(lines)
        codes = [frame["code"] for frame in flooding.seen if frame["type"] == "error"]

    assert set(codes) <= {"rate_limited", "busy"}
    # A machine that is busy with something else may be behind at the limit, too; too much is what is beyond it alone.
    assert ("rate_limited" in codes) == (frames_a_second > AT_THE_LIMIT)
    assert max(taken) < PONG_DEADLINE_S
