"""The door of devices beyond the protocol: whose key opens what, and what ends a publication."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from drones.models import Aircraft, AircraftKey
from drones.services.flights import land_flight
from drones.services.keys import end_sending, revoke_key
from forces import clock
from forces.actors import Actor
from forces.audit.models import AuditEntry
from forces.context import ForceRef, ain_force
from streams.gateway.interface import EventKind, GatewayUnavailable, HandleEvent, HandleGone
from streams.models import LiveSession, Stream, WhipResource
from streams.services import arrival, ownership, publishing
from streams.services.ingest import OPENINGS_PER_MINUTE
from streams.services.sessions import end_session
from streams.services.watching import StreamOver
from streams.signalling import end_stream
from streams.signalling.gateways import PROCESS, reach
from streams.signalling.takeover import let_go_of_lost, take_stream
from streams.signalling.upkeep import Upkeep
from tests.drones.devices import FRAGMENT, HOST, OFFER, RESTART, SDP, Device, fragment, in_the_air, newest_stream
from tests.factories.drones import make_aircraft, make_key, make_planned
from tests.factories.streams import person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read, until_rows

OTHER = "0ther0ther00"


async def refusals(force: ForceRef, act: str) -> list[tuple[str, str, str]]:
    """Return (actor's kind, code, session) of the refused acts of a name."""

    def look() -> list[tuple[str, str, str]]:
        rows = AuditEntry.objects.filter(act=act, outcome="refused").order_by("seq")
        return list(rows.values_list("actor_kind", "code", "session_id"))

    found: list[tuple[str, str, str]] = await read(force, look)
    return found


async def go_live(device: Device, force: ForceRef) -> Stream:
    """Publish, and let the picture arrive."""
    await device.publish()
    stream: Stream = await read(force, newest_stream)
    device.gateway.emit_video(str(stream.id), receiving=True)
    await until_rows(force, lambda: newest_stream().state == "live")
    return stream


# --- whose key opens what -----------------------------------------------------------------------------


async def test_wrong_key_is_refused_and_audited_without_it(device: Device, herts: ForceRef) -> None:
    before = len(await refusals(herts, "key.use"))

    await device.post(authorization="Bearer sla_wrong-and-secret")

    assert (await refusals(herts, "key.use"))[before:] == [("user", "key_invalid", "")]
    said = await read(herts, lambda: str(list(AuditEntry.objects.values())))
    assert "wrong-and-secret" not in said
    assert device.key not in said


async def test_key_of_another_force_sends_nothing(device: Device, gateway: FakeGateway, beds: ForceRef) -> None:
    foreign = await in_the_air(beds, gateway, "THEIRS")
    foreign.schema = "herts"

    assert (await foreign.post()).status_code == 401
    assert gateway.seats == {}


async def test_host_of_no_force_has_no_such_door(device: Device) -> None:
    for schema in ("nowhere", "www"):
        device.schema = schema
        assert (await device.post()).status_code == 404


async def test_aircraft_without_a_launched_flight_is_refused(
    live_db: str, gateway: FakeGateway, herts: ForceRef
) -> None:
    def plan() -> tuple[str, Any]:
        aircraft = make_aircraft("ON-THE-GROUND")
        return make_key(aircraft, now=clock.now()), make_planned(aircraft, now=clock.now()).flight.session_id

    key, session_id = await ain_force(herts, plan)
    answered = await Device(key, gateway, session_id).post()

    assert (answered.status_code, answered.json()["code"]) == (403, "not_in_the_air")
    assert ("device", "not_in_the_air", "") in await refusals(herts, "key.use")
    assert gateway.calls == []


@pytest.mark.parametrize("out", ["landed", "withdrawn"])
async def test_aircraft_that_landed_or_was_withdrawn_is_refused(device: Device, herts: ForceRef, out: str) -> None:
    def land() -> None:
        land_flight(actor=person(), now=clock.now(), session_id=device.session_id)

    def withdraw() -> None:
        Aircraft.objects.filter(serial="FLYING").update(is_in_service=False)

    try:
        await ain_force(herts, land if out == "landed" else withdraw)
        assert (await device.post()).status_code == 403
    finally:
        await ain_force(herts, lambda: Aircraft.objects.update(is_in_service=True))


async def test_resource_of_another_aircraft_is_unknown(device: Device, gateway: FakeGateway, herts: ForceRef) -> None:
    location = (await device.publish()).headers["Location"]
    stranger = await in_the_air(herts, gateway, "SECOND")

    for method, body in (("PATCH", fragment(HOST)), ("PATCH", RESTART), ("DELETE", ""), ("GET", "")):
        answered = await stranger.ask(method, location, body, FRAGMENT, if_match="*")
        assert answered.status_code == 404, (method, answered.text)
    assert (await read(herts, newest_stream)).state == "connecting"
    assert {"trickle", "restart", "detach"} & set(gateway.calls) == set()


@pytest.mark.parametrize("path", ["/whip/1", "/whip/00000000-0000-4000-8000-000000000000", "/whip/x/y"])
async def test_resource_that_never_was_is_unknown(device: Device, path: str) -> None:
    assert (await device.patch(path, fragment(HOST))).status_code == 404


# --- what is no request of this door --------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_method_at_the_endpoint_is_refused_with_those_that_are_allowed(device: Device, method: str) -> None:
    answered = await device.ask(method, "/whip", OFFER, SDP)

    assert (answered.status_code, answered.headers["Allow"]) == (405, "POST, GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_other_method_at_a_resource_is_refused_with_those_that_are_allowed(device: Device, method: str) -> None:
    location = (await device.publish()).headers["Location"]

    answered = await device.ask(method, location, OFFER, SDP)

    assert (answered.status_code, answered.headers["Allow"]) == (405, "PATCH, DELETE, GET, HEAD, OPTIONS")


async def test_body_that_no_sdp_has_is_refused(device: Device, gateway: FakeGateway) -> None:
    location = (await device.publish()).headers["Location"]
    huge = OFFER + "a=x\r\n" * 20_000

    assert (await device.post(huge)).status_code == 413
    assert (await device.patch(location, huge)).status_code == 413
    assert gateway.calls.count("publish") == 1


async def test_device_that_floods_is_told_to_wait(device: Device, gateway: FakeGateway) -> None:
    # Twice as many: a new minute may begin meanwhile.
    answers = [await device.post("v=0") for _ in range(2 * OPENINGS_PER_MINUTE + 2)]

    told = [one for one in answers if one.status_code == 429]
    assert told
    assert 0 < int(told[-1].headers["Retry-After"]) <= 60
    assert {one.status_code for one in answers} == {400, 429}


# --- one picture per key ----------------------------------------------------------------------------------


async def test_second_publisher_on_a_live_key_is_refused_and_the_first_goes_on(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    stream = await go_live(device, herts)

    answered = await device.post()

    assert (answered.status_code, answered.json()["code"]) == (409, "picture_goes_on")
    assert (await read(herts, Stream.objects.get)).state == "live"
    assert [seat.feed_id for seat in gateway.seats.values()] == [str(stream.id)]
    assert ("device", "picture_goes_on", str(stream.session_id)) in await refusals(herts, "stream.publish")


async def test_two_publishers_at_once_one_is_taken(device: Device, gateway: FakeGateway) -> None:
    answers = await asyncio.gather(*(device.post() for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert len(gateway.seats) == 1


async def test_device_whose_picture_stalled_takes_its_own_place(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    stream = await go_live(device, herts)
    await ain_force(herts, arrival.mark_stalled, now=clock.now(), stream_id=stream.id)

    await device.publish()

    states = await read(herts, lambda: dict(Stream.objects.values_list("id", "end_reason")))
    assert states.pop(stream.id) == "replaced"
    assert list(states.values()) == [""]
    assert [seat.feed_id for seat in gateway.seats.values()] == [str(key) for key in states]
    assert await read(herts, WhipResource.objects.count) == 1


async def test_device_that_never_connected_comes_back_after_a_moment(device: Device, herts: ForceRef) -> None:
    await device.publish()
    assert (await device.post()).status_code == 409

    before = timedelta(seconds=6)
    await read(herts, lambda: Stream.objects.update(admitted_at=clock.now() - before, begun_at=clock.now() - before))

    assert (await device.post()).status_code == 201


# --- what ends a publication --------------------------------------------------------------------------------


async def ended(device: Device, gateway: FakeGateway, herts: ForceRef, location: str) -> str:
    """Check that nothing of the picture is left once the watchdog has looked; return why it ended."""
    await Upkeep(herts).give_back_handles()
    stream = await read(herts, newest_stream)
    assert (stream.state, gateway.seats) == ("ended", {})
    assert await read(herts, WhipResource.objects.count) == 0
    return str(stream.end_reason)


@pytest.mark.parametrize("how", ["revoked", "rotated"])
async def test_key_that_is_revoked_or_rotated_while_flying_ends_the_picture_and_opens_nothing(
    device: Device, gateway: FakeGateway, herts: ForceRef, how: str
) -> None:
    location = (await device.publish()).headers["Location"]

    def revoke() -> str:
        row = AircraftKey.objects.get(aircraft__serial="FLYING", revoked_at=None)
        revoke_key(actor=person("force_admin"), now=clock.now(), key_id=row.pk)
        return ""

    def rotate() -> str:
        return make_key(make_aircraft("FLYING"), now=clock.now())

    fresh = await ain_force(herts, revoke if how == "revoked" else rotate)

    assert await ended(device, gateway, herts, location) == "key_revoked"
    assert (await device.patch(location, fragment(HOST))).status_code == 401
    assert (await device.ask("DELETE", location)).status_code == 401
    assert (await device.post()).status_code == 401
    if fresh:
        device.key = fresh
        assert (await device.post()).status_code == 201


async def test_key_that_is_revoked_while_its_picture_connects_leaves_nothing(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    gateway.gate = asyncio.Event()
    asking = asyncio.create_task(device.post())
    await gateway.is_publishing.wait()

    def revoke() -> None:
        row = AircraftKey.objects.get(aircraft__serial="FLYING", revoked_at=None)
        revoke_key(actor=person("force_admin"), now=clock.now(), key_id=row.pk)

    await ain_force(herts, revoke)
    gateway.gate.set()

    assert (await asking).status_code in (401, 409)
    assert await ended(device, gateway, herts, "") == "key_revoked"


async def test_aircraft_taken_out_of_service_sends_no_more(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    location = (await device.publish()).headers["Location"]

    def withdraw() -> None:
        aircraft, admin = make_aircraft("FLYING"), person("force_admin")
        end_sending(actor=admin, now=clock.now(), aircraft_id=aircraft.id, reason="aircraft_withdrawn")

    await ain_force(herts, withdraw)

    assert await ended(device, gateway, herts, location) == "aircraft_withdrawn"
    assert (await device.ask("DELETE", location)).status_code == 404


@pytest.mark.parametrize("how", ["landed", "ended"])
async def test_landing_or_the_sessions_end_ends_the_picture(
    device: Device, gateway: FakeGateway, herts: ForceRef, how: str
) -> None:
    location = (await device.publish()).headers["Location"]

    def end() -> None:
        given: dict[str, Any] = {"actor": person(), "now": clock.now(), "session_id": device.session_id}
        if how == "landed":
            land_flight(**given)
        else:
            end_session(**given, reason="ended_by_operator")

    await ain_force(herts, end)

    assert await ended(device, gateway, herts, location) == "session_over"
    assert (await device.patch(location, fragment(HOST))).status_code == 403


async def test_device_that_hangs_up_is_over(device: Device, gateway: FakeGateway, herts: ForceRef) -> None:
    location = (await device.publish()).headers["Location"]
    stream = await read(herts, newest_stream)

    gateway.emit(HandleEvent(EventKind.HANGUP, gateway.publisher(str(stream.id)), reason="DTLS alert"))
    await until_rows(herts, lambda: newest_stream().is_over)

    assert (await device.patch(location, fragment(HOST))).status_code == 404
    assert (await device.post()).status_code == 201


async def test_flight_goes_on_when_its_device_stops_and_sends_again(device: Device, herts: ForceRef) -> None:
    for _ in range(2):
        location = (await device.publish()).headers["Location"]
        assert (await device.ask("DELETE", location)).status_code == 200

    assert await read(herts, lambda: [stream.end_reason for stream in Stream.objects.all()]) == ["stopped", "stopped"]


async def test_device_that_ends_because_its_media_server_is_lost_ended_by_that(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    location = (await device.publish()).headers["Location"]
    gateway.is_connected = False
    gateway.failures["connect"] = GatewayUnavailable("away")

    assert (await device.ask("DELETE", location)).status_code == 200
    assert (await read(herts, newest_stream)).end_reason == "gateway_failed"


# --- several processes ----------------------------------------------------------------------------------------


async def held_by_other(herts: ForceRef) -> None:
    """Let another process hold the place."""
    await read(herts, lambda: Stream.objects.update(owner=OTHER))
    reach().participants.clear()


async def test_candidates_and_end_come_to_a_process_that_does_not_hold_the_place(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    location = (await device.publish()).headers["Location"]
    await held_by_other(herts)

    assert (await device.patch(location, fragment(HOST))).status_code == 204
    assert gateway.claimed == []
    assert (await device.ask("DELETE", location)).status_code == 200
    assert gateway.seats == {}


async def test_restart_that_comes_to_another_process_takes_the_place_over(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    location = (await device.publish()).headers["Location"]
    await held_by_other(herts)

    assert (await device.patch(location, RESTART)).status_code == 200

    [handle] = gateway.seats
    assert (gateway.claimed, gateway.released) == ([handle], [handle])
    assert (await read(herts, newest_stream)).owner == PROCESS
    await let_go_of_lost()
    assert gateway.released == [handle]


async def test_restart_whose_place_cannot_be_taken_leaves_it_where_it_was(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    published = await device.publish()
    await held_by_other(herts)
    gateway.failures["claim"] = GatewayUnavailable("gone")

    assert (await device.patch(published.headers["Location"], RESTART)).status_code == 503

    assert (await read(herts, newest_stream)).owner == OTHER
    assert (await read(herts, WhipResource.objects.get)).etag == published.headers["ETag"]


async def test_restart_of_what_the_media_server_forgot_is_unknown(
    device: Device, gateway: FakeGateway, herts: ForceRef
) -> None:
    location = (await device.publish()).headers["Location"]
    gateway.failures["restart"] = HandleGone("gone")

    assert (await device.patch(location, RESTART)).status_code == 404


async def test_of_two_restarts_at_once_one_is_answered(device: Device, gateway: FakeGateway, herts: ForceRef) -> None:
    published = await device.publish()
    location, tag = published.headers["Location"], published.headers["ETag"]
    answers = await asyncio.gather(*(device.patch(location, RESTART, tag) for _ in range(3)))

    taken = [one for one in answers if one.status_code == 200]
    assert len(taken) == gateway.calls.count("restart") == 1
    assert {one.status_code for one in answers} == {200, 412}
    assert (await read(herts, WhipResource.objects.get)).etag == taken[0].headers["ETag"]


async def test_place_of_a_stream_that_is_over_is_taken_by_nobody(device: Device, herts: ForceRef) -> None:
    await device.publish()
    stream = await read(herts, newest_stream)
    await end_stream(herts, person(), stream.id, "silent")

    with pytest.raises(StreamOver):
        await take_stream(herts, stream.id)
    assert await read(herts, ownership.list_owners) == set()


async def test_who_is_not_polite_replaces_a_live_picture(device: Device, herts: ForceRef) -> None:
    stream = await go_live(device, herts)

    def replace() -> publishing.PublisherAdmission:
        source = LiveSession.objects.get(pk=stream.session_id)
        actor = Actor.device(source.source_id, source.source_name)
        return publishing.admit_publisher(
            actor=actor, now=clock.now(), session_id=source.id, node="media-1", owner="process"
        )

    admission = await read(herts, replace)

    assert [held.id for held in admission.leftovers] == [stream.id]
