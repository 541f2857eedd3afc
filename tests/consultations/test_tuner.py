"""The tuner against a media server in memory, in a real loop: few offers, one at a time, lines that are used again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from consultations import wire
from consultations.models import Reception
from consultations.services import receptions
from consultations.services.feeds import RoomFeed
from consultations.signalling import tuner as tuning
from consultations.signalling.carrying import call_spec
from consultations.signalling.receiving import TunedPlace
from consultations.signalling.tuner import Tuner
from forces import clock
from forces.context import ForceRef, ain_force
from streams.gateway.interface import GatewayUnavailable, HandleRef, Layer, Offer, OfferPending
from streams.signalling.gateways import gateway_for
from tests.factories import consultations as made
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read, until, until_rows

NODE = "default"


class Page:
    """A page that answers what it is offered, or does not."""

    def __init__(self) -> None:
        self.offers: list[wire.ReceptionOffer] = []
        self.answers = True
        self.tuner: Tuner | None = None

    def say(self, offer: wire.ReceptionOffer) -> None:
        self.offers.append(offer)
        if self.answers and self.tuner is not None:
            self.tuner.answer(UUID(offer.reception_id), offer.offer, "v=0 answer")

    @property
    def lines(self) -> dict[str, Any]:
        """The lines of the newest offer."""
        return self.offers[-1].lines if self.offers else {}


@pytest.fixture
async def place(module_db: str, gateway: FakeGateway, herts: ForceRef) -> TunedPlace:
    """Return the place of somebody in a call."""
    return await ain_force(herts, _place)


def _place() -> TunedPlace:
    consultation = made.make_open(now=clock.now())
    made.make_live(made.sit_officer(consultation, now=clock.now()), now=clock.now())
    member = made.waiting(made.person_of(consultation, "victim"), now=clock.now())
    made.let_in(consultation, member.participant_id, now=clock.now())
    sat = made.sit(member, now=clock.now())
    return TunedPlace(sat.place_id, "socket", sat.session_id, member.participant_id, "call", NODE, sat.room_id)


@pytest.fixture
async def page(herts: ForceRef, place: TunedPlace, gateway: FakeGateway) -> AsyncIterator[Page]:
    """Return a page whose tuner runs; the room is empty at the media server still."""
    shown = Page()
    shown.tuner = Tuner(herts, place, shown.say)
    await gateway.connect()
    await gateway.ensure_room(call_spec(herts, place.session_id, place.room_id))
    yield shown
    await shown.tuner.stop()
    assert gateway.broken_rules == []


def publish(gateway: FakeGateway, place: TunedPlace, count: int) -> list[RoomFeed]:
    """Let so many people send into the room."""
    found = [RoomFeed(str(uuid4()), str(uuid4()), "camera") for _ in range(count)]
    gateway.rooms[place.room_id].feeds |= {feed.feed_id for feed in found}
    return found


def tuner_of(page: Page) -> Tuner:
    assert page.tuner is not None
    return page.tuner


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, place: TunedPlace) -> Callable[[list[RoomFeed]], None]:
    """Return a function that makes the rows know of these feeds: admission of a reception names what is up."""

    def know(found: list[RoomFeed]) -> None:
        def admitted(feeds: Any, *, but: tuple[UUID, ...] = ()) -> tuple[RoomFeed, ...]:
            return tuple(found)

        monkeypatch.setattr(receptions, "room_feeds", admitted)

    return know


async def test_nothing_to_receive_makes_no_reception(page: Page, known: Any, gateway: FakeGateway) -> None:
    known([])
    tuner_of(page).start([])
    await asyncio.sleep(0.2)

    assert "subscribe_many" not in gateway.calls


async def test_own_feed_is_not_received(page: Page, known: Any, gateway: FakeGateway, place: TunedPlace) -> None:
    own = RoomFeed(str(uuid4()), str(place.participant_id), "camera")
    known([])
    tuner_of(page).start([own])
    await asyncio.sleep(0.2)

    assert page.offers == []


async def test_twelve_who_join_in_one_second_are_four_offers_at_most(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace
) -> None:
    tuner_of(page).start([])
    arrived: list[RoomFeed] = []
    for _ in range(4):
        arrived += publish(gateway, place, 3)
        known(list(arrived))
        for feed_count in range(len(arrived) - 2, len(arrived) + 1):
            tuner_of(page).wish(arrived[:feed_count])
        await asyncio.sleep(0.25)
    await until(lambda: len(tuner_of(page).lines) == 24)

    assert len(page.offers) <= 4
    assert {line["feed_id"] for line in page.lines.values()} == {feed.feed_id for feed in arrived}


async def test_line_of_who_left_is_used_again(page: Page, known: Any, gateway: FakeGateway, place: TunedPlace) -> None:
    first = publish(gateway, place, 2)
    known(first)
    tuner_of(page).start(first)
    await until(lambda: len(tuner_of(page).lines) == 4)
    gateway.rooms[place.room_id].feeds.discard(first[0].feed_id)
    later = publish(gateway, place, 1)
    tuner_of(page).wish([first[1], *later])

    await until(lambda: later[0].feed_id in str(page.lines))

    assert sorted(page.lines) == ["0", "1", "2", "3"]
    assert len(page.offers) == 2


async def test_who_leaves_costs_no_offer(page: Page, known: Any, gateway: FakeGateway, place: TunedPlace) -> None:
    found = publish(gateway, place, 3)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: len(tuner_of(page).lines) == 6)

    tuner_of(page).wish(found[:1])
    await until(lambda: len(tuner_of(page).lines) == 2)

    assert len(page.offers) == 1
    assert "retune" not in gateway.calls


async def test_feed_that_is_gone_when_asked_for_stops_no_other(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace
) -> None:
    found = publish(gateway, place, 1)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: len(tuner_of(page).lines) == 2)
    there = publish(gateway, place, 1)
    gone = RoomFeed(str(uuid4()), str(uuid4()), "camera")

    tuner_of(page).wish([*found, gone, *there])

    await until(lambda: there[0].feed_id in str(page.lines))
    assert gone.feed_id not in str(page.lines)


async def test_answer_to_an_older_offer_is_ignored(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace
) -> None:
    page.answers = False
    found = publish(gateway, place, 1)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: page.offers)
    offer = page.offers[0]

    tuner_of(page).answer(UUID(offer.reception_id), offer.offer - 1, "v=0")
    tuner_of(page).answer(uuid4(), offer.offer, "v=0")
    await asyncio.sleep(0.1)
    assert "start" not in gateway.calls
    tuner_of(page).answer(UUID(offer.reception_id), offer.offer, "v=0")
    await until(lambda: "start" in gateway.calls)


async def test_change_waits_for_the_answer_that_is_due(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace
) -> None:
    page.answers = False
    found = publish(gateway, place, 1)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: page.offers)
    more = publish(gateway, place, 3)
    tuner_of(page).wish([*found, *more])
    await asyncio.sleep(0.2)
    assert "retune" not in gateway.calls

    page.answers = True
    tuner_of(page).answer(UUID(page.offers[0].reception_id), 1, "v=0")

    await until(lambda: len(tuner_of(page).lines) == 8)
    assert len(page.offers) == 2


async def test_page_that_does_not_answer_loses_the_reception_and_asks_anew(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "ANSWER_OFFER_WITHIN_S", 0.2)
    page.answers = False
    found = publish(gateway, place, 1)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: page.offers)
    first = UUID(page.offers[0].reception_id)
    await until(lambda: tuner_of(page).handle is None)
    assert (await read(herts, lambda: Reception.objects.get(pk=first))).end_reason == "no_answer"

    page.answers = True
    tuner_of(page).renew(first)

    await until(lambda: len(tuner_of(page).lines) == 2)
    assert page.offers[-1].reception_id != str(first)


async def test_reception_that_is_gone_is_begun_anew(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace
) -> None:
    found = publish(gateway, place, 2)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: len(tuner_of(page).lines) == 4)
    before = page.offers[-1].reception_id

    tuner_of(page).lost()

    await until(lambda: page.offers[-1].reception_id != before)
    await until(lambda: len(tuner_of(page).lines) == 4)


async def test_new_network_gets_an_offer_with_the_same_lines(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace
) -> None:
    found = publish(gateway, place, 2)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: len(tuner_of(page).lines) == 4)
    before = page.lines

    tuner_of(page).renew(UUID(page.offers[-1].reception_id))

    await until(lambda: len(page.offers) == 2)
    assert page.lines == before
    assert gateway.calls.count("renew") == 1


async def test_sizes_are_chosen_on_answered_lines_alone(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace
) -> None:
    found = publish(gateway, place, 2)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: len(tuner_of(page).lines) == 4)
    unknown = str(uuid4())

    await tuner_of(page).choose_layers({found[0].feed_id: "low", found[1].feed_id: "off", unknown: "high"})

    seat = gateway.viewers[0]
    wished = {line.feed_id: seat.wishes[line.mid] for line in seat.lines if line.medium == "video"}
    assert wished == {found[0].feed_id: Layer.LOW, found[1].feed_id: None}


async def test_many_new_lines_begin_small(page: Page, known: Any, gateway: FakeGateway, place: TunedPlace) -> None:
    found = publish(gateway, place, 5)
    screen = RoomFeed(found[4].feed_id, found[4].participant_id, "screen")
    found = [*found[:4], screen]
    known(found)
    tuner_of(page).start(found)
    await until(lambda: len(tuner_of(page).lines) == 10)

    seat = gateway.viewers[0]
    wished = {line.feed_id: seat.wishes[line.mid] for line in seat.lines if line.medium == "video"}
    assert wished.pop(screen.feed_id) is Layer.HIGH
    assert set(wished.values()) == {Layer.MIDDLE}


async def test_media_server_that_is_away_is_asked_again(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "TRY_AGAIN_S", 0.05)
    found = publish(gateway, place, 1)
    known(found)
    gateway.failures["subscribe_many"] = GatewayUnavailable("away")
    tuner_of(page).start(found)
    await asyncio.sleep(0.3)
    del gateway.failures["subscribe_many"]

    await until(lambda: len(tuner_of(page).lines) == 2)


async def test_socket_that_moves_takes_its_lines_along(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace, herts: ForceRef
) -> None:
    found = publish(gateway, place, 2)
    known(found)
    tuner_of(page).start(found)
    await until(lambda: len(tuner_of(page).lines) == 4)
    reception_id, handle = tuner_of(page).reception_id, tuner_of(page).handle
    assert reception_id is not None
    assert isinstance(handle, HandleRef)
    await until_rows(herts, lambda: len(Reception.objects.get(pk=reception_id).lines) == 4)
    row = await read(herts, lambda: Reception.objects.get(pk=reception_id))
    await tuner_of(page).stop()

    page.tuner = Tuner(herts, place, page.say)
    held = {mid: (line[0], line[1]) for mid, line in row.lines.items()}
    page.tuner.start(found, held=(reception_id, handle, held))
    more = publish(gateway, place, 1)
    page.tuner.wish([*found, *more])

    await until(lambda: len(tuner_of(page).lines) == 6)
    assert gateway.calls.count("subscribe_many") == 1
    assert gateway.calls.count("retune") == 1


async def test_page_that_lost_its_place_to_another_receives_nothing_more(
    page: Page, known: Any, gateway: FakeGateway, place: TunedPlace, herts: ForceRef
) -> None:
    other = Tuner(herts, TunedPlace(place.place_id, "older", *_rest(place)), page.say)
    found = publish(gateway, place, 1)
    known(found)
    other.start(found)
    await asyncio.sleep(0.3)
    await other.stop()

    assert "subscribe_many" not in gateway.calls


def _rest(place: TunedPlace) -> tuple[UUID, UUID, str, str, str]:
    return place.session_id, place.participant_id, place.purpose, place.node, place.room_id


async def test_gateway_in_memory_says_a_second_change_before_the_answer(
    gateway: FakeGateway, herts: ForceRef, place: TunedPlace
) -> None:
    """The control: what the tests above would notice."""
    spec = call_spec(herts, place.session_id, place.room_id)
    await (await gateway_for(NODE)).ensure_room(spec)
    first, second = publish(gateway, place, 2)
    handle, tuned = await gateway.subscribe_many(room=spec, feed_ids=[first.feed_id], opaque_id="x")
    assert isinstance(tuned.offer, Offer)
    with pytest.raises(OfferPending):
        await gateway.retune(handle, [second.feed_id], ())
    assert gateway.broken_rules
