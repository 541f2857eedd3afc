"""One program of a bridge: its secrets, its user, its limits, its lines and its end."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drones.ingest import processes
from drones.ingest.commands import SCRIPT, Command
from drones.ingest.processes import LONGEST_LINE, UIDS, BridgeProcess
from tests.drones.bad_programs import DEADLINE_S, Programs, programs


@pytest.fixture
def made() -> Iterator[Programs]:
    with programs() as found:
        yield found


async def run(program: str, *words: str, script: str = "") -> tuple[int, list[str], list[str]]:
    """Run a program to its end; returns its status and what it said, on either way."""
    packets: list[str] = []
    logged: list[str] = []
    process = await BridgeProcess.start(Command((program, *words), script), packets.append, logged.append)
    async with asyncio.timeout(DEADLINE_S):
        return await process.wait(), packets, logged


async def test_secrets_are_read_from_a_pipe_and_stand_in_no_list_of_processes(made: Programs) -> None:
    program = made.make("""cat "$1"; tr '\\0' ' ' < /proc/$$/cmdline >&2; tr '\\0' ' ' < /proc/$$/environ >&2\n""")

    status, packets, logged = await run(program, SCRIPT, script="option passphrase s3cret\n")

    assert status == 0
    assert packets == ["option passphrase s3cret"]
    assert "/dev/fd/" in logged[0]
    assert "s3cret" not in logged[0]


async def test_program_has_a_user_of_its_own_no_surroundings_and_no_right_to_write(made: Programs) -> None:
    body = """id -u; env | sort; grep -E 'CapEff|NoNewPrivs' /proc/self/status
        echo x > "$0-written" || echo refused\n"""

    _, packets, _ = await run(made.make(f"trap '' XFSZ\n{body}"))

    assert int(packets[0]) in (UIDS if os.geteuid() == 0 else (os.geteuid(),))
    names = {line.partition("=")[0] for line in packets if "=" in line}
    assert {"HOME", "LC_ALL", "PATH"} <= names <= {"HOME", "LC_ALL", "PATH", "PWD", "OLDPWD", "_", "SHLVL"}
    assert "NoNewPrivs:\t1" in packets
    assert "CapEff:\t0000000000000000" in packets
    assert "refused" in packets


@pytest.mark.skipif(os.geteuid() != 0, reason="ONLY ROOT MAY CHANGE USERS: that each has its own is NOT tested here")
async def test_each_program_has_another_user_than_those_beside_it(made: Programs) -> None:
    program = made.make("id -u; cat /proc/$1/environ > /dev/null 2>&1 && echo reached; sleep 0.5\n")
    first, second = await asyncio.gather(run(program, "1"), run(program, "1"))
    assert {first[1][0], second[1][0]} == {str(uid) for uid in UIDS[:2]}

    packets: list[str] = []
    stays = await BridgeProcess.start(
        Command((made.make("echo ready\nexec sleep 1000\n", "stays"),)), packets.append, print
    )
    await _until(lambda: packets == ["ready"])
    _, said, _ = await run(program, str(stays.pid))
    await stays.end()

    assert "reached" not in said


async def test_lines_come_in_order_and_the_last_without_an_end(made: Programs) -> None:
    _, packets, logged = await run(made.make("printf 'one\\r\\ntwo\\n\\nlast'; printf 'a\\nb' >&2\n"))

    assert packets == ["one", "two", "", "last"]
    assert logged == ["a", "b"]


async def test_line_that_does_not_end_costs_no_memory_and_the_next_one_is_read(made: Programs) -> None:
    body = "head -c 5000000 /dev/zero | tr '\\0' 'x'; printf '\\nnext\\n'\n"

    _, packets, _ = await run(made.make(body))

    assert [len(line) for line in packets] == [LONGEST_LINE, 4]
    assert packets[1] == "next"


async def test_what_is_no_text_is_read_as_far_as_it_is(made: Programs) -> None:
    _, packets, _ = await run(made.make("printf 'a\\377b\\n'\n"))

    assert packets == ["a\ufffdb"]


@pytest.mark.parametrize(("body", "status"), [("exit 3\n", 3), ("kill -9 $$\n", -9), ("", 0)])
async def test_end_is_told_by_its_status(made: Programs, body: str, status: int) -> None:
    assert (await run(made.make(body)))[0] == status


async def test_program_is_ended_gently_where_it_obeys(made: Programs) -> None:
    packets: list[str] = []
    program = made.make("trap 'echo bye; exit 0' TERM\necho ready\nwhile :; do sleep 0.02; done\n")
    process = await BridgeProcess.start(Command((program,)), packets.append, packets.append)
    await _until(lambda: packets == ["ready"])

    await process.end()

    assert process.ended.result() == 0
    assert made.running() == set()


async def test_program_that_does_not_obey_is_killed_with_its_children(
    made: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "ENDING_SECONDS", 0.2)
    packets: list[str] = []
    program = made.make("trap '' TERM\nsleep 1000 &\necho ready\nwhile :; do sleep 0.02; done\n")
    process = await BridgeProcess.start(Command((program,)), packets.append, packets.append)
    await _until(lambda: packets == ["ready"])

    await process.end()

    assert process.ended.result() == -9
    assert made.running() == set()


async def test_nothing_stays_open_after_many_programs(made: Programs) -> None:
    program = made.make("echo said; exit 1\n")
    await run(program, SCRIPT)
    before = _open_files()

    for _ in range(10):
        await run(program, SCRIPT)
    await asyncio.sleep(0.05)

    assert _open_files() == before
    assert processes._lent == set()


async def test_program_whose_start_is_cancelled_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    spawn, spawned = processes._spawn, []

    def noted(command: Command, uid: int) -> subprocess.Popen[bytes]:
        spawned.append(spawn(command, uid))
        asyncio.get_running_loop().call_soon(starting.cancel)
        return spawned[0]

    monkeypatch.setattr(processes, "_spawn", noted)
    starting = asyncio.create_task(BridgeProcess.start(Command(("sleep", "1000")), print, print))
    await asyncio.gather(starting, return_exceptions=True)

    assert starting.cancelled()
    assert processes._lent == set()
    assert spawned[0].returncode == -9


async def test_program_that_is_not_there_ends_as_one_that_failed() -> None:
    status, _, _ = await run("/nonexistent/ffmpeg", SCRIPT)

    assert status == 127


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not is_so():  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(0.01)
