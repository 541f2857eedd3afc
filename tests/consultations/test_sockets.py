"""A consultation over its two sockets, through the whole application: link to end, and what each page is told."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from consultations.models import Consultation, Feed, Participant, Place, SilentSignal
from consultations.services.booking import Booking, book
from consultations.services.leading import take_consultation
from forces import clock
from forces.accounts.models import User
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.dispatch import redis_client
from streams.gateway.interface import EventKind, GatewayUnavailable, HandleEvent, Medium
from tests.consultations.pages import SDP, Pages
from tests.factories import consultations as made
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Frame, Peer, read, until, until_rows


def officer() -> Actor:
    return User.objects.get(username="officer").as_actor()


def _begin(*, now: Any) -> Consultation:
    """Take a consultation of two people as the person whom the pages sign in."""
    plans = tuple(made.plan_of(role) for role in ("victim", "interpreter"))
    session_id = book(actor=officer(), now=now, plan=Booking(purpose="report", people=plans))
    consultation = Consultation.objects.select_related("session").get(pk=session_id)
    made.answer_round(consultation, officer(), now=now)
    take_consultation(actor=officer(), now=now, session_id=session_id)
    return consultation


@pytest.fixture
async def consultation(module_db: str, gateway: FakeGateway, herts: ForceRef) -> Consultation:
    """Return a consultation that the signed-in officer leads."""
    for key in redis_client().scan_iter("herts:turns:*"):
        redis_client().delete(key)
    return await ain_force(herts, _begin, now=clock.now())


async def link_opened(herts: ForceRef, consultation: Consultation, role: str = "victim") -> made.Member:
    return await ain_force(herts, lambda: made.opened(made.person_of(consultation, role), now=clock.now()))


async def let_in(
    pages: Pages, herts: ForceRef, consultation: Consultation, role: str, desk: Peer
) -> tuple[Peer, made.Member]:
    """Return a member's page that waited and was let in by the officer's desk."""
    member = await link_opened(herts, consultation, role)
    page = await pages.member(herts, member.ticket)
    await page.send("ready.say", shown_name=f"{role} page", alone="yes")
    waiting = await desk.expect("waiting.changed", lambda frame: f"{role} page" in str(frame))
    one = next(row for row in waiting["waiting"] if row["name"] == f"{role} page")
    await desk.send("person.admit", participant_id=one["id"], admission=one["admission"])
    await page.expect("meeting.changed", lambda frame: frame["meeting"]["phase"] == "call")
    return page, member


async def join(page: Peer) -> Frame:
    ref = await page.send("place.join", sdp=SDP, purpose="call")
    return await page.expect("place.joined", lambda frame: frame.get("ref") == ref)


def up(gateway: FakeGateway, feed_id: str) -> None:
    """Report that a feed is connected and that its sound arrives."""
    handle = gateway.publisher(feed_id)
    gateway.emit(HandleEvent(EventKind.WEBRTC_UP, handle))
    gateway.emit(HandleEvent(EventKind.MEDIA, handle, medium=Medium.AUDIO, receiving=True))


async def test_visitor_without_a_ticket_is_shut_out(pages: Pages, herts: ForceRef) -> None:
    peer = await pages.member(herts, None, is_read=False)
    assert await peer.close_code() == 4401


async def test_person_who_waits_gets_no_addresses_and_no_place(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway, settings_turn: None
) -> None:
    member = await link_opened(herts, consultation)
    page = await pages.member(herts, member.ticket)
    assert page.seen[-1]["ice_servers"] is None
    await page.send("ready.say", shown_name="Ann", alone="no")
    changed = await page.expect("meeting.changed", lambda frame: frame["meeting"]["phase"] == "waiting")
    assert changed["meeting"]["position"] == 1
    assert "ice_servers" not in changed

    assert await page.refused("place.join", sdp=SDP, purpose="call") == "not_admitted"
    assert await page.refused("seat.servers") == "not_admitted"
    assert gateway.calls.count("publish") == 0


async def test_two_hear_each_other_once_they_are_let_in(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway, settings_turn: None
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    own = await join(desk)
    up(gateway, own["feed_id"])
    await desk.expect("room.changed", lambda frame: '"is_up": true' in json.dumps(frame))
    page, member = await let_in(pages, herts, consultation, "victim", desk)
    let = next(one for one in reversed(page.seen) if one["type"] == "meeting.changed")
    assert let["ice_servers"][0]["urls"]

    joined = await join(page)
    offer = await page.expect("reception.offer")
    assert {line["feed_id"] for line in offer["lines"].values()} == {own["feed_id"]}
    await page.send("reception.answer", reception_id=offer["reception_id"], offer=offer["offer"], sdp="v=0")
    up(gateway, joined["feed_id"])
    theirs = await desk.expect("reception.offer")

    assert {line["feed_id"] for line in theirs["lines"].values()} == {joined["feed_id"]}
    assert (await read(herts, lambda: member.row)).state == "admitted"
    assert gateway.broken_rules == []


async def test_removed_person_is_cut_off_at_the_media_server_and_shut_out(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    page, member = await let_in(pages, herts, consultation, "victim", desk)
    joined = await join(page)
    assert joined["feed_id"] in gateway.rooms[f"herts-{consultation.session_id}"].feeds
    row = await read(herts, lambda: member.row)

    await desk.send("person.remove", participant_id=str(member.participant_id), admission=row.admission, reason="abuse")

    assert await page.close_code() == 4410
    placed = Feed.objects.filter(session_id=consultation.session_id, gateway_handle__isnull=False)
    await until_rows(herts, lambda: not placed.all().exists())
    assert joined["feed_id"] not in gateway.rooms[f"herts-{consultation.session_id}"].feeds
    again = await pages.member(herts, member.ticket, is_read=False)
    assert await again.close_code() == 4410


async def test_second_tab_takes_the_place_and_the_first_is_told_alone(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    first, member = await let_in(pages, herts, consultation, "victim", desk)
    joined = await join(first)
    second = await pages.member(herts, member.ticket)

    await join(second)

    taken = await first.expect("place.taken")
    assert taken["place_id"] == joined["place_id"]
    await second.round_trip()
    assert not [frame for frame in second.seen if frame["type"] == "place.taken"]
    places = await read(herts, lambda: list(Place.objects.filter(participant_id=member.participant_id, ended_at=None)))
    assert len(places) == 1


async def test_page_comes_back_to_its_place(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    page, member = await let_in(pages, herts, consultation, "victim", desk)
    joined = await join(page)
    await page.close()

    again = await pages.member(herts, member.ticket)
    ref = await again.send("place.resume", place_id=joined["place_id"])
    resumed = await again.expect("place.resumed", lambda frame: frame.get("ref") == ref)

    assert resumed["place_id"] == joined["place_id"]
    assert gateway.calls.count("publish") == 1
    ref = await again.send("place.resume", place_id="11111111-1111-1111-1111-111111111111")
    assert (await again.expect("place.gone", lambda frame: frame.get("ref") == ref))["reason"] == "over"


async def test_silent_signal_shows_nothing_to_who_sends_it(
    pages: Pages, herts: ForceRef, consultation: Consultation
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    board = await pages.officer(herts)
    await board.send("board.open")
    await board.expect("board.snapshot")
    page, _ = await let_in(pages, herts, consultation, "victim", desk)
    await page.round_trip()
    before = len(page.seen)

    for _ in range(9):  # more often than is kept, too
        await page.send("signal.send", sent_at="2026-11-28T10:44:15.120000Z")
    for _ in range(3):
        await page.round_trip()

    assert {frame["type"] for frame in page.seen[before:]} == {"heartbeat.pong"}
    signal = await desk.expect("signal.sent")
    assert (await board.expect("board.signal"))["signal"]["id"] == signal["signal"]["id"]
    kept = SilentSignal.objects.filter(session_id=consultation.session_id)
    await until_rows(herts, lambda: kept.all().count() == 6)
    assert await page.refused("place.join", sdp=SDP, purpose="talk") == "talk_over", "after all nine"
    assert await read(herts, lambda: kept.all().count()) == 6
    await board.send("signal.seen", signal_id=signal["signal"]["id"], session_id=signal["signal"]["session_id"])
    await desk.expect("signal.sent", lambda frame: frame["signal"]["seen_at"] is not None)


async def test_private_talk_opens_when_both_have_left_the_call(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway, settings_turn: None
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    victim, _ = await let_in(pages, herts, consultation, "victim", desk)
    interpreter, other = await let_in(pages, herts, consultation, "interpreter", desk)
    for page in (victim, interpreter):
        await join(page)
    await victim.send("talk.ask", **{"with": str(other.participant_id)})
    asked = await interpreter.expect("talk.asked")
    await interpreter.send("talk.accept", talk_id=asked["talk_id"])

    for page in (victim, interpreter):
        began = await page.expect("talk.began")
        assert began["ice_servers"]
        assert gateway.rooms[f"herts-{consultation.session_id}"].feeds == set()
    ref = await victim.send("place.join", sdp=SDP, purpose="talk", talk_id=asked["talk_id"])
    await victim.expect("place.joined", lambda frame: frame.get("ref") == ref)
    assert f"herts-v-{asked['talk_id']}" in gateway.rooms
    reloaded = await pages.member(herts, other.ticket)
    assert (await reloaded.expect("talk.began"))["talk_id"] == asked["talk_id"]

    await victim.send("talk.end")
    assert (await interpreter.expect("talk.ended"))["back_to"] == "call"


async def test_talk_that_cannot_leave_the_call_does_not_open(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    victim, _ = await let_in(pages, herts, consultation, "victim", desk)
    interpreter, other = await let_in(pages, herts, consultation, "interpreter", desk)
    await join(victim)
    await victim.send("talk.ask", **{"with": str(other.participant_id)})
    asked = await interpreter.expect("talk.asked")
    gateway.failures["detach"] = GatewayUnavailable("away")

    assert await interpreter.refused("talk.accept", talk_id=asked["talk_id"]) == "media_unavailable"

    ended = await victim.expect("talk.ended")
    assert (ended["reason"], ended["back_to"]) == ("gateway_failed", "call")
    assert not [frame for frame in victim.seen if frame["type"] == "talk.began"]
    del gateway.failures["detach"]


async def test_end_for_all_closes_members_pages_and_the_room(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    page, _ = await let_in(pages, herts, consultation, "victim", desk)
    await join(page)

    await desk.send("call.end", reason="ended")

    ended = await page.expect("call.ended")
    assert (ended["reason"], ended["questions"]) == ("over", True)
    assert await page.close_code() == 4410
    await until_rows(herts, lambda: Consultation.objects.get(pk=consultation.pk).state == "ended")
    await until(lambda: gateway.closed_rooms == [f"herts-{consultation.session_id}"])


async def test_newcomer_to_a_recording_answers_first_and_is_recorded_by_a_file_of_their_own(
    pages: Pages, herts: ForceRef, consultation: Consultation, gateway: FakeGateway
) -> None:
    desk = await pages.desk(herts, consultation.session_id)
    own = await join(desk)
    up(gateway, own["feed_id"])
    await desk.send("recording.ask")
    await desk.expect("recording.changed", lambda frame: frame["on"])
    page, _ = await let_in(pages, herts, consultation, "victim", desk)
    ref = await page.send("place.join", sdp=SDP, purpose="call")
    error = await page.expect("error", lambda frame: frame.get("ref") == ref)
    assert error["code"] == "consent_unanswered"

    said = {"wording_version": error["details"]["wording"]["version"], "language": "en"}
    ref = await page.send("consent.answer", round=error["details"]["round"], answer="yes", **said)
    await page.expect("consent.kept", lambda frame: frame.get("ref") == ref)
    joined = await join(page)
    up(gateway, joined["feed_id"])
    handle = gateway.publisher(joined["feed_id"])
    await asyncio.wait_for(_recorded(gateway, handle), 5)

    await page.send("consent.withdraw")
    await page.expect("consent.kept", lambda frame: frame["answer"] == "no")
    assert gateway.seats[handle].is_recorded is False
    assert gateway.seats[handle].file_bases == [f"{joined['feed_id']}-1"]
    assert gateway.rooms[f"herts-{consultation.session_id}"].is_recording is False


async def _recorded(gateway: FakeGateway, handle: Any) -> None:
    while not gateway.seats[handle].is_recorded:  # noqa: ASYNC110 - the media server in memory does not notify
        await asyncio.sleep(0.01)


async def test_board_of_another_team_hears_numbers_alone(
    pages: Pages, herts: ForceRef, consultation: Consultation
) -> None:
    await read(herts, lambda: Consultation.objects.filter(pk=consultation.pk).update(team="Watford Response"))
    board = await pages.officer(herts, "pcso")
    await board.send("board.open")
    snapshot = await board.expect("board.snapshot")
    assert str(consultation.session_id) not in str(snapshot)
    member = await link_opened(herts, consultation)
    page = await pages.member(herts, member.ticket)
    await page.send("ready.say", shown_name="Ann", alone="yes")

    nothing = await board.expect("board.nothing")

    assert set(nothing) == {"type", "topic", "seq"}
    assert (await board.refused("desk.open", session_id=str(consultation.session_id))) == "other_unit"


async def test_malformed_frames_leave_the_socket_alive(
    pages: Pages, herts: ForceRef, consultation: Consultation
) -> None:
    member = await link_opened(herts, consultation)
    page = await pages.member(herts, member.ticket)
    for text, code in (
        ("{", "malformed"),
        ('{"type":"person.admit"}', "unknown_type"),
        ('{"type":"place.join","sdp":"","purpose":"call"}', "invalid_field"),
        ('{"type":"place.join","sdp":"v=0","purpose":"room"}', "invalid_field"),
        ('{"type":"call.layers","wanted":{"x":"high"}}', "invalid_field"),
        ('{"type":"ready.say","shown_name":"A","alone":"maybe"}', "invalid_field"),
    ):
        await page.send_text(text)
        assert (await page.expect("error"))["code"] == code
    await page.send("ready.say", shown_name="\u202e\u2066 <b>Ann</b> \U0001f600" + "x" * 200, alone="unsaid")
    await page.expect("meeting.changed", lambda frame: frame["meeting"]["shown_name"].startswith("<b>Ann</b>"))
    assert (await read(herts, lambda: Participant.objects.get(pk=member.participant_id))).alone == "unsaid"
    assert isinstance(member.session_id, UUID)
