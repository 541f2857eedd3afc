"""Each frame of both sockets, tried by each role, with the own force's objects and with another's."""

import asyncio
import copy
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest

from config.services.stack import Stack
from forces import clock
from forces.context import ForceRef, in_force
from streams.models import Stream, Talk
from tests.fakes.gateway import FakeGateway
from tests.isolation.cases import FIELD, ROOM
from tests.isolation.frames import AGENCY, CALLER, CONSOLE, OFFICER
from tests.isolation.kept import KeptState
from tests.isolation.test_http_walk import state_of
from tests.isolation.worlds import OWNER, ROLES, World, build_world
from tests.streams.socket_peers import Peer, Peers

OUT = [role for role in ROLES if role not in ROOM]


# As long as asks, codes and places of the worlds stand.
BUILT_ANEW_S = 90.0


@pytest.fixture(scope="module")
def keeper(stack: Stack, module_db: str, herts: ForceRef, beds: ForceRef) -> Callable[[], tuple[World, World]]:
    """Return a function that makes the two worlds, or puts them back as they were made."""
    built: list[tuple[float, tuple[World, World], KeptState]] = []

    def make() -> tuple[World, World]:
        if not built or time.monotonic() - built[-1][0] > BUILT_ANEW_S:
            worlds = build_world(herts), build_world(beds)
            kept = KeptState.take(stack, module_db, ("public", herts.schema, beds.schema, OWNER.schema))
            built[:] = [(time.monotonic(), worlds, kept)]
        else:
            built[-1][2].restore()
        return copy.deepcopy(built[-1][1])

    return make


@pytest.fixture
async def fresh(peers: Peers, keeper: Callable[[], tuple[World, World]], gateway: FakeGateway) -> tuple[World, World]:
    """Return (own, foreign) with streams that the media server in memory knows."""
    found = await asyncio.to_thread(keeper)
    for world in found:
        for force, name in ((world.force, "stream"), (OWNER, "shared_stream")):
            gateway.rooms.update(await asyncio.to_thread(in_force, force, _rooms, force, world.ids[name]))
        gateway.rooms.update(await asyncio.to_thread(in_force, world.force, _talk_rooms, world.force))
    return found


def _rooms(force: ForceRef, stream_id: str) -> dict[str, Any]:
    from streams.signalling.rooms import room_spec
    from tests.fakes.gateway import Room

    stream = Stream.objects.get(pk=stream_id)
    spec = room_spec(force, stream.session_id, stream.room_id)
    return {stream.room_id: Room(spec, feeds={str(stream.pk)})}


def _talk_rooms(force: ForceRef) -> dict[str, Any]:
    from streams.signalling.rooms import room_spec
    from tests.fakes.gateway import Room

    talks = Talk.objects.all()
    return {one.room_id: Room(room_spec(force, one.session_id, one.room_id), feeds={str(one.pk)}) for one in talks}


