"""Bridges kept up whatever their program does: one for each aircraft, and none left behind."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from drones.ingest import bridge, processes
from drones.ingest.addresses import PullAddress
from drones.ingest.bridge import BridgeState, RtspPull
from drones.ingest.commands import Door
from drones.ingest.reading import Trouble
from drones.ingest.supervisor import Supervisor
from drones.ingest.treatments import Policy, Treatment
from drones.ingest.whip_gate import WhipTarget
from streams.gateway.backoff import Backoff
from tests.conftest import ROOT
from tests.drones.bad_programs import DEADLINE_S, FOUND, STAYS, Programs, Told, gone, programs, spec_of

REFUSED = "echo '[in#0 @ 0x1] Error opening input: Connection refused' >&2; exit 1\n"
ONE_AFTER_THE_OTHER = """
from drones.ingest.supervisor import Supervisor
from tests.drones.bad_programs import spec_of
import asyncio, sys
async def main():
    supervisor = Supervisor(sys.argv[1], lambda report: print(report.state, flush=True))
    for number in range(3):
        supervisor.keep(spec_of(f"herts.{number}"))
    await asyncio.sleep(1000)
asyncio.run(main())
"""


@pytest.fixture
def made() -> Iterator[Programs]:
    with programs() as found:
        yield found


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "PAUSES", Backoff(first=0.02, ceiling=0.1))
    monkeypatch.setattr(bridge, "REFUSED_SECONDS", 0.1)
    monkeypatch.setattr(processes, "ENDING_SECONDS", 0.3)


@asynccontextmanager
async def supervised(program: str) -> AsyncIterator[tuple[Supervisor, Told]]:
    told = Told()
    supervisor = Supervisor(program, told)
    try:
        yield supervisor, told
    finally:
        await supervisor.close()


async def test_bridge_says_what_arrives_and_leaves_nothing_when_it_is_released(made: Programs) -> None:
    async with supervised(made.make(FOUND + STAYS)) as (supervisor, told):
        supervisor.keep(spec_of())
        passing = await told.until_state(BridgeState.PASSING)

        await supervisor.release("herts.1")

        assert passing.source is not None
        assert (passing.source.video_codec, passing.source.width_px) == ("h264", 1280)
        assert [report.state for report in told.reports] == [
            BridgeState.WAITING,
            BridgeState.PASSING,
            BridgeState.STOPPED,
        ]
        assert supervisor.aircraft == frozenset()
        assert made.running() == set()


async def test_bridge_that_ends_is_begun_again_with_pauses_that_say_why(made: Programs) -> None:
    async with supervised(made.make(REFUSED)) as (supervisor, told):
        supervisor.keep(spec_of())

        paused = await told.until_state(BridgeState.PAUSED, 4)

        assert paused.trouble is Trouble.UNREACHABLE
        assert paused.pause_s is not None
        assert made.starts() >= 4


async def test_pauses_grow_and_are_short_again_after_a_bridge_that_was_well(
    made: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "PAUSES", Backoff(first=0.01, ceiling=1.0, jitter=0.0))
    monkeypatch.setattr(bridge, "HEALTHY_SECONDS", 2.0)
    # The fourth time it stays for a while.
    ends = f"{FOUND}[ $(ls {made.directory}/began-* | wc -l) -eq 4 ] && sleep 2.2\n"
    async with supervised(made.make(ends)) as (supervisor, told):
        supervisor.keep(spec_of())
        await told.until_state(BridgeState.PAUSED, 5)

    pauses = [report.pause_s for report in told.reports if report.state is BridgeState.PAUSED]
    assert pauses[:5] == [0.01, 0.02, 0.04, 0.01, 0.02]
    assert told.reports[-2].trouble is Trouble.ENDED


async def test_killed_bridge_is_begun_again(made: Programs) -> None:
    async with supervised(made.make(FOUND + STAYS)) as (supervisor, told):
        supervisor.keep(spec_of())
        await told.until_state(BridgeState.PASSING)
        (pid,) = made.running()

        os.kill(pid, signal.SIGKILL)
        await told.until_state(BridgeState.PASSING, 2)

        assert pid not in made.running()
        assert len(made.running()) == 1


async def test_bridge_whose_picture_is_over_at_the_door_is_begun_again(
    made: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    gates: list[Callable[[], None]] = []

    @asynccontextmanager
    async def gate(door: Door | WhipTarget, note_over: Callable[[], None]) -> AsyncIterator[Door | WhipTarget]:
        gates.append(note_over)
        yield door

    monkeypatch.setattr(bridge, "open_gate", gate)
    async with supervised(made.make(FOUND + STAYS)) as (supervisor, told):
        supervisor.keep(spec_of())
        await told.until_state(BridgeState.PASSING)
        (pid,) = made.running()

        gates[0]()
        paused = await told.until_state(BridgeState.PAUSED)
        await told.until_state(BridgeState.PASSING, 2)

        assert paused.trouble is Trouble.DOOR_AWAY
        assert pid not in made.running()
        assert len(made.running()) == 1


async def test_aircraft_has_one_bridge_however_often_it_is_kept(made: Programs) -> None:
    async with supervised(made.make(FOUND + STAYS)) as (supervisor, told):
        for _ in range(5):
            supervisor.keep(spec_of())
        await told.until_state(BridgeState.PASSING)
        supervisor.keep(spec_of())
        await asyncio.sleep(0.2)

        assert made.starts() == 1
        assert len(made.running()) == 1


async def test_bridge_that_is_kept_otherwise_begins_when_the_other_is_over(made: Programs) -> None:
    # Whoever finds another one alive ends, and would be begun once more; each takes its time to end.
    alone = f"""
        for other in {made.directory}/began-*; do
            number=${{other##*-}}; [ $number -ne $$ ] && kill -0 -$number 2>/dev/null && exit 1
        done
        trap 'sleep 0.1; exit' TERM
        {FOUND}
        while :; do sleep 0.05; done
    """
    async with supervised(made.make(alone)) as (supervisor, told):
        for number in range(4):
            supervisor.keep(spec_of(bearer=f"bearer{number}"))
            await told.until_state(BridgeState.PASSING, number + 1)

        assert made.starts() == 4


async def test_bridge_replaced_before_it_began_is_never_begun(made: Programs) -> None:
    async with supervised(made.make(FOUND + STAYS)) as (supervisor, told):
        for number in range(5):
            supervisor.keep(spec_of(bearer=f"bearer{number}"))
        await told.until_state(BridgeState.PASSING)

        assert made.starts() == 1


async def test_release_waits_for_every_bridge_that_is_still_ending(made: Programs) -> None:
    stubborn = f"trap '' TERM\n{FOUND}while :; do sleep 0.05; done\n"
    async with supervised(made.make(stubborn)) as (supervisor, told):
        supervisor.keep(spec_of())
        await told.until_state(BridgeState.PASSING)
        supervisor.keep(spec_of(bearer="other"))

        await supervisor.release("herts.1")

        assert made.running() == set()
        assert made.starts() == 1


async def test_bridges_of_other_aircraft_go_on(made: Programs) -> None:
    async with supervised(made.make(FOUND + STAYS)) as (supervisor, told):
        supervisor.keep(spec_of("herts.1"))
        supervisor.keep(spec_of("herts.2"))
        await told.until_state(BridgeState.PASSING, 2)

        await supervisor.release("herts.1")

        assert supervisor.aircraft == {"herts.2"}
        assert len(made.running()) == 1


@pytest.mark.parametrize(
    "body",
    [
        f"trap '' TERM INT HUP\n{FOUND}while :; do sleep 0.05; done\n",  # obeys nothing
        f"sleep 1000 & sleep 1000 &\n{FOUND}wait\n",  # has children
        f"kill -STOP $$\n{FOUND}",  # hangs
        f"{FOUND}head -c 30000000 /dev/zero >&2\n{STAYS}",  # says a line without an end
        f"{FOUND}while :; do echo '[h264 @ 0x1] error while decoding MB 1 2' >&2; done\n",  # says too much
        STAYS,  # says nothing
    ],
)
async def test_program_that_behaves_badly_is_gone_when_it_is_released(made: Programs, body: str) -> None:
    async with supervised(made.make(body)) as (supervisor, _):
        supervisor.keep(spec_of())
        async with asyncio.timeout(DEADLINE_S):
            while not made.running():  # noqa: ASYNC110 (another process is waited for)
                await asyncio.sleep(0.01)

        await asyncio.sleep(0.3)
        async with asyncio.timeout(DEADLINE_S):
            await supervisor.release("herts.1")

        assert made.running() == set()


async def test_children_that_outlive_their_program_go_before_it_is_begun_again(made: Programs) -> None:
    async with supervised(made.make(f"sleep 1000 &\n{FOUND}exit 1\n")) as (supervisor, told):
        supervisor.keep(spec_of())
        await told.until_state(BridgeState.PAUSED, 3)

        # At most the child of the newest one, which is about to go.
        assert len(made.running()) <= 2
    assert made.running() == set()


async def test_program_that_is_not_there_is_tried_again(made: Programs) -> None:
    async with supervised("/nonexistent/ffmpeg") as (supervisor, told):
        supervisor.keep(spec_of())

        paused = await told.until_state(BridgeState.PAUSED, 2)

        assert paused.trouble is Trouble.FAILED


async def test_b_frames_are_encoded_anew_at_once_and_it_stays_so(made: Programs) -> None:
    body = f"""
        case "$*" in *libx264*) {FOUND.strip()}; [ -e "$0-again" ] && exec sleep 1000; : > "$0-again"; exit 1;; esac
        {FOUND}
        echo '[WHIP muxer @ 0x5587cd96c8c0] Unsupported B frames by RTC' >&2; exit 1
    """
    async with supervised(made.make(body)) as (supervisor, told):
        supervisor.keep(spec_of())
        await told.until(lambda report: report.treatment is Treatment.TRANSCODE and report.source is not None, 2)

        states = [(report.state, report.treatment) for report in told.reports]
        assert (BridgeState.PAUSED, Treatment.COPY) not in states
        assert made.starts() == 3


async def test_picture_out_of_order_is_stopped_and_encoded_anew(made: Programs) -> None:
    packets = "".join(f"echo '0, {at}, {at}, 1, 1, 0x1'\n" for at in (0, 120, 40, 80, 240))
    body = f'case "$*" in *libx264*) {FOUND.strip()}; exec sleep 1000;; esac\n{FOUND}{packets}{STAYS}'
    async with supervised(made.make(body)) as (supervisor, told):
        supervisor.keep(spec_of())

        await told.until(lambda report: report.treatment is Treatment.TRANSCODE and report.source is not None)

        assert len(made.running()) == 1


async def test_h265_is_refused_with_its_reason_and_looked_at_again(made: Programs) -> None:
    body = FOUND.replace("h264 (High)", "hevc (Main)") + STAYS
    async with supervised(made.make(body)) as (supervisor, told):
        supervisor.keep(spec_of())

        refused = await told.until_state(BridgeState.REFUSED, 2)

        assert refused.trouble is Trouble.CODEC
        assert BridgeState.PASSING not in {report.state for report in told.reports}


async def test_h265_is_encoded_anew_where_the_force_allows_it(made: Programs) -> None:
    body = FOUND.replace("h264 (High)", "hevc (Main)") + STAYS
    async with supervised(made.make(body)) as (supervisor, told):
        supervisor.keep(spec_of(policy=Policy(may_transcode_h265=True)))

        passing = await told.until_state(BridgeState.PASSING)

        assert passing.treatment is Treatment.TRANSCODE


async def test_camera_at_a_forbidden_address_is_refused_and_no_program_begun(made: Programs) -> None:
    pull = RtspPull(PullAddress("169.254.169.254", 80, "/"), (ipaddress.ip_network("0.0.0.0/0"),))
    async with supervised(made.make(STAYS)) as (supervisor, told):
        supervisor.keep(replace(spec_of(), source=pull))

        refused = await told.until_state(BridgeState.REFUSED)

        assert refused.trouble is Trouble.ADDRESS
        assert made.starts() == 0


async def test_bridges_die_with_their_supervisor_however_it_dies(made: Programs) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ONE_AFTER_THE_OTHER, made.make(FOUND + STAYS)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        said = [(await process.stdout.readline()).decode().strip() for _ in range(6)]
    assert said.count("passing") == 3
    assert len(made.running()) == 3

    process.kill()
    await process.wait()

    assert await gone(made)
