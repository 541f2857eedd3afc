"""A socket's place in the channel layer: joins and leaves topics, and checks that nothing was lost."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from forces.context import ForceRef
from forces.dispatch import group_name
from streams.consumers.dispatcher import DEPENDENCY_LOST
from streams.consumers.following import Broadcast, Following
from streams.signalling import presence


class Topics:
    """The topics of one force that one socket follows."""

    def __init__(self, force: ForceRef, layer: Any, channel: str, forward: Callable[[Broadcast], None]) -> None:
        """`layer` is the channel layer, `channel` the socket's own name in it."""
        self._force, self._layer, self._channel = force, layer, channel
        self._following = Following(forward)
        self._heard: set[str] = set()

    def take(self, broadcast: Broadcast) -> None:
        """Take in a broadcast of the channel layer."""
        self._following.take(broadcast)

    @contextlib.asynccontextmanager
    async def anew(self, topic: str) -> AsyncIterator[dict[str, int]]:
        """Follow a topic from a snapshot on; yields {topic: seq}, and holds broadcasts back meanwhile.

        The body reads the snapshot and sends it. When it fails, a topic that was new is not followed.
        """
        is_new = topic not in self._following.topics
        self._following.hold(topic)
        try:
            await self._layer.group_add(group_name(self._force.schema, topic), self._channel)
            seqs = await presence.read_seqs(self._force, [topic])
            yield seqs
        except BaseException:
            if is_new:
                await self.leave(topic)
            else:
                self._following.release(topic, 0)
            raise
        self._following.release(topic, seqs[topic])

    async def listen(self, topic: str) -> None:
        """Hear a topic without following it: what it says is a hint, and losing one leaves no hole."""
        self._heard.add(topic)
        await self._layer.group_add(group_name(self._force.schema, topic), self._channel)

    async def leave(self, topic: str) -> None:
        """Follow a topic no longer."""
        self._following.drop(topic)
        await self._layer.group_discard(group_name(self._force.schema, topic), self._channel)

    async def leave_all(self) -> None:
        """Follow nothing any more, as far as the channel layer can be reached."""
        for topic in [*self._following.topics, *self._heard]:
            with contextlib.suppress(*DEPENDENCY_LOST):
                await self.leave(topic)

    async def are_complete(self) -> bool:
        """Whether everything that was sent up to the last call has arrived."""
        topics = self._following.topics
        return self._following.is_complete(await presence.read_seqs(self._force, topics), topics)
