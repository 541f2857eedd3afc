"""Probes: each dependency by name, and what happens to the answer when one is gone."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from forces import health
from forces.liveness import say_alive
from forces.logs import mask

PARTS = {"postgres", "redis", "janus", "workers", "disk", "clock"}


async def _ready() -> tuple[int, dict[str, dict[str, object]]]:
    answer = await health.readyz(RequestFactory().get("/readyz"))
    return answer.status_code, json.loads(answer.content)["checks"]


def test_process_says_that_it_is_alive_whatever_the_host() -> None:
    answer = Client(headers={"host": "herts.localhost"}).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


async def test_all_well_is_ready() -> None:
    say_alive("worker")
    say_alive("watchdog")
    status, checks = await _ready()
    assert (status, set(checks)) == (200, PARTS), checks
    assert checks["janus"]["version"]


async def test_missing_worker_is_not_ready_and_named() -> None:
    say_alive("watchdog")
    status, checks = await _ready()
    assert status == 503
    assert checks["workers"] == {"ok": False, "reason": "no sign of: worker"}


@pytest.mark.parametrize(
    ("part", "break_it"),
    [
        ("janus", lambda patch: patch.setattr(settings, "JANUS_URL", "ws://127.0.0.1:1")),
        ("disk", lambda patch: patch.setattr(health, "LEAST_FREE_BYTES", 1 << 62)),
        ("clock", lambda patch: patch.setattr(health, "WORST_CLOCK_SKEW_S", -1)),
    ],
)
async def test_broken_part_is_not_ready_and_named(
    monkeypatch: pytest.MonkeyPatch, part: str, break_it: Callable[[pytest.MonkeyPatch], None]
) -> None:
    say_alive("worker")
    say_alive("watchdog")
    break_it(monkeypatch)
    status, checks = await _ready()
    assert status == 503
    assert {name for name, check in checks.items() if not check["ok"]} == {part}


async def test_metrics_name_every_part() -> None:
    text = (await health.metrics(RequestFactory().get("/metrics"))).content.decode()
    assert all(f'sightline_ready{{part="{part}"}}' in text for part in PARTS)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /i/AbCdEfGhIjKlMnOp_-123456/open/", "GET /i/<token>/open/"),
        ("sent to 07700 900123 now", "sent to <number> now"),
        ("to +447700900123", "to <number>"),
        ("request 20261122T1511 took 07 ms", "request 20261122T1511 took 07 ms"),
    ],
)
def test_log_masks_links_and_numbers(said: str, kept: str) -> None:
    assert mask(said) == kept
