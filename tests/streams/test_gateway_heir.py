"""A process that holds a call is killed, and another one claims it, at the real media server with real media."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from config.services.stack import Stack
from streams.gateway.interface import EventKind, HandleGone, HandleRef, RoomSpec
from streams.gateway.janus.client import JanusGateway
from streams.simulation.peer import stay_on_loopback
from tests.streams.dying_process import Dying
from tests.streams.media_peers import Publisher, Viewer
from tests.streams.test_gateway_janus import event_of, make_gateway, publish, until

# What the media server is told to keep a session for (`reclaim_session_timeout`), and how late it looks.
KEPT_S, SWEEP_S = 20.0, 5.0
MOST_FROZEN_S = 1.0


class Eye:
    """Looks at a viewer's count of frames all the time; knows the longest it stood still, in seconds."""

    def __init__(self, viewer: Viewer) -> None:
        self.longest_s = 0.0
        self._viewer = viewer
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        frames, since = self._viewer.frames, time.monotonic()
        while True:
            await asyncio.sleep(0.05)
            now = time.monotonic()
            self.longest_s = max(self.longest_s, now - since)
            if self._viewer.frames != frames:
                frames, since = self._viewer.frames, now

    def close(self) -> None:
        self._task.cancel()


@pytest.fixture(scope="module")
def media() -> Iterator[Stack]:
    stay_on_loopback()
    with Stack.start(parts={"janus"}) as running:
        yield running


@pytest.fixture
async def heir(media: Stack) -> AsyncIterator[JanusGateway]:
    client = make_gateway(media)
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
async def room(media: Stack, heir: JanusGateway) -> AsyncIterator[RoomSpec]:
    name = f"herts-{uuid4()}"
    directory = media.installation.directories.recordings / "herts" / name
    spec = RoomSpec(room_id=name, secret="room-secret", recording_dir=str(directory))
    await heir.ensure_room(spec)
    yield spec
    await heir.close_room(spec.room_id, spec.secret)


@pytest.fixture
async def dying(media: Stack) -> AsyncIterator[Dying]:
    process = await Dying.start(media.environment)
    yield process
    await process.kill()


async def begin_to_watch(dying: Dying, room: RoomSpec, viewer: Viewer) -> HandleRef:
    handle, offer = await dying.subscribe(room, "feed")
    await dying.start_viewer(handle, await viewer.answer(offer))
    await viewer.wait_for_frames(10)
    return handle


async def test_owner_killed_the_heirs_picture_never_stops_and_the_unclaimed_one_does(
    heir: JanusGateway, dying: Dying, room: RoomSpec
) -> None:
    publisher, viewer, unclaimed = Publisher("VP8"), Viewer(), Viewer()
    sending, answer = await dying.publish(room, "feed", await publisher.offer())
    await publisher.accept(answer)
    watching = await begin_to_watch(dying, room, viewer)
    left = await begin_to_watch(dying, room, unclaimed)
    eye, events = Eye(viewer), heir.events()

    await dying.kill()
    await asyncio.sleep(2)
    await asyncio.gather(heir.claim(sending), heir.claim(watching))
    frames = viewer.frames
    await asyncio.sleep(KEPT_S + SWEEP_S)

    with pytest.raises(HandleGone):
        await heir.claim(left)
    seen_by_unclaimed = unclaimed.frames
    await viewer.wait_for_frames(frames + 400)
    await viewer.wait_for_frames(viewer.frames + 20)
    assert unclaimed.frames == seen_by_unclaimed
    assert eye.longest_s < MOST_FROZEN_S
    assert await heir.list_feeds(room.room_id, room.secret) == ["feed"]
    eye.close()

    await heir.trickle(sending, None)
    await heir.request_keyframe(sending)
    await heir.detach(watching)
    with pytest.raises(HandleGone):
        await heir.trickle(watching, None)
    await publisher.close()
    assert (await event_of(events, EventKind.HANGUP)).handle == sending
    await asyncio.gather(viewer.close(), unclaimed.close())


async def test_living_owner_was_robbed_and_lets_go_the_picture_goes_on(
    media: Stack, heir: JanusGateway, room: RoomSpec
) -> None:
    owner, publisher = make_gateway(media), Publisher("VP8")
    await owner.connect()
    handle = await publish(owner, room, "feed", publisher)
    events = heir.events()
    await heir.claim(handle)
    owner.release(handle)
    await owner.close()

    await until(lambda: publisher.connection.connectionState == "connected")
    assert await heir.list_feeds(room.room_id, room.secret) == ["feed"]
    await publisher.close()
    assert (await event_of(events, EventKind.HANGUP)).handle == handle
