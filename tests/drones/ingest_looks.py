"""What rows say of a drone's picture, waited for; and whether a sender ends."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import suppress

import pytest

from drones.models import AircraftKey, Feed
from drones.services.keys import revoke_key
from forces import clock
from forces.context import ForceRef
from streams.models import Stream
from tests.drones.ingest_world import Drone
from tests.factories.streams import person
from tests.streams.socket_peers import until_rows

LIVE_S = 25.0
BACK_S = 20.0


def stream_of(drone: Drone) -> Stream:
    """Return the newest stream of a flight; raises `Stream.DoesNotExist` where nothing was ever admitted."""
    return Stream.objects.filter(session_id=drone.session_id).latest("admitted_at")


def has_stream(drone: Drone) -> bool:
    """Return whether anything was ever admitted."""
    return Stream.objects.filter(session_id=drone.session_id).exists()


def live_stream(drone: Drone, *, other_than: Stream | None = None) -> Stream | None:
    """Return the flight's picture while it is live, and a later one than `other_than`."""
    if not has_stream(drone):
        return None
    found = stream_of(drone)
    is_other = other_than is None or found.pk != other_than.pk
    return found if found.state == "live" and is_other else None


async def until_live(
    force: ForceRef, drone: Drone, *, other_than: Stream | None = None, seconds: float = LIVE_S
) -> Stream:
    """Wait for the flight's picture."""
    found: Stream = await until_rows(force, lambda: live_stream(drone, other_than=other_than), seconds)
    return found


async def until_feed(force: ForceRef, drone: Drone, state: str, trouble: str | None = None) -> Feed:
    """Wait until the bridge stands so."""

    def stood() -> Feed | None:
        feed = Feed.objects.filter(aircraft_id=drone.aircraft_id).first()
        seen.append("nothing" if feed is None else f"{feed.state} {feed.trouble} {feed.codec}")
        is_it = feed is not None and feed.state == state and trouble in (None, feed.trouble)
        return feed if is_it else None

    seen: list[str] = []
    try:
        found: Feed = await until_rows(force, stood, LIVE_S)
    except TimeoutError:
        pytest.fail(f"not {state} {trouble or ''}: {list(dict.fromkeys(seen))}, last {seen[-1]}")
    return found


async def ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Return whether a sender ends by itself within so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while process.poll() is None:  # noqa: ASYNC110 - a process that is no task's
                await asyncio.sleep(0.05)
    return process.poll() is not None


def revoke_key_of(drone: Drone) -> None:
    """Revoke the key with which an aircraft sends."""
    row = AircraftKey.objects.get(aircraft_id=drone.aircraft_id, revoked_at=None)
    revoke_key(actor=person("force_admin"), now=clock.now(), key_id=row.pk)
