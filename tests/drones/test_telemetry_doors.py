"""The doors of telemetry: what they refuse, what they answer, and that screens hear of it at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from drones.models import AircraftKey
from drones.services.flights import land_flight
from drones.services.keys import revoke_key
from drones.signalling import telemetry
from drones.telemetry.messages import MOST_FIXES
from forces import clock
from forces.accounts.models import User
from forces.context import ForceRef, ain_force
from streams.services.colleagues import show_to_officers
from streams.services.shifts import set_status
from tests.drones.devices import Device, in_the_air
from tests.drones.telemetry_peers import PLACE, AircraftLine, fix, message, now_ms, points, post
from tests.factories.colleagues import send_there
from tests.factories.drones import flight_made
from tests.factories.media import make_live
from tests.factories.streams import person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers, read


async def revoke(force: ForceRef) -> None:
    def act() -> None:
        key = AircraftKey.objects.get(revoked_at=None, aircraft__serial="FLYING")
        revoke_key(actor=person("force_admin"), now=clock.now(), key_id=key.pk)

    await ain_force(force, act)


# --- the POST -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authorization", "code"),
    [("Bearer sla_wrong", "key_invalid"), ("Basic c2xh", "key_missing"), ("Bearer ", "key_missing")],
)
async def test_wrong_or_missing_key_is_refused_and_nothing_is_kept(
    device: Device, herts: ForceRef, authorization: str, code: str
) -> None:
    answered = await post(device, authorization=authorization)

    assert (answered.status_code, answered.json()["code"]) == (401, code)
    assert "Bearer" in answered.headers["WWW-Authenticate"]
    assert await read(herts, points) == []


async def test_key_of_another_force_sends_no_telemetry(device: Device, gateway: FakeGateway, beds: ForceRef) -> None:
    foreign = await in_the_air(beds, gateway, "THEIRS")
    foreign.schema = "herts"

    assert (await post(foreign)).json()["code"] == "key_invalid"
    assert await read(beds, points) == []


@pytest.mark.parametrize("schema", ["nowhere", "www"])
async def test_host_of_no_force_takes_no_telemetry(device: Device, schema: str) -> None:
    device.schema = schema

    assert (await post(device)).status_code == 404


async def test_revoked_key_is_refused_from_the_next_message_on(device: Device, herts: ForceRef) -> None:
    assert (await post(device)).status_code == 200
    await revoke(herts)

    assert (await post(device)).json()["code"] == "key_invalid"
    assert len(await read(herts, points)) == 1


async def test_aircraft_that_has_landed_is_refused(device: Device, herts: ForceRef) -> None:
    await ain_force(herts, lambda: land_flight(actor=person(), now=clock.now(), session_id=device.session_id))

    answered = await post(device)

    assert (answered.status_code, answered.json()["code"]) == (403, "not_in_the_air")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"\xff\xfe", 400, "malformed"),
        ("[]", 400, "malformed"),
        ("{" * 3_000, 400, "malformed"),
        ('{"type": "telemetry.pictures"}', 400, "unknown_type"),
        ('{"type": "heartbeat.ping", "sent_at": 1}', 400, "unknown_type"),
        (message(fix(hight_m=3)), 400, "invalid_field"),
        (message({"fixed_at": 1, "latitude": 51.8}), 400, "invalid_field"),
        (message(*[fix()] * (MOST_FIXES + 1)), 400, "invalid_field"),
        (" " * 65_537, 413, "too_large"),
    ],
)
async def test_garbage_is_refused_with_its_code_and_nothing_is_kept(
    device: Device, herts: ForceRef, body: str | bytes, status: int, code: str
) -> None:
    answered = await post(device, body)

    assert (answered.status_code, answered.json()["code"]) == (status, code)
    assert await read(herts, points) == []


async def test_message_that_is_too_old_is_refused_with_its_ref(device: Device, herts: ForceRef) -> None:
    answered = await post(device, message(fix(fixed_at=now_ms() - 7_200_000)))

    assert (answered.status_code, answered.json()["code"], answered.json()["ref"]) == (400, "fix_too_old", "4711")
    assert await read(herts, points) == []


async def test_strangers_fill_no_batch_before_an_aircraft_that_is_known(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "MOST_OF_STRANGERS", 5)
    monkeypatch.setattr(telemetry, "TICK_SECONDS", 1.5)  # all of them come within one
    assert (await post(device)).status_code == 200

    strangers = [post(device, authorization=f"Bearer sla_herts_{number:043}") for number in range(20)]
    *answers, own = await asyncio.gather(*strangers, post(device, message(fix(fixed_at=now_ms() + 1))))

    assert own.status_code == 200
    codes = [answer.json()["code"] for answer in answers]
    assert codes.count("key_invalid") == 5
    assert codes.count("unavailable") == 15


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_other_method_is_refused(device: Device, method: str) -> None:
    answered = await device.ask(method, "/telemetry")

    assert (answered.status_code, answered.headers["Allow"]) == (405, "POST")


async def test_message_is_answered_once_it_is_kept(device: Device, herts: ForceRef) -> None:
    answered = await post(device)

    assert answered.json() == {"type": "telemetry.kept", "ref": "4711", "count": 1, "refused": 0}
    assert [point.session_id for point in await read(herts, points)] == [device.session_id]


# --- the socket -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "code"), [("", "key_missing"), ("sla_wrong", "key_invalid")])
async def test_wrong_or_missing_key_opens_no_socket(device: Device, key: str, code: str) -> None:
    device.key = key

    assert await AircraftLine(device).refused_with() == (code, 4401)


async def test_key_of_another_force_opens_no_socket(device: Device, gateway: FakeGateway, beds: ForceRef) -> None:
    foreign = await in_the_air(beds, gateway, "THEIRS")
    foreign.schema = "herts"

    assert await AircraftLine(foreign).refused_with() == ("key_invalid", 4401)


async def test_aircraft_on_the_ground_opens_no_socket(device: Device, herts: ForceRef) -> None:
    await ain_force(herts, lambda: land_flight(actor=person(), now=clock.now(), session_id=device.session_id))

    assert await AircraftLine(device).refused_with() == ("not_in_the_air", 4403)


async def test_cookie_opens_no_socket_of_an_aircraft(device: Device, peers: Peers, herts: ForceRef) -> None:
    console = await peers.console(herts)
    sent = console.line.scope["headers"] or ()
    cookie = next(header for header in sent if header[0] == b"cookie")
    device.key = ""

    assert await AircraftLine(device, cookie).refused_with() == ("key_missing", 4401)


@pytest.mark.parametrize("schema", ["nowhere", "www"])
async def test_host_of_no_force_has_no_socket(device: Device, schema: str) -> None:
    device.schema = schema

    assert await AircraftLine(device).line.connect() == (False, 4404)


async def test_key_that_is_revoked_while_the_line_is_open_keeps_nothing_more(device: Device, herts: ForceRef) -> None:
    line = await AircraftLine(device).connect()
    await line.send("telemetry.fixes", fixes=[fix()])
    await line.expect("telemetry.kept")
    await revoke(herts)

    assert await line.refused("telemetry.fixes", fixes=[fix()]) == "key_invalid"
    assert len(await read(herts, points)) == 1
    await line.close()


async def test_socket_keeps_answers_and_lives_through_garbage(device: Device, herts: ForceRef) -> None:
    line = await AircraftLine(device).connect()
    await line.expect("telemetry.ready")

    assert await line.refused("telemetry.pictures") == "unknown_type"
    assert await line.refused("telemetry.fixes", fixes=[]) == "invalid_field"
    assert await line.refused("telemetry.fixes", fixes=[fix(fixed_at=now_ms() - 7_200_000)]) == "fix_too_old"
    ref = await line.send("telemetry.fixes", fixes=[fix(), fix(fixed_at=now_ms() - 7_200_000)])
    kept = await line.expect("telemetry.kept")

    assert (kept["ref"], kept["count"], kept["refused"]) == (ref, 1, 1)
    assert (await line.round_trip())["sent_at"] == 1
    assert len(await read(herts, points)) == 1
    await line.close()


async def test_socket_that_floods_is_told_so_and_lives(device: Device) -> None:
    line = await AircraftLine(device).connect()
    await line.expect("telemetry.ready")

    for _ in range(100):
        await line.send("telemetry.fixes", fixes=[fix()])
    refused = await line.expect("error")

    assert refused["code"] == "rate_limited"
    await line.expect("telemetry.kept")
    await line.close()


async def test_delay_that_the_sender_states_reaches_the_console(device: Device, peers: Peers, herts: ForceRef) -> None:
    console = await peers.console(herts)

    await post(device, message(picture_delay_ms=420))
    said = await console.expect("stream.delay")

    assert (said["session_id"], said["sending_ms"]) == (str(device.session_id), 420)
    assert (await post(device, message(picture_delay_ms=60_001))).json()["code"] == "invalid_field"


# --- who sees it ----------------------------------------------------------------------------------------


async def test_console_that_follows_sees_the_aircraft_move_within_a_second(
    device: Device, peers: Peers, herts: ForceRef
) -> None:
    console = await peers.console(herts)
    await console.send("flights.follow")
    assert (await console.expect("flights.snapshot"))["flights"] == []

    await post(device)
    moved = (await console.expect("flights.moved"))["flights"]

    assert [one["session_id"] for one in moved] == [str(device.session_id)]
    assert (moved[0]["latitude"], moved[0]["battery_percent"], len(moved[0]["outline"])) == (PLACE["latitude"], 71, 4)
    fixes = (await console.expect("position.changed"))["fixes"]
    assert fixes[0]["latitude"] == PLACE["latitude"]
    other = await peers.console(herts)
    await other.send("flights.follow")
    assert (await other.expect("flights.snapshot"))["flights"] == moved


async def test_older_fix_moves_no_aircraft_back(device: Device, peers: Peers, herts: ForceRef) -> None:
    console = await peers.console(herts)
    await console.send("flights.follow")
    newest = now_ms()

    await post(device, message(fix(fixed_at=newest)))
    await post(device, message(fix(fixed_at=newest - 4_000, latitude=51.7958)))
    await post(device, message(fix(fixed_at=newest + 500, latitude=51.7959)))

    moved = [(await console.expect("flights.moved"))["flights"][0]["latitude"] for _ in range(2)]
    assert moved == [51.7957, 51.7959]


async def test_doubtful_fix_is_told_and_moves_nobody(device: Device, peers: Peers, herts: ForceRef) -> None:
    console = await peers.console(herts)
    await console.send("flights.follow")
    await console.expect("flights.snapshot")

    await post(device, message(fix(latitude=0, longitude=0)))
    doubted = await console.expect("flight.doubtful")

    assert (doubted["session_id"], doubted["reasons"]) == (str(device.session_id), ["no_reception"])
    assert not [frame for frame in console.seen if frame["type"] == "flights.moved"]


async def test_officer_on_the_incident_sees_it_move_while_the_picture_is_shown(
    device: Device, peers: Peers, herts: ForceRef
) -> None:
    there, elsewhere = await peers.officer(herts), await peers.officer(herts, "pcso")

    me = there.seen[0]["me"]["id"]

    def show() -> None:
        now, made = clock.now(), flight_made(device.session_id)
        officer = User.objects.get(pk=int(me)).as_actor("r1")
        make_live(made, now=now)
        set_status(actor=officer, now=now, status="available")
        send_there(officer, made.session.incident_id, now=now)
        show_to_officers(actor=person(), now=now, session_id=device.session_id)

    await ain_force(herts, show)
    await post(device)
    moved = await there.expect("flights.moved")

    assert moved["flights"][0]["session_id"] == str(device.session_id)
    await there.send("officer.snapshot")
    state = await there.expect("officer.state", lambda frame: bool(frame["pictures"]))
    (picture,) = state["pictures"]
    assert picture["flight"] == moved["flights"][0]
    assert [at["latitude"] for at in picture["trail"]] == [PLACE["latitude"]]
    await elsewhere.round_trip()
    assert not [frame for frame in elsewhere.seen if frame["type"] == "flights.moved"]


async def test_flight_that_is_over_is_no_more_among_those_in_the_air(
    device: Device, peers: Peers, herts: ForceRef
) -> None:
    await post(device)
    at = clock.now() + timedelta(seconds=1)
    await ain_force(herts, lambda: land_flight(actor=person(), now=at, session_id=device.session_id))

    console = await peers.console(herts)
    await console.send("flights.follow")

    assert (await console.expect("flights.snapshot"))["flights"] == []
