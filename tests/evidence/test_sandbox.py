"""The sandbox: no network, no place to write but the workshop, an end to everything, and no run without it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence import sandbox
from evidence.sandbox import Deadline, DeadlinePassed, ProgramFailed, SandboxUnavailable, open_workshop, run

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    path = tmp_path / "workshop"
    open_workshop(path)
    return path


def test_machine_without_isolation_runs_nothing(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox._isolation.cache_clear()
    monkeypatch.setattr(sandbox, "_works", lambda prefix: False)

    with pytest.raises(SandboxUnavailable):
        run(["touch", "ran"], workshop=workshop, deadline=Deadline.after(10))

    assert not (workshop / "ran").exists()
    monkeypatch.undo()
    sandbox._isolation.cache_clear()


def test_program_sees_no_network(workshop: Path) -> None:
    said = run(["cat", "/proc/net/dev"], workshop=workshop, deadline=Deadline.after(10)).stdout
    interfaces = [line.split(":")[0].strip() for line in said.splitlines()[2:]]

    assert interfaces == ["lo"]
    assert any(line.startswith("lo:") is False for line in Path("/proc/net/dev").read_text().splitlines()[2:])


def test_program_writes_to_its_workshop_only(workshop: Path, tmp_path: Path) -> None:
    run(["touch", "inside"], workshop=workshop, deadline=Deadline.after(10))
    assert (workshop / "inside").exists()

    if AS_ROOT:  # an ordinary user's worker owns what surrounds the workshop, too
        with pytest.raises(ProgramFailed):
            run(["touch", str(tmp_path / "outside")], workshop=workshop, deadline=Deadline.after(10))
        assert not (tmp_path / "outside").exists()


def test_program_has_none_of_the_workers_secrets(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_SECRET_KEY", "very-secret")

    assert "very-secret" not in run(["env"], workshop=workshop, deadline=Deadline.after(10)).stdout


def test_program_gets_the_variables_it_is_given_beside_its_few(workshop: Path) -> None:
    given = {"FONTCONFIG_FILE": "/proc/self/cwd/fonts.conf"}
    said = run(["env"], workshop=workshop, deadline=Deadline.after(10), environment=given).stdout.splitlines()

    assert "FONTCONFIG_FILE=/proc/self/cwd/fonts.conf" in said
    assert "HOME=/nonexistent" in said
    assert "FONTCONFIG" not in run(["env"], workshop=workshop, deadline=Deadline.after(10)).stdout


def test_program_reaches_its_workshop_by_the_way_that_needs_no_right_on_what_lies_above(workshop: Path) -> None:
    (workshop / "fonts.conf").write_text("found")
    workshop.parent.chmod(0o700)

    said = run(["cat", "/proc/self/cwd/fonts.conf"], workshop=workshop, deadline=Deadline.after(10)).stdout
    assert said == "found"


def test_program_may_not_gain_rights(workshop: Path) -> None:
    status = run(["cat", "/proc/self/status"], workshop=workshop, deadline=Deadline.after(10)).stdout

    assert "NoNewPrivs:\t1" in status


def test_program_that_hangs_is_killed_at_the_deadline(workshop: Path) -> None:
    began = time.monotonic()

    with pytest.raises(DeadlinePassed):
        run(["sleep", "60"], workshop=workshop, deadline=Deadline.after(0.5))

    assert time.monotonic() - began < 10


def test_chain_of_programs_shares_one_deadline(workshop: Path) -> None:
    with pytest.raises(DeadlinePassed):
        run(["touch", "late"], workshop=workshop, deadline=Deadline.after(-1))

    assert not (workshop / "late").exists()


def test_failing_program_is_named_with_what_it_said(workshop: Path) -> None:
    with pytest.raises(ProgramFailed, match=r"ls: .*absent"):
        run(["ls", "absent"], workshop=workshop, deadline=Deadline.after(10))


def test_program_dies_with_a_killed_worker(workshop: Path) -> None:
    worker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from evidence.sandbox import run, Deadline;"
            "run(['sh', '-c', 'read pid rest < /proc/self/stat; echo $pid > pid; exec sleep 60'],"
            " workshop=Path(sys.argv[1]),"
            " deadline=Deadline.after(60))",
            str(workshop),
        ]
    )
    pid = int(_wait_for(lambda: (workshop / "pid").exists() and (workshop / "pid").read_text().strip()))
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    _wait_for(lambda: not Path(f"/proc/{pid}").exists() or _state(pid) == "Z")


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


def _wait_for(condition: object) -> str:
    assert callable(condition)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if value := condition():
            return str(value)
        time.sleep(0.02)
    pytest.fail("not within 10 s")


def test_program_leaves_nothing_running_behind(workshop: Path) -> None:
    lingering = "setsid sh -c 'sleep 1; touch late' >/dev/null 2>&1 </dev/null &"
    run(["sh", "-c", f"touch early; {lingering}"], workshop=workshop, deadline=Deadline.after(10))
    assert (workshop / "early").exists()
    time.sleep(2)

    assert not (workshop / "late").exists()
