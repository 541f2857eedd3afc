"""Each frame of both sockets of consultations, by each role and ticket, with own objects and with another force's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from consultations.models import Consultation, Feedback, MoveRequest, Participant, Place, SilentSignal
from consultations.tickets import MEETING_COOKIE, write_meeting_cookie
from forces.context import ForceRef, in_force
from tests.consultations.pages import Pages
from tests.fakes.gateway import FakeGateway
from tests.isolation.consultations import DESK, MEETING, NEEDS_ADMISSION, RUN
from tests.isolation.frames import Frame
from tests.isolation.test_socket_walk import keeper
from tests.isolation.worlds import ROLES, World
from tests.streams.socket_peers import Peer
from tests.units import rolled_back

Worlds = tuple[World, World]
# What a place is needed for before it is tried.
WITH_PLACE = frozenset(
    {
        "place.resume",
        "feed.open",
        "feed.restart",
        "feed.candidate",
        "feed.close",
        "call.own",
        "call.hand",
        "call.say",
        "recording.ask",
        "caution.state",
        "room.lock",
    }
)


__all__ = ["keeper"]


@pytest.fixture
def fresh(keeper: Callable[[], Worlds]) -> Worlds:
    """Return (own, foreign) as they were built: the frames of consultations change much."""
    return keeper()


@pytest.fixture
async def pages(module_db: str, gateway: FakeGateway, force_client: Callable[..., Any]) -> AsyncIterator[Pages]:
    opened = Pages(force_client)
    yield opened
    await opened.close()


def state_of(world: World) -> Any:
    """Return what an intruder could have changed."""
    return in_force(world.force, _state)


def _state() -> list[Any]:
    return [
        list(Consultation.objects.order_by("pk").values_list("pk", "state", "taken_by", "is_locked", "recording")),
        list(Participant.objects.order_by("pk").values_list("pk", "state", "admission", "shown_name", "hand_at")),
        list(Place.objects.order_by("pk").values_list("pk", "ended_at", "socket")),
        list(SilentSignal.objects.order_by("pk").values_list("pk", "seen_at")),
        list(MoveRequest.objects.order_by("pk").values_list("pk", "answer")),
        Feedback.objects.count(),
    ]


def filled(fields: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields whose values that start with @ are a world's."""
    return {key: names[value[1:]] if str(value).startswith("@") else value for key, value in fields.items()}


def names_of(world: World) -> dict[str, Any]:
    """Return a world's objects, and as the own place and feed those of the member who is inside."""
    ids: dict[str, Any] = {**world.ids, **world.meetings.numbers}
    return {**ids, "own_place": ids["place"], "own_feed": ids["feed"]}


@pytest.mark.parametrize("role", [role for role in ROLES if role not in RUN])
async def test_role_without_the_right_gets_no_desk_and_no_frame_is_heard(
    pages: Pages, fresh: Worlds, herts: ForceRef, role: str
) -> None:
    before = await asyncio.to_thread(state_of, fresh[0])
    peer = await pages.officer(herts, role)
    for type_, frame in DESK.items():
        await peer.send(type_, **filled(frame.fields, names_of(fresh[0])))

    assert await peer.close_code() in (4401, 4403)
    assert {frame["type"] for frame in peer.seen} == {"error"}
    assert await asyncio.to_thread(state_of, fresh[0]) == before


