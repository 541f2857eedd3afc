"""The door that the RTMP server asks: whom it takes, under which name, and what it cuts."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

import httpx
import pytest
from django.db import OperationalError

from drones.api import rtmp
from drones.models import Aircraft, AircraftKey, Feed, Flight
from drones.services.bridging import Standing, note_feed
from drones.services.flights import land_flight
from drones.services.keys import revoke_key, schema_of
from drones.services.pushing import TOLD_PER_MINUTE
from forces import clock
from forces.asgi import DjangoApplication
from forces.audit.models import AuditEntry
from forces.context import ForceRef, ain_force
from streams.services import ingest
from streams.services.ingest import OPENINGS_PER_MINUTE
from tests.drones.devices import launch
from tests.factories.drones import make_aircraft, make_key
from tests.factories.streams import person
from tests.streams.socket_peers import Peer, Peers, read

SERIAL = "PUSHING"


async def ask(call: str, *, body: str = "", method: str = "POST", **fields: str) -> httpx.Response:
    """Post what the RTMP server does; `body` in the place of it."""
    said = {"app": "live", "flashver": "FMLE/3.0", "addr": "127.0.0.1", "clientid": "1", "call": call, **fields}
    transport = httpx.ASGITransport(DjangoApplication())  # type: ignore[arg-type]  # stricter stubs
    headers = {"content-type": "application/x-www-form-urlencoded"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.request(method, f"/machine/rtmp/{call}/", content=body or urlencode(said), headers=headers)


@pytest.fixture
async def key(live_db: str, herts: ForceRef) -> str:
    """Return the key of an aircraft that is in the air."""
    made, _ = await ain_force(herts, launch, SERIAL)
    return made


def revoke() -> None:
    """Revoke the key that stands."""
    row = AircraftKey.objects.get(aircraft__serial=SERIAL, revoked_at=None)
    revoke_key(actor=person("force_admin"), now=clock.now(), key_id=row.pk)


@pytest.mark.parametrize(
    "name",
    ["", "stream", "sla_wrong", "sla_herts_" + "x" * 43, "sla_nowhere_" + "x" * 43, "sla__" + "x" * 43, "x" * 300],
)
@pytest.mark.parametrize("call", ["publish", "update"])
async def test_push_with_a_key_that_opens_nothing_is_refused(live_db: str, key: str, name: str, call: str) -> None:
    answered = await ask(call, name=name)

    assert answered.status_code == 401
    assert "Location" not in answered.headers


async def test_key_of_another_force_is_looked_for_at_its_own_alone(live_db: str, key: str, beds: ForceRef) -> None:
    answered = await ask("publish", name=key.replace("herts", "beds", 1))

    assert answered.status_code == 401
    assert await read(beds, lambda: AuditEntry.objects.filter(act="key.use", outcome="refused").count()) == 1


async def test_push_whose_key_was_revoked_is_cut(key: str, herts: ForceRef) -> None:
    assert (await ask("update", name=key)).status_code == 204

    await ain_force(herts, revoke)

    assert (await ask("update", name=key)).status_code == 401
    assert (await ask("publish", name=key)).status_code == 401


async def test_bridge_that_reads_goes_on_and_pushes_by_no_such_name(key: str) -> None:
    read_by = (await ask("publish", name=key)).headers["Location"]

    assert (await ask("update", name=read_by)).status_code == 204
    assert (await ask("publish", name=read_by)).status_code == 401


async def test_push_before_the_launch_or_after_the_landing_is_refused(live_db: str, herts: ForceRef) -> None:
    grounded = await ain_force(herts, lambda: make_key(make_aircraft("GROUNDED"), now=clock.now()))
    assert (await ask("publish", name=grounded)).status_code == 403

    flown, session_id = await ain_force(herts, launch, SERIAL)
    assert (await ask("publish", name=flown)).status_code == 302
    await ain_force(herts, land_flight, actor=person(), now=clock.now(), session_id=session_id)

    assert (await ask("update", name=flown)).status_code == 403


async def test_aircraft_that_does_not_send_by_rtmp_is_refused(key: str, herts: ForceRef) -> None:
    await ain_force(herts, lambda: Aircraft.objects.filter(serial=SERIAL).update(protocols=["srt"]))
    try:
        answered = await ask("publish", name=key)
    finally:
        await ain_force(herts, lambda: Aircraft.objects.filter(serial=SERIAL).update(protocols=["whip", "rtmp"]))

    assert (answered.status_code, answered.text) == (403, "protocol_off")


async def test_push_by_what_is_no_longer_ticked_is_cut(key: str, herts: ForceRef) -> None:
    assert (await ask("update", name=key)).status_code == 204

    await ain_force(herts, lambda: Aircraft.objects.filter(serial=SERIAL).update(protocols=["srt"]))
    try:
        answered = await ask("update", name=key)
    finally:
        await ain_force(herts, lambda: Aircraft.objects.filter(serial=SERIAL).update(protocols=["whip", "rtmp"]))

    assert (answered.status_code, answered.text) == (403, "protocol_off")


async def test_keys_tried_at_random_are_refused_each_and_audited_up_to_a_number(
    live_db: str, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "REFUSALS_TOLD_PER_MINUTE", 3)
    refused = AuditEntry.objects.filter(act="key.use", outcome="refused")
    before = await read(herts, refused.count)

    statuses = [(await ask("publish", name=f"sla_herts_{number:043}")).status_code for number in range(12)]

    assert statuses == [401] * 12
    # The minute may end between them.
    assert 3 <= await read(herts, refused.count) - before <= 6


async def test_body_in_which_a_stranger_put_a_second_name_is_refused(key: str) -> None:
    for others in (f"app=live&name={key}&name=other", f"name=other&app=live&name={key}", f"app=live&app=x&name={key}"):
        assert (await ask("publish", body=others)).status_code == 401


async def test_other_method_is_refused(key: str) -> None:
    assert (await ask("publish", method="GET", name=key)).status_code == 405


async def test_push_gets_a_name_that_is_not_the_key_and_changes_with_it(key: str, herts: ForceRef) -> None:
    first = await ask("publish", name=key)
    again = await ask("publish", name=key)
    fresh = await ain_force(herts, lambda: make_key(make_aircraft(SERIAL), now=clock.now()))
    other = await ask("publish", name=fresh)

    assert [first.status_code, again.status_code, other.status_code] == [302, 302, 302]
    assert first.headers["Location"] == again.headers["Location"] != other.headers["Location"]
    assert len(first.headers["Location"]) == 64
    assert key not in first.headers["Location"]
    assert await read(herts, lambda: Feed.objects.get(aircraft__serial=SERIAL).pushed_at is not None)


async def test_key_stands_in_no_log_and_no_audit(key: str, herts: ForceRef, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for call, name in (("publish", key), ("update", key), ("publish", f"{key}x")):
        await ask(call, name=name)

    told = await read(herts, lambda: str(list(AuditEntry.objects.values())))
    assert key not in caplog.text
    assert key not in told


async def test_too_many_beginnings_in_a_minute_are_refused(key: str) -> None:
    answered = [(await ask("publish", name=key)).status_code for _ in range(OPENINGS_PER_MINUTE + 1)]

    assert answered[0] == 302
    assert 429 in answered


async def test_database_that_is_away_cuts_nothing_and_begins_nothing(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*args: object, **named: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(rtmp, "ain_force", away)

    assert (await ask("update", name=key)).status_code == 204
    assert (await ask("publish", name=key)).status_code == 503


@pytest.mark.parametrize("key", ["", "sla_", "sla_x", "slb_herts_" + "x" * 43, "sla_" + "x" * 43])
def test_what_is_no_key_names_no_force(key: str) -> None:
    assert schema_of(key) == ""


def test_key_names_its_force() -> None:
    assert schema_of("sla_west_mids_" + "_" * 43) == "west_mids"


# --- what the consoles hear of who is refused --------------------------------------------------------------


async def following(peers: Peers, force: ForceRef) -> Peer:
    console = await peers.console(force)
    await console.send("flights.follow")
    await console.expect("flights.snapshot")
    return console


async def told(console: Peer) -> list[str]:
    """The reasons that a console has heard by now."""
    await console.round_trip()
    return [frame["reason"] for frame in console.seen if frame["type"] == "flight.refused"]


async def test_key_that_is_nobodys_is_told_to_nobody(key: str, peers: Peers, herts: ForceRef) -> None:
    console = await following(peers, herts)

    for name in ("sla_herts_" + "x" * 43, "sla_nowhere_" + "x" * 43, "stream"):
        assert (await ask("publish", name=name)).status_code == 401

    assert await told(console) == []


async def test_push_by_a_key_that_was_revoked_is_told_to_the_own_forces_consoles_and_not_too_often(
    key: str, peers: Peers, herts: ForceRef, beds: ForceRef
) -> None:
    console, theirs = await following(peers, herts), await following(peers, beds)
    await ain_force(herts, revoke)

    for _ in range(3 * TOLD_PER_MINUTE):
        assert (await ask("publish", name=key)).status_code == 401

    assert TOLD_PER_MINUTE <= len(await told(console)) <= 2 * TOLD_PER_MINUTE
    assert set(await told(console)) == {"key_revoked"}
    assert await told(theirs) == []


async def test_key_that_was_revoked_is_not_told_of_what_has_landed(key: str, peers: Peers, herts: ForceRef) -> None:
    console = await following(peers, herts)
    await ain_force(herts, revoke)
    session_id = await read(herts, lambda: Flight.objects.get(state=Flight.State.FLYING).pk)
    await ain_force(herts, land_flight, actor=person(), now=clock.now(), session_id=session_id)

    assert (await ask("publish", name=key)).status_code == 401

    assert await told(console) == []


async def test_second_sender_is_told_while_the_first_is_passed_on(key: str, peers: Peers, herts: ForceRef) -> None:
    console = await following(peers, herts)
    aircraft_id = await read(herts, lambda: Aircraft.objects.get(serial=SERIAL).pk)

    assert (await ask("publish", name=key)).status_code == 302
    assert (await ask("publish", name=key)).status_code == 302  # nothing is passed on: who comes again is the same
    assert await told(console) == []
    standing = Standing("passing", "rtmp", codec="h264")
    await ain_force(herts, note_feed, now=clock.now(), aircraft_id=aircraft_id, standing=standing)
    assert (await ask("publish", name=key)).status_code == 302

    assert await told(console) == ["second_sender"]
