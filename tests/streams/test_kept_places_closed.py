"""Places that another app's rows hold: given back, emptied and closed with their session, and listed with streams'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from forces import clock
from forces.context import ForceRef, ain_force
from streams import closing_rules, place_keepers, signalling
from streams.gateway.interface import GatewayUnavailable
from streams.models import LiveSession
from streams.services import handles, ownership, rooms
from streams.signalling import kinds
from streams.signalling.gateways import PROCESS
from streams.signalling.rooms import KINDS, room_secret, room_spec
from streams.signalling.upkeep import Upkeep
from tests.factories.bare_calls import KIND, MemoryApp, install
from tests.fakes.gateway import FakeGateway
from tests.streams.kept_peers import OTHER, Kept, published
from tests.streams.socket_peers import read
from tests.streams.test_signalling import live

pytestmark = pytest.mark.usefixtures("live_db", "clean_leases")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> MemoryApp:
    """Return the app above, in memory."""
    return install(monkeypatch)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Let opaque ids name a kind of the app's, besides streams' own."""
    own, known = {letter: kinds.kind_of(letter) for letter in "pwtl"}, set(KINDS)
    monkeypatch.setattr(kinds, "_kinds", own)
    made = Kept()
    kinds.register_kind(made.kind)
    yield made
    KINDS.intersection_update(known)


async def test_place_of_what_ended_is_given_back(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    row, going_on = await published(herts, gateway, app), await published(herts, gateway, app)
    row.is_over = True
    await Upkeep(herts).give_back_handles()
    assert (row.place, len(gateway.seats)) == (None, 1)
    assert going_on.place is not None


async def test_place_that_was_not_given_back_is_tried_again(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    row = await published(herts, gateway, app)
    row.is_over = True
    gateway.failures["detach"] = GatewayUnavailable("gone")
    await Upkeep(herts).give_back_handles()
    assert row.place is not None
    del gateway.failures["detach"]
    await Upkeep(herts).give_back_handles()
    assert [one.place for one in app.rows] == [None]
    assert gateway.seats == {}


async def test_closing_empties_the_call_and_every_other_room_then_hands_over_once(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    row = await published(herts, gateway, app)
    other = room_spec(herts, row.session_id, f"herts-v-{uuid4()}", video_codecs="vp8")
    await gateway.ensure_room(other)
    app.rooms[row.session_id] = (other.room_id, "herts-v-gone")
    now = clock.now()
    await read(herts, lambda: LiveSession.objects.filter(pk=row.session_id).update(state="ended", ended_at=now))

    for _ in range(2):
        await signalling.close_session(herts, row.session_id)

    assert (gateway.rooms, gateway.seats) == ({}, {})
    assert gateway.closed_rooms == [f"herts-{row.session_id}", other.room_id]
    assert app.handed == [row.session_id]


async def test_callers_recordings_are_not_handed_over_by_the_app(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp
) -> None:
    caller, _ = await live(herts, gateway)
    await signalling.stop_session(caller)
    assert await read(herts, lambda: LiveSession.objects.get().room_closed_at) is not None
    assert app.handed == []


async def test_places_of_streams_and_of_the_app_are_listed_together(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    caller, stream_id = await live(herts, gateway)
    row = await published(herts, gateway, app, PROCESS)

    def look() -> Any:
        lost = ownership.find_lost(owner=OTHER, ids={"p": [stream_id], "c": [row.id]})
        return (
            ownership.list_owners(),
            [one.id for one in ownership.list_owned(owner=PROCESS)],
            lost,
            handles.find_session_handles(session_id=row.session_id),
            len(handles.find_session_handles(session_id=caller.session_id)),
            rooms.find_open_room(session_id=row.session_id),
        )

    seen = await ain_force(herts, look)
    assert seen == ({PROCESS}, [stream_id, row.id], {stream_id, row.id}, [row.place], 1, None)


def test_holder_is_kept_once(app: MemoryApp) -> None:
    with pytest.raises(ValueError, match="feed"):
        place_keepers.register_keeper(MemoryApp())


def test_kind_is_handed_over_by_one(app: MemoryApp) -> None:
    with pytest.raises(ValueError, match=KIND):
        closing_rules.register_handing_over(KIND, app.hand_over)


def test_room_of_a_call_has_its_own_codec_and_the_same_secret(herts: ForceRef) -> None:
    session_id = uuid4()
    usual, call = (
        room_spec(herts, session_id, "r"),
        room_spec(herts, session_id, "r", video_codecs="vp8", opus_fec=True),
    )
    assert (usual.video_codecs, usual.opus_fec) == ("vp8,h264", False)
    assert (call.video_codecs, call.opus_fec, call.secret) == ("vp8", True, room_secret("r"))