def filled(fields: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return fields whose values that start with @ are a world's."""
    now_ms = clock.now().timestamp() * 1000
    fix = {"latitude": 51.8, "longitude": -0.08, "accuracy_m": 9, "fixed_at": now_ms}
    numbers = {"now_ms": now_ms, "later_ms": round(now_ms) + 60_000, "fixes": [fix]}
    values: dict[str, Any] = {**numbers, **names}
    return {key: values[value[1:]] if str(value).startswith("@") else value for key, value in fields.items()}


@pytest.mark.parametrize("role", OUT)
async def test_role_without_the_right_gets_no_console_and_no_frame_is_heard(
    peers: Peers, fresh: tuple[World, World], herts: ForceRef, role: str
) -> None:
    before = await asyncio.to_thread(state_of, fresh[0])
    peer = await peers.console(herts, role, is_read=False)
    theirs = {"own_watch": fresh[0].ids["watch"], "own_talk": fresh[0].ids["talk of pcso"]}
    for type_, frame in CONSOLE.items():
        await peer.send(type_, **filled(frame.fields, {**fresh[0].ids, **theirs}))

    assert await peer.close_code() in (4401, 4403)
    assert {frame["type"] for frame in peer.seen} == {"error"}
    assert await asyncio.to_thread(state_of, fresh[0]) == before


@pytest.mark.parametrize("role", sorted(ROOM))
@pytest.mark.parametrize("type_", list(CONSOLE))
async def test_console_does_with_its_own_and_not_with_another_forces(
    peers: Peers, fresh: tuple[World, World], herts: ForceRef, gateway: FakeGateway, type_: str, role: str
) -> None:
    own, foreign = fresh
    frame = CONSOLE[type_]
    before = await asyncio.to_thread(state_of, foreign)
    peer = await peers.console(herts, role)
    if type_ == "chat.send":
        await peer.send("session.open", session_id=own.ids["live"])
        await peer.expect("session.snapshot")

    if frame.objects:
        for world in (foreign, own) if "talk" in frame.objects else (foreign,):  # nor is a colleague's own
            held = {"own_watch": world.ids["watch"], "own_talk": world.ids["talk of pcso"]}
            named = {name: foreign.ids[name] for name in frame.objects if name != "talk"}
            await _refused(peer, type_, filled(frame.fields, {**own.ids, **named, **held}), frame.refusal)
    names = {**own.ids, "own_watch": await _watch(peer, own) if "watch" in frame.objects else ""}
    names["own_talk"] = await _talk(peer, own) if "talk" in frame.objects else ""
    await _answered(peer, type_, filled(frame.fields, names), frame.answer)

    assert foreign.mark not in str(peer.seen)
    assert await asyncio.to_thread(state_of, foreign) == before


@pytest.mark.parametrize("type_", list(CALLER))
async def test_caller_with_a_ticket_of_another_force_is_not_heard(
    peers: Peers, fresh: tuple[World, World], herts: ForceRef, gateway: FakeGateway, type_: str
) -> None:
    own, foreign = fresh
    before = [await asyncio.to_thread(state_of, world) for world in fresh]
    stranger = await peers.caller(herts, foreign.tickets["live"], is_read=False)
    await stranger.send(type_, **filled(CALLER[type_], own.ids))
    assert await stranger.close_code() == 4401
    assert {frame["type"] for frame in stranger.seen} == {"error"}
    assert [await asyncio.to_thread(state_of, world) for world in fresh] == before

    caller = await peers.caller(herts, own.tickets["live"])
    ref = await caller.send(type_, **filled(CALLER[type_], own.ids))
    await _settled(caller)
    assert [frame for frame in caller.seen if frame["type"] == "error" and frame.get("ref") == ref] == []


@pytest.mark.parametrize("type_", list(AGENCY))
async def test_agencys_viewer_does_with_what_is_shared_and_not_with_another_forces(
    peers: Peers, fresh: tuple[World, World], herts: ForceRef, gateway: FakeGateway, type_: str
) -> None:
    own, foreign = fresh
    frame = AGENCY[type_]
    before = await asyncio.to_thread(state_of, foreign)
    stranger = await peers.agency(herts, foreign.agency, is_read=False)
    await stranger.send(type_, **filled(frame.fields, {**own.ids, "own_watch": own.ids["watch"]}))
    assert await stranger.close_code() == 4401
    page = await peers.agency(herts, own.agency)

    if frame.objects:
        for theirs in (foreign, own):  # a watch of the own force's console is not the viewer's, either
            if theirs is own and "watch" not in frame.objects:
                continue
            names = {**own.ids, "stream": theirs.ids["stream"], "own_watch": theirs.ids["watch"]}
            await _refused(page, type_, filled(frame.fields, names), frame.refusal)
    names = {**own.ids, "own_watch": await _agency_watch(page, own) if "watch" in frame.objects else ""}
    if type_ == "agency.leave":
        await page.send(type_)
        assert await page.close_code() == 4410
    else:
        await _answered(page, type_, filled(frame.fields, names), frame.answer)

    assert foreign.mark not in str(page.seen)
    assert await asyncio.to_thread(state_of, foreign) == before


@pytest.mark.parametrize("role", [role for role in ROLES if role not in FIELD])
async def test_role_that_is_not_out_gets_no_officers_page_and_no_frame_is_heard(
    peers: Peers, fresh: tuple[World, World], herts: ForceRef, role: str
) -> None:
    before = await asyncio.to_thread(state_of, fresh[0])
    peer = await peers.officer(herts, role, is_read=False)
    own = _of_officer(fresh[0], "officer")
    for type_, frame in OFFICER.items():
        await peer.send(type_, **filled(frame.fields, own))

    assert await peer.close_code() in (4401, 4403)
    assert {frame["type"] for frame in peer.seen} == {"error"}
    assert await asyncio.to_thread(state_of, fresh[0]) == before


@pytest.mark.parametrize("role", sorted(FIELD))
@pytest.mark.parametrize("type_", list(OFFICER))
async def test_officer_does_with_their_own_and_not_with_another_forces(
    peers: Peers, fresh: tuple[World, World], herts: ForceRef, type_: str, role: str
) -> None:
    own, foreign = (_of_officer(world, role) for world in fresh)
    frame = OFFICER[type_]
    before = await asyncio.to_thread(state_of, fresh[1])
    peer = await peers.officer(herts, role)

    if frame.objects:
        theirs = {**own, **{name: foreign[name] for name in frame.objects}, "own_watch": foreign["watch"]}
        await _refused(peer, type_, filled(frame.fields, theirs), frame.refusal)
    if "watch" in frame.objects:
        assert await peer.refused("watch.answer", watch_id=own["watch"], sdp="v=0") == "watch_unknown"  # a console's
        own["own_watch"] = await _watch(peer, fresh[0])
    if type_ == "talk.accept":
        await peer.send("talk.listen", talk_id=own["officers_talk"])
        await peer.expect("talk.offer")
    await _answered(peer, type_, filled(frame.fields, own), frame.answer)

    assert fresh[1].mark not in str(peer.seen)
    assert await asyncio.to_thread(state_of, fresh[1]) == before


def _of_officer(world: World, role: str) -> dict[str, str]:
    """Return a world's objects, and as the officer's own those of the one of this role."""
    kinds = ("ask", "live", "asked", "accepted", "view", "notice", "incident", "talk")
    own = {f"officers_{kind}": world.ids[f"{kind} of {role}"] for kind in kinds}
    return {**world.ids, **own, "own_watch": world.ids["watch"]}


async def _watch(peer: Peer, world: World) -> str:
    await peer.send("stream.watch", session_id=world.ids["live"], stream_id=world.ids["stream"])
    return str((await peer.expect("stream.offer"))["watch_id"])


async def _talk(peer: Peer, world: World) -> str:
    await peer.send("talk.start", session_id=world.ids["live of pcso"], sdp=CONSOLE["talk.start"].fields["sdp"])
    return str((await peer.expect("talk.answer"))["talk_id"])


async def _agency_watch(page: Peer, world: World) -> str:
    await page.send("agency.watch", stream_id=world.ids["stream"])
    return str((await page.expect("stream.offer"))["watch_id"])


async def _refused(peer: Peer, type_: str, fields: dict[str, Any], code: str) -> None:
    """Send a frame with another force's objects: its code is answered, or nothing happens."""
    if code:
        assert await peer.refused(type_, **fields) == code
        return
    ref = await peer.send(type_, **fields)
    await peer.round_trip()
    answers = [frame for frame in peer.seen if frame.get("ref") == ref]
    # A watch that is not this socket's is over for it, whosever it is.
    assert all(frame["type"] == "watch.ended" and frame["session_id"] is None for frame in answers), answers


async def _answered(peer: Peer, type_: str, fields: dict[str, Any], answer: str) -> None:
    ref = await peer.send(type_, **fields)
    if answer:
        assert (await peer.expect(answer))["type"] == answer
    await peer.round_trip()
    assert [frame for frame in peer.seen if frame["type"] == "error" and frame.get("ref") == ref] == []


async def _settled(peer: Peer) -> None:
    """Wait until what was sent before has been acted upon; a page whose session ended is closed instead."""
    marker = uuid4().hex
    await peer.send("chat.send", client_id=marker, text="Still here")
    while True:
        event = await peer.line.receive_output(5)
        if event["type"] == "websocket.close":
            return
        peer.seen.append(json.loads(event["text"]))
        if peer.seen[-1].get("client_id") == marker or peer.seen[-1].get("code") in (
            "session_over",
            "consent_withdrawn",
        ):
            return
