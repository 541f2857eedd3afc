"""Places that another app's rows hold: taken over, let go, given back and closed like those of streams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from forces.context import ForceRef
from streams import signalling
from streams.gateway.interface import (
    EventKind,
    GatewayError,
    GatewayUnavailable,
    HandleEvent,
    HandleRef,
    Medium,
)
from streams.models import Stream
from streams.services.ownership import Owned
from streams.services.watching import StreamOver
from streams.signalling import kinds, leases
from streams.signalling.gateways import ONLY_NODE, PROCESS, reach
from streams.signalling.kinds import KindOfPlace
from streams.signalling.rooms import KINDS, Participant, opaque_id, read_opaque_id
from streams.signalling.takeover import let_go_of_lost, take_over, take_place, take_stream
from streams.signalling.upkeep import Upkeep
from tests.factories.bare_calls import MemoryApp, Row, install
from tests.fakes.gateway import FakeGateway
from tests.streams.kept_peers import OTHER, Kept, published
from tests.streams.socket_peers import read, until
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


def owned(row: Row) -> Owned:
    return Owned("feed", row.id, row.session_id, "", "", row.place)


# --- kinds ----------------------------------------------------------------------------------------


def test_opaque_id_of_a_kind_that_nobody_registered_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.signalling.rooms.KINDS", {"p", "w", "t", "l"})
    assert read_opaque_id(opaque_id(Participant("herts", "z", uuid4()))) is None


def test_opaque_id_of_a_registered_kind_is_read(kept: Kept) -> None:
    participant = Participant("herts", "c", uuid4())
    assert read_opaque_id(opaque_id(participant)) == participant
    assert "c" in KINDS


@pytest.mark.parametrize(("kind", "holder"), [("c", "other"), ("x", "feed"), ("p", "other"), ("x", "stream")])
def test_kind_is_registered_once(kept: Kept, kind: str, holder: str) -> None:
    other = KindOfPlace(kind, holder, kept.on_event, kept.end)
    with pytest.raises(ValueError, match="twice"):
        kinds.register_kind(other)


async def test_event_goes_to_the_kind_that_it_is_about(herts: ForceRef, kept: Kept) -> None:
    feed_id = uuid4()
    event = HandleEvent(EventKind.MEDIA, HandleRef(1, 2), medium=Medium.AUDIO, receiving=True)
    assert await signalling.media_event(Participant("herts", "c", feed_id), event)
    assert kept.events == [(feed_id, EventKind.MEDIA)]


async def test_own_event_of_a_feed_reaches_the_app(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    row = await published(herts, gateway, app, PROCESS)
    await signalling.gateway_for(ONLY_NODE)
    gateway.emit(HandleEvent(EventKind.WEBRTC_UP, gateway.publisher(str(row.id))))
    await until(lambda: kept.events == [(row.id, EventKind.WEBRTC_UP)])


# --- who answers for them -------------------------------------------------------------------------


async def test_feed_of_a_living_process_is_left_alone(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LAPSED_AFTER_S", 0.0)
    row = await published(herts, gateway, app)
    await leases.renew(OTHER)
    keeper = Upkeep(herts)
    await keeper.take_over_places()
    await keeper.take_over_places()
    assert (gateway.claimed, row.process) == ([], OTHER)


async def test_feed_of_a_dead_process_is_taken_over_and_goes_on(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LAPSED_AFTER_S", 0.0)
    row = await published(herts, gateway, app)
    keeper = Upkeep(herts)
    await keeper.take_over_places()
    await keeper.take_over_places()
    assert row.process == PROCESS
    assert gateway.claimed == [gateway.publisher(str(row.id))]
    assert (kept.ended, reach().participants[ONLY_NODE, gateway.claimed[0]].kind) == ([], "c")


async def test_feed_that_the_media_server_knows_no_more_is_ended_by_its_app(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    row = await published(herts, gateway, app)
    gateway.forget_everything()
    assert await take_over(herts, OTHER) == 0
    assert kept.ended == [(row.id, "media_lost")]


async def test_kind_that_nobody_inherits_ends_with_its_process(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds._kinds, "c", replace(kept.kind, is_inherited=False))
    row = await published(herts, gateway, app)
    assert await take_over(herts, OTHER) == 0
    assert (kept.ended, gateway.claimed) == ([(row.id, "media_lost")], [])


async def test_feed_that_another_process_took_over_is_let_go(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    lost = await published(herts, gateway, app, PROCESS)
    held = await published(herts, gateway, app, PROCESS)
    await signalling.gateway_for(ONLY_NODE)
    lost.process = OTHER
    await let_go_of_lost()
    assert gateway.released == [gateway.publisher(str(lost.id))]
    assert [one.id for one in reach().participants.values()] == [held.id]


async def test_page_that_comes_back_to_another_process_brings_its_place_along(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    row = await published(herts, gateway, app)
    assert row.place is not None
    await take_place(herts, owned(row), row.place, OTHER)
    assert (row.process, gateway.claimed) == (PROCESS, [gateway.publisher(str(row.id))])
    await take_place(herts, owned(row), row.place, PROCESS)
    assert len(gateway.claimed) == 1


@pytest.mark.parametrize("failure", [GatewayUnavailable("gone"), None])
async def test_place_that_can_not_be_taken_stays_with_whoever_had_it(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept, failure: GatewayError | None
) -> None:
    row = await published(herts, gateway, app)
    assert row.place is not None
    if failure is None:
        gateway.forget_everything()
    else:
        gateway.failures["claim"] = failure
    with pytest.raises(GatewayError):
        await take_place(herts, owned(row), row.place, OTHER)
    assert (row.process, reach().participants) == (OTHER, {})


async def test_place_that_changes_hands_is_not_taken_twice(
    herts: ForceRef, gateway: FakeGateway, app: MemoryApp, kept: Kept
) -> None:
    row = await published(herts, gateway, app)
    row.process = "a-third-one"
    assert row.place is not None
    with pytest.raises(GatewayUnavailable):
        await take_place(herts, owned(row), row.place, OTHER)
    assert gateway.claimed == []


async def test_stream_that_is_over_is_not_taken(herts: ForceRef, gateway: FakeGateway) -> None:
    with pytest.raises(StreamOver):
        await take_stream(herts, uuid4())


async def test_stream_is_taken_from_a_living_process(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await live(herts, gateway)
    await read(herts, lambda: Stream.objects.update(owner=OTHER))
    await take_stream(herts, stream_id)
    assert gateway.claimed == [gateway.publisher(str(stream_id))]
    assert await read(herts, lambda: Stream.objects.get().owner) == PROCESS
