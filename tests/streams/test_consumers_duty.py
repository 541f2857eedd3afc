"""Officers on duty through the whole application: their sockets say where they are, consoles follow them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from config.services.stack import Stack
from forces import clock, selectors
from forces.accounts.models import User
from forces.accounts.sign_ins import end_sign_ins_of
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.dispatch import async_redis
from streams.live_officers import fix_key, geo_key
from streams.models import OfficerPosition, Position, Shift
from streams.services import duty_fixes
from streams.signalling.duty_upkeep import end_forgotten_shifts, forget_officers
from streams.signalling.upkeep import Upkeep
from tests.streams.socket_peers import Peer, Peers, read, until_rows

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def fix(ago: timedelta = timedelta(), **changed: Any) -> dict[str, Any]:
    fixed_at = int((clock.now() - ago).timestamp() * 1000)
    return {"latitude": 51.8, "longitude": -0.08, "accuracy_m": 9, "fixed_at": fixed_at, **changed}


async def on_duty(peers: Peers, force: ForceRef, role: str = "officer") -> Peer:
    """Open an officer's page and begin the shift."""
    peer = await peers.officer(force, role)
    await peer.send("status.set", status="available")
    await peer.expect("officer.changed")
    return peer


async def follow(peers: Peers, force: ForceRef) -> tuple[Peer, list[Any]]:
    """Open a console that follows officers; returns it and who is on duty."""
    console = await peers.console(force)
    await console.send("officers.follow")
    return console, (await console.expect("officers.snapshot"))["officers"]


async def keep(peer: Peer, *fixes: dict[str, Any]) -> dict[str, Any]:
    """Send fixes and return the acknowledgement."""
    ref = await peer.send("duty.fixes", fixes=list(fixes))
    return await peer.expect("duty.kept", lambda frame: frame["ref"] == ref)


async def moved(console: Peer) -> Any:
    """Return the fix of the next officer that moves."""
    return (await console.expect("officers.moved"))["officers"][0]["fix"]


@pytest.fixture(autouse=True)
async def known_active() -> AsyncIterator[None]:
    """Nobody may pass for active by what an earlier test knew."""
    yield
    selectors.clear_cache()


