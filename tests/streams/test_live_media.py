"""The whole way through both sockets with the real media server: picture, recording, end, evidence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.conf import settings

from evidence.models import Item
from forces.context import ForceRef
from streams import signalling
from streams.models import RecordingSegment, Stream, Watch
from streams.signalling.upkeep import Upkeep
from streams.simulation.peer import stay_on_loopback
from tests.factories.streams import make_opened
from tests.streams.media_peers import Publisher, Viewer
from tests.streams.socket_peers import Peers, make, read, until_rows

CONSENT = {"scopes": ["location", "video", "recording"], "wording_version": 1, "language": "en"}


@pytest.fixture
async def real_peers(live_db: str, force_client: Callable[..., Any]) -> AsyncIterator[Peers]:
    """Open sockets; the media server is the real one."""
    stay_on_loopback()
    opened = Peers(force_client)
    yield opened
    await opened.close()
    await signalling.close_gateways()


async def test_callers_picture_is_seen_recorded_and_handed_over(real_peers: Peers, herts: ForceRef) -> None:
    publisher, viewer = Publisher("VP8"), Viewer()
    console = await real_peers.console(herts)
    made = await make(herts, make_opened)
    caller = await real_peers.caller(herts, made.ticket)
    await caller.send("consent.give", **CONSENT)
    await caller.expect("consent.given")

    await caller.send("stream.publish", sdp=await publisher.offer())
    answer = await caller.expect("stream.answer")
    await publisher.accept(answer["sdp"])
    await console.expect("session.changed", lambda f: f["session"]["state"] == "live")

    await console.send("stream.watch", session_id=str(made.session.id), stream_id=answer["stream_id"])
    offer = await console.expect("stream.offer")
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp=await viewer.answer(offer["sdp"]))
    await viewer.wait_for_frames(10)
    assert (await caller.expect("watch.changed", lambda f: f["watching"]))["count"] == 1

    await _confirmed(herts)
    await caller.send("session.stop")
    assert (await caller.expect("session.ended"))["by"] == "caller"
    item = await until_rows(herts, lambda: Item.objects.first())

    directory = settings.RECORDINGS_DIR / item.source_directory
    names = [path.name for path in directory.glob(f"*{item.stream_id}*")]
    assert [name.endswith(".mjr") for name in names] == [True]
    assert (await read(herts, Stream.objects.get)).end_reason == "session_over"
    assert (await read(herts, Watch.objects.get)).ended_at is not None
    await viewer.close()
    await publisher.close()


async def test_caller_whose_phone_goes_silent_is_shown_as_stalled(real_peers: Peers, herts: ForceRef) -> None:
    publisher = Publisher("VP8")
    made = await make(herts)
    caller = await real_peers.caller(herts, made.ticket)
    await caller.send("stream.publish", sdp=await publisher.offer())
    await publisher.accept((await caller.expect("stream.answer"))["sdp"])
    await caller.expect("stream.changed", lambda f: f["stream"]["state"] == "live")

    for sender in publisher.connection.getSenders():
        sender.replaceTrack(None)

    await caller.expect("stream.changed", lambda f: f["stream"]["state"] == "stalled")
    await caller.send("session.stop")
    await caller.expect("session.ended")
    await publisher.close()


async def _confirmed(herts: Any) -> None:
    """Look at the files as the watchdog does, until the recording is confirmed."""
    async with asyncio.timeout(10):
        while True:
            await Upkeep(herts).check_recordings()
            rows = await read(herts, lambda: list(RecordingSegment.objects.all()))
            if rows and rows[0].confirmed_at:
                return
            await asyncio.sleep(0.2)
