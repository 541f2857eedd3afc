"""Faults of Janus, through which every picture comes: killed during a live recording, and under a real browser."""

import time

from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.faults.world import World
from tests.flows.conftest import HATFIELD
from tests.flows.journey import open_incident_and_send, share_all

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


def test_janus_killed_under_a_callers_browser_its_picture_comes_back_by_itself(world: World) -> None:
    # Switch: without `publishLater` in web/src/caller/server_events.ts the page hears of the end and does nothing.
    world.hang_up()
    browser = world.page.context.browser
    assert browser is not None
    phone = browser.new_context(geolocation=HATFIELD, permissions=["geolocation", "camera"])
    caller = phone.new_page()
    share_all(caller, open_incident_and_send(world.page))
    world.await_live(20)
    expect(caller.get_by_text("They can see you now")).to_be_visible(timeout=10_000)
    old, victim, address = world.stream().split("|")[0], world.pid("janus"), caller.url

    died = world.kill("janus")
    world.await_unsure(LOST_S, died)
    world.await_restart("janus", victim)
    world.await_live(BACK_S, died)

    new, state, _ = world.stream().split("|")
    assert (state, caller.url) == ("live", address)
    assert new != old
    ended = world.sql(f"SELECT state, end_reason FROM herts.streams_stream WHERE id = '{old}'")
    assert ended == "ended|gateway_failed"
    expect(caller.get_by_text("They can see you now")).to_be_visible(timeout=5_000)
    caller.get_by_role("button", name="STOP").click()
    expect(caller.get_by_text("You have stopped sharing")).to_be_visible(timeout=5_000)
    phone.close()
    world.begin_call()