async def test_officer_off_duty_sends_a_position_refused(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.officer(herts)

    assert await peer.refused("duty.fixes", fixes=[fix()]) == "not_on_duty"
    assert await read(herts, OfficerPosition.objects.count) == 0
    assert not await async_redis().exists(fix_key("herts"), geo_key("herts"))


@pytest.mark.parametrize("fixes", [[], [fix()] * 121, [{"latitude": "x"}], [{**fix(), "altitude_m": 3}]])
async def test_frame_that_is_no_report_of_fixes_is_refused(peers: Peers, herts: ForceRef, fixes: list[Any]) -> None:
    peer = await on_duty(peers, herts)

    assert await peer.refused("duty.fixes", fixes=fixes) == "invalid_field"


async def test_console_sees_who_is_on_duty_and_where(peers: Peers, herts: ForceRef, beds: ForceRef) -> None:
    console, before = await follow(peers, herts)
    (foreign, _) = await follow(peers, beds)
    assert before == []
    peer = await on_duty(peers, herts)
    officer = (await console.expect("officer.on_duty"))["officer"]
    assert (officer["status"], officer["fix"]) == ("available", None)

    sent = fix(heading_deg=90)
    assert (await keep(peer, sent))["count"] == 1
    frame = await console.expect("officers.moved")
    (shown,) = frame["officers"]
    assert shown["id"] == officer["id"]
    assert (shown["fix"]["latitude"], shown["fix"]["heading_deg"], shown["fix"]["is_late"]) == (51.8, 90, False)
    _, after = await follow(peers, herts)
    assert after[0]["fix"] == shown["fix"]
    (place,) = await async_redis().geopos(geo_key("herts"), officer["id"])
    assert place == pytest.approx((-0.08, 51.8), abs=1e-4)

    await peer.send("status.set", status="off_duty")
    assert (await console.expect("officer.off_duty"))["id"] == officer["id"]
    assert not await async_redis().exists(fix_key("herts"), geo_key("herts"))
    await foreign.round_trip()
    assert not [frame for frame in foreign.seen if frame["type"].startswith("officer")][1:]


async def test_console_that_leaves_hears_of_nobody(peers: Peers, herts: ForceRef) -> None:
    console, _ = await follow(peers, herts)
    await console.send("officers.leave")
    await console.round_trip()
    await keep(await on_duty(peers, herts), fix())
    await asyncio.sleep(0.3)
    await console.round_trip()

    assert {frame["type"] for frame in console.seen} & {"officers.moved", "officer.on_duty"} == set()


async def test_fix_that_is_too_old_is_counted_and_the_others_are_kept(peers: Peers, herts: ForceRef) -> None:
    peer = await on_duty(peers, herts)

    kept = await keep(peer, fix(), fix(SECOND, latitude=123), fix(61 * MINUTE), fix(-2 * MINUTE), fix(5 * SECOND))
    assert (kept["count"], kept["refused"]) == (4, 1)
    doubtful = OfficerPosition.objects.filter(is_doubtful=True)
    assert (await read(herts, OfficerPosition.objects.count), await read(herts, doubtful.count)) == (4, 2)
    only = await keep(peer, fix(61 * MINUTE))
    assert (only["count"], only["refused"]) == (0, 1)


async def test_fix_that_is_acknowledged_is_durable_and_kept_once(peers: Peers, herts: ForceRef) -> None:
    peer, sent = await on_duty(peers, herts), fix()
    await keep(peer, sent)
    assert await read(herts, OfficerPosition.objects.count) == 1
    await keep(peer, sent)
    assert await read(herts, OfficerPosition.objects.count) == 1


async def test_officer_is_not_moved_back_by_what_waited_for_a_network(peers: Peers, herts: ForceRef) -> None:
    peer = await on_duty(peers, herts)
    console, _ = await follow(peers, herts)
    await keep(peer, fix(latitude=51.9))
    assert (await moved(console))["latitude"] == 51.9
    await keep(peer, *(fix(minutes * MINUTE, latitude=51.0 + minutes / 100) for minutes in range(2, 50)))
    await keep(peer, fix(latitude=51.95))

    assert (await moved(console))["latitude"] == 51.95
    rows = await read(herts, lambda: list(OfficerPosition.objects.values_list("is_late", flat=True)))
    assert (rows.count(True), rows.count(False)) == (48, 2)


async def test_fix_of_kilometres_is_kept_and_moves_nobody(peers: Peers, herts: ForceRef) -> None:
    peer = await on_duty(peers, herts)
    console, _ = await follow(peers, herts)
    await keep(peer, fix(accuracy_m=5_000), fix(SECOND, latitude=89))
    await keep(peer, fix(latitude=51.95))

    assert (await moved(console))["latitude"] == 51.95
    assert await read(herts, OfficerPosition.objects.filter(is_doubtful=True).count) == 2


async def test_off_duty_in_another_window_stops_the_collection_at_once(peers: Peers, herts: ForceRef) -> None:
    peer, other = await on_duty(peers, herts), await peers.officer(herts)
    await keep(peer, fix())
    await other.send("status.set", status="off_duty")
    await peer.expect("officer.changed")

    assert await peer.refused("duty.fixes", fixes=[fix()]) == "not_on_duty"
    assert await read(herts, OfficerPosition.objects.count) == 1


async def test_word_of_the_end_that_is_lost_stops_the_collection_with_the_next_batch(
    peers: Peers, herts: ForceRef
) -> None:
    peer = await on_duty(peers, herts)
    await keep(peer, fix(SECOND))
    await read(herts, lambda: Shift.objects.update(ended_at=clock.now()))

    assert await peer.refused("duty.fixes", fixes=[fix()]) == "not_on_duty"
    assert await read(herts, OfficerPosition.objects.count) == 1
    await forget_officers(Upkeep(herts))
    assert not await async_redis().exists(fix_key("herts"), geo_key("herts"))


async def test_live_set_is_made_anew_by_the_next_fixes_after_redis_was_emptied(peers: Peers, herts: ForceRef) -> None:
    peer, other = await on_duty(peers, herts), await on_duty(peers, herts, "pcso")
    await keep(peer, fix())
    await keep(other, fix())
    await asyncio.sleep(0.3)
    assert await async_redis().hlen(fix_key("herts")) == 2
    await async_redis().delete(fix_key("herts"), geo_key("herts"))
    _, shown = await follow(peers, herts)
    assert [view["fix"] for view in shown] == [None, None]  # nothing stale stands for where they are

    await keep(peer, fix())
    await keep(other, fix())
    assert await async_redis().hlen(fix_key("herts")) == 2
    assert await async_redis().zcard(geo_key("herts")) == 2


async def test_who_is_on_duty_stays_in_the_live_set_when_it_is_tidied(peers: Peers, herts: ForceRef) -> None:
    peer = await on_duty(peers, herts)
    await keep(peer, fix())
    await async_redis().hset(fix_key("herts"), "999999", "{}")
    await forget_officers(Upkeep(herts))

    assert await async_redis().hkeys(fix_key("herts")) == [str(await read(herts, _officer_id)).encode()]


def _officer_id() -> int:
    return User.objects.get(username="officer").pk


async def test_officer_who_was_signed_out_is_located_no_more(peers: Peers, herts: ForceRef) -> None:
    peer = await on_duty(peers, herts)
    await keep(peer, fix())
    admin = Actor.system("tests")
    user_id = await read(herts, _officer_id)
    ending = {"actor": admin, "now": clock.now(), "user_id": user_id, "reason": "by_admin"}
    await ain_force(herts, end_sign_ins_of, **ending)

    assert await peer.close_code() == 4401
    assert await read(herts, OfficerPosition.objects.count) == 1


async def test_officer_of_a_force_that_is_suspended_is_located_no_more(
    peers: Peers, herts: ForceRef, stack: Stack, live_db: str
) -> None:
    peer = await on_duty(peers, herts)
    await keep(peer, fix(SECOND))
    stack.run_sql("UPDATE forces_force SET state = 'suspended' WHERE schema_name = 'herts'", live_db)
    selectors.clear_cache()
    try:
        assert await peer.refused("duty.fixes", fixes=[fix()]) == "not_found"
        assert await peer.refused("duty.fixes", fixes=[fix()]) == "not_found"
    finally:
        stack.run_sql("UPDATE forces_force SET state = 'active' WHERE schema_name = 'herts'", live_db)
        selectors.clear_cache()
    assert await read(herts, OfficerPosition.objects.count) == 1
    assert (await keep(peer, fix()))["count"] == 1


async def test_batch_that_fails_is_not_acknowledged_and_comes_again(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer, sent = await on_duty(peers, herts), fix()
    with monkeypatch.context() as broken:
        broken.setattr(duty_fixes, "_KEEP", "SELECT 1 / 0, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s")
        assert await peer.refused("duty.fixes", fixes=[sent]) == "unavailable"
    assert await read(herts, OfficerPosition.objects.count) == 0

    assert (await keep(peer, sent))["count"] == 1


async def test_fix_of_the_live_session_moves_the_officer_and_is_kept_once(peers: Peers, herts: ForceRef) -> None:
    console, _ = await follow(peers, herts)
    peer = await peers.officer(herts)
    await peer.send("live.start", incident_id=None)
    officer = await console.expect("officer.on_duty", lambda frame: frame["officer"]["session_id"])
    await peer.expect("officer.state", lambda frame: frame["live"])
    await peer.send("position.fix", **fix(latitude=51.7))

    assert (await moved(console))["latitude"] == 51.7
    assert officer["officer"]["status"] == "at_scene"
    assert await until_rows(herts, Position.objects.count) == 1
    assert await read(herts, OfficerPosition.objects.count) == 0


async def test_forgotten_shift_ends_and_its_page_and_the_consoles_hear_of_it(peers: Peers, herts: ForceRef) -> None:
    console, _ = await follow(peers, herts)
    peer = await on_duty(peers, herts)
    await keep(peer, fix())
    await end_forgotten_shifts(Upkeep(herts))
    assert await read(herts, Shift.objects.filter(ended_at=None).count) == 1
    await read(herts, _age)
    await end_forgotten_shifts(Upkeep(herts))

    await console.expect("officer.off_duty")
    assert await peer.refused("duty.fixes", fixes=[fix()]) == "not_on_duty"


def _age() -> None:
    """Let everything that the officer did have been done yesterday."""
    from forces.accounts.models import SignIn

    before = clock.now() - timedelta(hours=20)
    Shift.objects.update(began_at=before, status_at=before)
    OfficerPosition.objects.update(received_at=before)
    SignIn.objects.filter(user_id=_officer_id()).update(seen_at=before)
