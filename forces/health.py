"""Probes and metrics: alive, ready part by part, and numbers for Prometheus on the machine door."""

import asyncio
import json
import shutil
import time
from collections.abc import Awaitable, Callable
from typing import Any

import websockets
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from forces.context import ain_platform
from forces.dispatch import redis_client

DEADLINE_S = 3.0
LEAST_FREE_BYTES = 1_000_000_000
WORST_CLOCK_SKEW_S = 2.0

Check = dict[str, Any]
_ready = Gauge("sightline_ready", "Whether a dependency answers (1) or not (0)", ["part"])
_disk_free = Gauge("sightline_recordings_free_bytes", "Free bytes under the recordings")


async def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; touches nothing else."""
    return JsonResponse({"ok": True})


async def readyz(request: HttpRequest) -> HttpResponse:
    """Name every dependency with its state; 200 when all are well, else 503."""
    checks = await run_checks()
    ok = all(check["ok"] for check in checks.values())
    return JsonResponse({"ok": ok, "checks": checks}, status=200 if ok else 503)


async def metrics(request: HttpRequest) -> HttpResponse:
    """Return this process's metrics; reachable on the machine door only."""
    for part, check in (await run_checks()).items():
        _ready.labels(part=part).set(1 if check["ok"] else 0)
    _disk_free.set(_free_bytes())
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


async def run_checks() -> dict[str, Check]:
    """Run every check at once, each with a deadline of three seconds."""
    probes: dict[str, Callable[[], Awaitable[Check]]] = {
        "postgres": _postgres,
        "redis": _redis,
        "janus": _janus,
        "workers": _workers,
        "disk": _disk,
    }
    results = await asyncio.gather(*(_bounded(probe) for probe in probes.values()))
    checks = dict(zip(probes, results, strict=True))
    checks["clock"] = _clock(checks["postgres"])
    return checks


async def _bounded(probe: Callable[[], Awaitable[Check]]) -> Check:
    try:
        return await asyncio.wait_for(probe(), DEADLINE_S)
    except Exception as error:
        return {"ok": False, "reason": type(error).__name__}


def _database_time() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        return float(cursor.fetchone()[0])


async def _postgres() -> Check:
    before = time.time()
    epoch = await ain_platform(_database_time)
    return {"ok": True, "skew_s": round(epoch - (before + time.time()) / 2, 3)}


async def _redis() -> Check:
    await sync_to_async(redis_client().ping, thread_sensitive=False)()
    return {"ok": True}


async def _janus() -> Check:
    async with websockets.connect(settings.JANUS_URL, subprotocols=[websockets.Subprotocol("janus-protocol")]) as ws:
        await ws.send(json.dumps({"janus": "info", "transaction": "ready"}))
        info = json.loads(await ws.recv())
    return {"ok": info.get("janus") == "server_info", "version": info.get("version_string", "")}


async def _workers() -> Check:
    """Read the heartbeat that each Celery worker and the watchdog leave in Redis."""
    seen = await sync_to_async(redis_client().mget, thread_sensitive=False)(
        "process:alive:worker", "process:alive:watchdog"
    )
    missing = [name for name, value in zip(("worker", "watchdog"), seen, strict=True) if value is None]
    return {"ok": not missing, **({"reason": f"no sign of: {', '.join(missing)}"} if missing else {})}


def _free_bytes() -> int:
    settings.RECORDINGS_DIR.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings.RECORDINGS_DIR).free


async def _disk() -> Check:
    free = _free_bytes()
    return {"ok": free >= LEAST_FREE_BYTES, "free_bytes": free}


def _clock(postgres: Check) -> Check:
    if not postgres["ok"]:
        return {"ok": False, "reason": "the database's clock cannot be read"}
    return {"ok": abs(postgres["skew_s"]) <= WORST_CLOCK_SKEW_S, "skew_s": postgres["skew_s"]}
