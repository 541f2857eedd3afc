"""A journey in Firefox ESR, driven over WebDriver BiDi by a script of `web/journeys/`.

Playwright's Firefox is a build of its own, not the one that people have.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.flows.system import ROOT

NODE = Path(sys.prefix) / "bin" / "node"
JOURNEYS = ROOT / "web" / "journeys"
StepUntil = Callable[..., dict[str, Any]]


@contextmanager
def walking(journey: str, *words: str) -> Iterator[StepUntil]:
    """Run a journey; yields ``step_until(step, said="")``, which lets it go on to that step by a line on its input."""
    walked = subprocess.Popen(
        [str(NODE), str(JOURNEYS / journey), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    stdin, stdout = walked.stdin, walked.stdout
    assert stdin is not None
    assert stdout is not None
    seen: list[dict[str, Any]] = []

    def step_until(wanted: str, said: str | None = "") -> dict[str, Any]:
        if seen and said is not None:
            stdin.write(f"{said}\n")
            stdin.flush()
        for line in stdout:
            seen.append(json.loads(line))
            assert "failed" not in seen[-1], seen
            if seen[-1]["step"] == wanted:
                return seen[-1]
        raise AssertionError(f"Firefox ended before {wanted}: {seen}")

    try:
        yield step_until
        assert walked.wait(timeout=20) == 0
    finally:
        walked.kill()
        walked.wait()
