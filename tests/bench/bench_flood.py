"""How much longer other pages' heartbeats take while one socket floods: the 99th percentile against a quiet server."""

import asyncio
import os
import statistics

import django

from config.services.stack import Stack
from tests.bench.measuring import ROUNDS
from tests.bench.report import Figure, report
from tests.databases import copy_database, drop_database

GOAL = 2.0


def main() -> None:
    """Measure quiet and flooded in turn, at a socket's limit and at ten times that, and report."""
    with Stack.start() as stack:
        database = copy_database(stack)
        os.environ.update(stack.environment | {"SIGHTLINE_DB_NAME": database})
        django.setup()
        try:
            report("flood", asyncio.run(_measure(stack, database)))
        finally:
            drop_database(stack, database)


async def _measure(stack: Stack, database: str) -> list[Figure]:
    from tests.streams.flood import AT_THE_LIMIT, BEYOND_IT, flood, open_consoles, round_trips
    from tests.streams.web_process import running_web

    quiet: list[float] = []
    flooded: dict[int, list[float]] = {AT_THE_LIMIT: [], BEYOND_IT: []}
    with running_web(stack, database) as web:
        lines = await open_consoles(web)
        for _ in range(ROUNDS):
            quiet.append(_p99_ms(await round_trips(lines)))
            for frames_a_second, found in flooded.items():
                async with flood(web, frames_a_second):
                    found.append(_p99_ms(await round_trips(lines)))
    return [
        Figure(f"p99_{rate}", "ms", "the same server, quiet", GOAL, tuple(found), tuple(quiet))
        for rate, found in flooded.items()
    ]


def _p99_ms(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98] * 1000


if __name__ == "__main__":
    main()
