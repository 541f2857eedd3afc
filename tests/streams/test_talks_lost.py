"""What the media server says of the control room's voice, and what the watchdog finds of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from forces.context import ForceRef
from streams import signalling
from streams.gateway.interface import EventKind, GatewayUnavailable, HandleEvent, Medium
from streams.models import Talk
from streams.signalling import leases
from streams.signalling.rooms import Participant
from streams.signalling.takeover import take_over
from streams.signalling.upkeep import Upkeep
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read, until, until_rows
from tests.streams.talk_peers import Spoken, ended, in_talk


@pytest.mark.parametrize("kind", ["silence", "hangup", "gone"])
async def test_what_the_media_server_says_of_who_speaks_ends_the_talk(
    spoken: Spoken, herts: ForceRef, gateway: FakeGateway, kind: str
) -> None:
    handle = gateway.publisher(spoken[2])
    gateway.emit(
        HandleEvent(EventKind.MEDIA, handle, medium=Medium.AUDIO, receiving=False)
        if kind == "silence"
        else HandleEvent(EventKind.HANGUP if kind == "hangup" else EventKind.SESSION_GONE, handle)
    )
    assert await until_rows(herts, ended) == "media_lost"
    await until(lambda: not in_talk(gateway), 2)


async def test_voice_is_never_taken_for_a_picture(spoken: Spoken, herts: ForceRef, gateway: FakeGateway) -> None:
    page, _, talk_id = spoken
    for medium in (Medium.AUDIO, Medium.VIDEO):
        event = HandleEvent(EventKind.MEDIA, gateway.publisher(talk_id), medium=medium, receiving=True)
        assert await signalling.media_event(Participant("herts", "t", UUID(talk_id)), event)
    await Upkeep(herts).compare_feeds()
    await page.round_trip()

    talk = await read(herts, lambda: Talk.objects.select_related("session").get())
    assert (await read(herts, lambda: talk.session.streams.get())).state == "live"
    assert talk.ended_at is None


async def test_phone_that_hangs_up_gives_its_place_back(spoken: Spoken, herts: ForceRef, gateway: FakeGateway) -> None:
    [handle] = [one for one, seat in gateway.seats.items() if seat in in_talk(gateway) and not seat.is_publisher]
    gateway.emit(HandleEvent(EventKind.HANGUP, handle))
    await until(lambda: len(in_talk(gateway)) == 1)
    assert await until_rows(herts, lambda: Talk.objects.filter(listener_handle=None, ended_at=None).exists())


@pytest.mark.usefixtures("clean_leases")
async def test_talk_of_a_process_that_died_is_ended_and_not_taken_over(
    spoken: Spoken, herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LAPSED_AFTER_S", 0.0)
    await read(herts, lambda: Talk.objects.update(process="0ther0ther00"))
    keeper = Upkeep(herts)
    await keeper.take_over_places()
    await keeper.take_over_places()

    assert gateway.claimed == []
    assert await read(herts, ended) == "media_lost"
    assert in_talk(gateway) == []
    assert await take_over(herts, "0ther0ther00") == 0


async def test_talk_whose_socket_left_no_goodbye_is_found(
    spoken: Spoken, herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.signalling.upkeep.ORPHANED_AFTER_S", 0.0)
    keeper = Upkeep(herts)
    await keeper.end_lost_talks()
    assert len(in_talk(gateway)) == 2

    await read(herts, lambda: Talk.objects.update(owner="a socket that is gone"))
    await keeper.end_lost_talks()

    assert await read(herts, ended) == "disconnected"
    assert in_talk(gateway) == []


async def test_place_that_was_not_given_back_is_found_by_the_watchdog(
    spoken: Spoken, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, console, talk_id = spoken
    gateway.failures["detach"] = GatewayUnavailable("gone")
    await console.send("talk.stop", talk_id=talk_id)
    await until_rows(herts, ended)
    await console.round_trip()
    assert len(in_talk(gateway)) == 2

    del gateway.failures["detach"]
    await Upkeep(herts).give_back_handles()

    assert in_talk(gateway) == []