@pytest.mark.parametrize("role", sorted(RUN))
@pytest.mark.parametrize("type_", list(DESK))
async def test_desk_does_with_its_own_and_not_with_another_forces(
    pages: Pages, fresh: Worlds, herts: ForceRef, type_: str, role: str
) -> None:
    own, foreign = fresh
    frame, before = DESK[type_], await asyncio.to_thread(state_of, foreign)
    peer = await pages.officer(herts, role)
    names = names_of(own)
    if type_ not in ("board.open", "desk.open", "heartbeat.ping"):
        await peer.send("desk.open", session_id=own.ids["consultation"])
        await peer.expect("desk.snapshot")
        await peer.send("consultation.take")
        await peer.expect("desk.snapshot")
    if type_ in WITH_PLACE:
        names |= await _place(peer)

    if frame.objects:
        theirs = {**names, **{name: names_of(foreign)[name] for name in frame.objects}}
        theirs |= {"own_place": foreign.ids["place"], "own_feed": foreign.ids["feed"]}
        await _refused(peer, type_, filled(frame.fields, theirs), frame)
    await _answered(peer, type_, filled(frame.fields, names), frame)

    assert foreign.mark not in str(peer.seen)
    assert await asyncio.to_thread(state_of, foreign) == before


@pytest.mark.parametrize("type_", list(MEETING))
async def test_member_does_with_their_own_and_not_with_another_forces(
    pages: Pages, fresh: Worlds, herts: ForceRef, type_: str
) -> None:
    own, foreign = fresh
    frame = MEETING[type_]
    before = [await asyncio.to_thread(state_of, world) for world in fresh]
    stranger = await pages.member(herts, foreign.meetings.inside, is_read=False)
    await stranger.send(type_, **filled(frame.fields, names_of(own)))
    assert await stranger.close_code() == 4401
    assert {one["type"] for one in stranger.seen} == {"error"}
    assert [await asyncio.to_thread(state_of, world) for world in fresh] == before

    peer = await pages.member(herts, own.meetings.inside)
    names = names_of(own)
    if type_ in WITH_PLACE:
        names |= await _place(peer)
    if frame.objects:
        theirs = {**names, **{name: names_of(foreign)[name] for name in frame.objects}}
        theirs |= {"own_place": foreign.ids["place"], "own_feed": foreign.ids["feed"]}
        await _refused(peer, type_, filled(frame.fields, theirs), frame)
    await _answered(peer, type_, filled(frame.fields, names), frame)

    assert foreign.mark not in str(peer.seen)
    assert await asyncio.to_thread(state_of, foreign) == before[1]


@pytest.mark.parametrize("type_", list(NEEDS_ADMISSION))
async def test_member_who_waits_does_nothing_that_needs_admission(
    pages: Pages, fresh: Worlds, herts: ForceRef, type_: str
) -> None:
    own = fresh[0]
    peer = await pages.member(herts, own.meetings.waiting)

    fields = filled(MEETING[type_].fields, names_of(own))
    assert await peer.refused(type_, **fields) == NEEDS_ADMISSION[type_]

    inside = await pages.member(herts, own.meetings.inside)
    names = {**names_of(own), **(await _place(inside) if type_ in WITH_PLACE else {})}
    await _answered(inside, type_, filled(MEETING[type_].fields, names), MEETING[type_])


def _browser(world: World, host: ForceRef, *, name: str = "inside") -> Client:
    browser = Client(headers={"host": f"{host.schema}.localhost"})
    ticket = getattr(world.meetings, name)
    browser.cookies[MEETING_COOKIE] = write_meeting_cookie(ticket)
    return browser


def test_meeting_ticket_of_another_force_opens_nothing(fresh: Worlds, herts: ForceRef) -> None:
    own, foreign = fresh
    before = [state_of(world) for world in fresh]
    for address in ("/meeting/", "/meeting/move/", "/meeting/after/"):
        with rolled_back(own.force):
            page = _browser(foreign, herts).get(address)
        assert page.status_code in (403, 404, 409), (address, page.status_code)
        assert foreign.mark not in page.content.decode()
        with rolled_back(own.force):
            assert _browser(own, herts).get(address).status_code == 200, address
    with rolled_back(own.force):
        assert _browser(foreign, herts).post("/meeting/move/", {"text": "Later"}).status_code == 404
    assert [state_of(world) for world in fresh] == before


