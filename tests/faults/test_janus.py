"""Faults of Janus, through which every picture comes: killed during a live recording."""

import time

from tests.conftest import wait_until
from tests.faults.world import World

LOST_S = 5.0
BACK_S = 10.0


def test_janus_killed_is_seen_as_lost_and_the_picture_comes_back(world: World) -> None:
    # Switch: without `Upkeep.compare_feeds` and what `own_event` does with the handles that a restored connection calls
    # gone (either is enough) the rows say live for ever, and nobody tells the phone to publish anew.
    old, victim = world.stream().split("|")[0], world.pid("janus")
    segment = f"FROM herts.streams_recordingsegment WHERE stream_id = '{old}'"
    wait_until(lambda: world.sql(f"SELECT state {segment}") == "recording", 10)
    died = world.kill("janus")
    world.await_unsure(LOST_S, died)
    wait_until(lambda: "|live|" not in world.stream(), LOST_S - (time.monotonic() - died), why=world.stream)
    world.await_restart("janus", victim)
    wait_until(world.stack.program("janus").is_ready, 10)
    world.await_live(BACK_S, time.monotonic())
    new = world.stream().split("|")[0]
    assert new != old
    ended = world.sql(f"SELECT state, end_reason FROM herts.streams_stream WHERE id = '{old}'")
    assert ended == "ended|gateway_failed"
    assert world.sql(f"SELECT state, bytes_seen > 8 {segment}") == "stopped|t"
    again = f"SELECT state FROM herts.streams_recordingsegment WHERE stream_id = '{new}'"
    wait_until(lambda: world.sql(again) == "recording", 10, why=lambda: world.sql(again))
