"""Officers' positions: from the phone to the consoles, ours against bare Daphne and Channels with the same tick.

2,500 officers send a fix every two seconds to 10 consoles. Ours signs them in, asks whether they are on duty, and keeps
each fix in Postgres before it is acknowledged, the newest in Redis; the peer acknowledges and fans out. Neither sends
heartbeats. `cpu` is that of the web process. BENCH_OFFICERS, BENCH_SECONDS (of a window), BENCH_ROUNDS make it shorter,
and BENCH_TWO=0 leaves the second server out.
"""

import asyncio
import os
import resource
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django

from config.services.ports import PortBlock
from config.services.processes import accepts_connections
from config.services.programs import Program
from config.services.stack import Stack
from tests.bench.measuring import ROUNDS
from tests.bench.patrols import Patrol, Place, Window
from tests.bench.report import Amount, Figure, report
from tests.databases import copy_database, drop_database

if TYPE_CHECKING:
    from tests.bench.accounts import Signed

OFFICERS = int(os.environ.get("BENCH_OFFICERS", "2500"))
HAS_TWO = os.environ.get("BENCH_TWO", "1") == "1"
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
CONSOLES = 10
WARM_UP = 2
P99_GOAL, CPU_GOAL, TWO_GOAL = 2.0, 1.5, 1.0
GROWTH_GOAL_MB = 24.0
PEERS = Path(__file__).parent / "peers"


def main() -> None:
    """Measure one server of ours, two of ours, and the peer in turn, and report."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with Stack.start(parts={"postgres", "redis"}) as stack, ExitStack() as rest:
        database = copy_database(stack)
        rest.callback(drop_database, stack, database)
        os.environ.update(stack.environment | {"SIGHTLINE_DB_NAME": database})
        django.setup()
        figures, amounts = asyncio.run(_measure(stack, database))
    report("positions", figures, amounts)


async def _measure(stack: Stack, database: str) -> tuple[list[Figure], list[Amount]]:
    from tests.bench.accounts import make_officers, make_operators
    from tests.streams.web_process import running_web

    officers = await asyncio.to_thread(make_officers, OFFICERS)
    operators = await asyncio.to_thread(make_operators, CONSOLES)
    half = OFFICERS // 2
    with ExitStack() as servers:

        def serve(part: slice, consoles: slice) -> Place:
            web = servers.enter_context(running_web(stack, database))
            return _our_place(web.port, web.running.pid, officers[part], operators[consoles])

        ways = {"ours": Patrol([serve(slice(None), slice(None))])}
        if HAS_TWO:
            ways["two"] = Patrol([serve(slice(half), slice(5)), serve(slice(half, None), slice(5, None))])
        ways["peer"] = Patrol([_peer_place(*servers.enter_context(peer_server(stack)))])
        return await _compare(ways)


async def _compare(ways: dict[str, Patrol]) -> tuple[list[Figure], list[Amount]]:
    for name, patrol in ways.items():
        await patrol.open()
        _tell(f"{name}: every socket is open")
    rows: list[dict[str, Window]] = []
    sizes: list[float] = []
    names = list(ways)
    for number in range(ROUNDS + WARM_UP):
        first = number % len(names)
        turned = names[first:] + names[:first]
        rows.append({name: await ways[name].drive(SECONDS) for name in turned})
        sizes.append(ways["ours"].memory_mb())
        told = (f"{name} {_p99(rows[-1][name]):6.1f} ms {rows[-1][name].cpu_s:5.2f} s" for name in names)
        _tell(f"{number - WARM_UP + 1:3}  {'  '.join(told)}  {sizes[-1]:.0f} MB")
    rows, lost = rows[WARM_UP:], sum(patrol.lost for patrol in ways.values())
    for patrol in ways.values():
        patrol.close()
    p99 = {name: tuple(_p99(row[name]) for row in rows) for name in names}
    cpu = {name: tuple(row[name].cpu_s for row in rows) for name in names}
    bare = "bare Daphne and Channels"
    figures = [
        Figure("p99", "ms", bare, P99_GOAL, p99["ours"], p99["peer"]),
        Figure("cpu", "s", bare, CPU_GOAL, cpu["ours"], cpu["peer"]),
    ]
    if HAS_TWO:
        figures.append(Figure("p99_two", "ms", "one daphne of ours", TWO_GOAL, p99["two"], p99["ours"]))
    return figures, [
        Amount("missing", "", 0, tuple(float(row[name].missing) for row in rows for name in names)),
        Amount("sockets_lost", "", 0, (float(lost),)),
        Amount("memory_growth", "MB", GROWTH_GOAL_MB, (_growth(sizes),)),
    ]


def _p99(window: Window) -> float:
    return statistics.quantiles(window.taken, n=100)[98] if len(window.taken) > 1 else float("inf")


def _growth(sizes: list[float]) -> float:
    """How much the server grew from the first quarter of the run to the last."""
    quarter = max(1, len(sizes) // 4)
    return statistics.median(sizes[-quarter:]) - statistics.median(sizes[:quarter])


@contextmanager
def peer_server(stack: Stack) -> Iterator[tuple[int, int]]:
    """Run the peer; yields its port and process id."""
    block = PortBlock.take()
    port = block.ports.web()
    command = (sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "--access-log", os.devnull)
    environment = {"PEER_REDIS_URL": stack.environment["SIGHTLINE_REDIS_WEB_URL"], "MALLOC_ARENA_MAX": "2"}
    running = stack.spawn_program(
        Program(
            name="peer-positions",
            command=(*command, "positions_server:application"),
            directory=PEERS,
            environment=environment,
            is_ready=lambda: accepts_connections(port),
        )
    )
    try:
        yield port, running.pid
    finally:
        running.stop()
        block.release()


def _our_place(port: int, pid: int, officers: "list[Signed]", operators: "list[Signed]") -> Place:
    return Place(
        port=port,
        pid=pid,
        host=f"herts.localhost:{port}",
        officer_paths=["/ws/officer/"] * len(officers),
        officer_cookies=[officer.cookie for officer in officers],
        officer_ids=[officer.id for officer in officers],
        console_path="/ws/console/",
        console_cookies=[operator.cookie for operator in operators],
        hello=b'{"type":"officers.follow"}',
        ready=b'"officer.state"',
        writes_times=True,
    )


def _peer_place(port: int, pid: int) -> Place:
    ids = [str(number) for number in range(OFFICERS)]
    return Place(
        port=port,
        pid=pid,
        host=f"127.0.0.1:{port}",
        officer_paths=[f"/officer/{name}" for name in ids],
        officer_cookies=[""] * OFFICERS,
        officer_ids=ids,
        console_path="/console",
        console_cookies=[""] * CONSOLES,
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