def test_meeting_ticket_of_another_force_leaves_nothing(fresh: Worlds, herts: ForceRef) -> None:
    own, foreign = fresh
    before = [state_of(world) for world in fresh]

    assert _browser(foreign, herts).post("/meeting/leave/").status_code == 204
    assert [state_of(world) for world in fresh] == before

    assert _browser(own, herts).post("/meeting/leave/").status_code == 204
    assert state_of(own) != before[0]


def _begin(browser: Client, address: str) -> Any:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": "filename YS5qcGc="}
    return browser.post(address, headers=headers)


def test_meeting_ticket_of_another_force_begins_no_file(fresh: Worlds, herts: ForceRef) -> None:
    own, foreign = fresh

    assert _begin(_browser(foreign, herts), "/meeting/uploads/").status_code == 404
    assert _begin(_browser(own, herts, name="waiting"), "/meeting/uploads/").status_code == 409
    assert _begin(Client(headers={"host": "herts.localhost"}), "/meeting/uploads/").status_code == 409
    assert _begin(_browser(own, herts), "/meeting/uploads/").status_code == 201


def test_file_of_another_participant_is_unknown(
    fresh: Worlds, herts: ForceRef, force_client: Callable[..., Client]
) -> None:
    own, _ = fresh
    begun = _begin(_browser(own, herts), "/meeting/uploads/")
    address = begun["Location"]
    headers = {"Tus-Resumable": "1.0.0"}

    assert _browser(own, herts).head(address, headers=headers).status_code == 200
    assert _browser(own, herts, name="waiting").head(address, headers=headers).status_code == 409
    officer = force_client("operator")
    theirs = f"/consultations/{own.ids['consultation']}/uploads/{begun.json()['id']}/"
    assert officer.head(theirs, headers=headers).status_code in (403, 404, 409)


def test_officer_sends_files_into_the_own_consultation_alone(
    fresh: Worlds, herts: ForceRef, force_client: Callable[..., Client]
) -> None:
    own, foreign = fresh
    officer, visitor = force_client("operator"), Client(headers={"host": "herts.localhost"})
    assert officer.post(f"/api/v1/consultations/{own.ids['consultation']}/take/").status_code == 200

    for world, status in ((foreign, 404), (own, 201)):
        address = f"/consultations/{world.ids['consultation']}/uploads/"
        assert _begin(officer, address).status_code == status
        assert _begin(visitor, address).status_code == 401
    assert _begin(officer, f"/consultations/{own.ids['planned']}/uploads/").status_code == 404


async def _place(peer: Peer) -> dict[str, str]:
    """Join the call, and return the own place and feed."""
    ref = await peer.send("place.join", sdp=DESK["place.join"].fields["sdp"], purpose="call")
    joined = await peer.expect("place.joined", lambda frame: frame.get("ref") == ref)
    await peer.round_trip()
    return {"own_place": joined["place_id"], "own_feed": joined["feed_id"]}


async def _refused(peer: Peer, type_: str, fields: dict[str, Any], frame: Frame) -> None:
    """Send a frame with another force's objects: its code is answered, or nothing happens."""
    ref = await peer.send(type_, **fields)
    await peer.round_trip()
    answers = [one for one in peer.seen if one.get("ref") == ref]
    if frame.refusal == "gone":
        assert [one["type"] for one in answers] == ["place.gone"]
    elif frame.refusal:
        assert [one.get("code") for one in answers] == [frame.refusal]
    else:
        assert answers == []


async def _answered(peer: Peer, type_: str, fields: dict[str, Any], frame: Frame) -> None:
    ref = await peer.send(type_, **fields)
    if frame.answer.startswith("error:"):
        error = await peer.expect("error", lambda one: one.get("ref") == ref)
        assert error["code"].startswith(frame.answer.removeprefix("error:"))
        return
    if frame.answer:
        assert (await peer.expect(frame.answer))["type"] == frame.answer
    if type_ not in ("call.end", "meeting.leave"):
        await peer.round_trip()
    assert [one for one in peer.seen if one["type"] == "error" and one.get("ref") == ref] == []
