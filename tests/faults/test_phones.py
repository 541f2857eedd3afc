"""Faults of who looks and of who is looked at: the watchdog killed; a caller's phone that hangs, then dies."""

import time

from config.services.janus.node import speaks_janus
from tests.conftest import wait_until
from tests.faults.world import World, state_of

LOST_S = 5.0
REJOINED_S = 3.0
CLEANED_S = 30.0


def _step(world: World) -> str:
    return world.sql(f"SELECT progress_step FROM herts.streams_livesession WHERE id = '{world.session_id}'")


def _alarms(world: World) -> str:
    return world.sql("SELECT count(*) FROM herts.audit_entry WHERE act = 'recording.alarm'")


def test_phone_that_hangs_is_shown_as_lost_after_the_watchdog_was_killed_and_rejoins(world: World) -> None:
    # Switches: autorestart of the watchdog in config/services/supervisor/program.conf; `Upkeep.notice_callers`.
    stream, victim, alarms = world.stream(), world.pid("watchdog"), _alarms(world)
    world.kill("watchdog")
    world.await_restart("watchdog", victim)
    world.page.wait_for_timeout(4_000)  # it loads; nobody is lost meanwhile
    assert _step(world) != "connection_lost"
    with world.stopped(world.caller.pid) as at:
        world.await_unsure(LOST_S, at)
        wait_until(
            lambda: _step(world) == "connection_lost", LOST_S - (time.monotonic() - at), why=lambda: _step(world)
        )
        assert world.get().json()[0]["progress"]["step"] == "connection_lost"
        assert "|stalled|" in world.stream()
    world.await_live(REJOINED_S)
    wait_until(lambda: _step(world) == "connected", REJOINED_S)
    assert world.stream() == stream
    assert _alarms(world) == alarms, "a phone that hangs is no fault of the recording"


def test_phone_that_dies_is_shown_as_lost_and_cleaned_up(world: World) -> None:
    # Switch: `Upkeep.end_stale_streams`; a dead phone says nothing, and the media server keeps its place for ever.
    session = world.session_id
    world.caller.kill()
    died = time.monotonic()
    assert state_of(world.caller.pid) == ""
    world.await_unsure(LOST_S, died)
    wait_until(lambda: _step(world) == "connection_lost", LOST_S - (time.monotonic() - died), why=lambda: _step(world))
    wait_until(lambda: "|ended|" in world.stream(), CLEANED_S - (time.monotonic() - died), why=world.stream)
    watches = "SELECT count(*) FROM herts.streams_watch WHERE ended_at IS NULL"
    wait_until(lambda: world.sql(watches) == "0", CLEANED_S - (time.monotonic() - died))
    assert speaks_janus(world.stack.installation.ports.janus)
    assert world.sql(f"SELECT state FROM herts.streams_livesession WHERE id = '{session}'") == "live", "may come back"
    world.begin_call()
