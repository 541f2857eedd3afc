"""Channels' layer over Redis whose every step has a deadline: a Redis that hangs holds no socket, and no lock.

Reading goes on without one (``socket_timeout`` is None by decision: subscriptions are idle for hours). What is lost
when a step is given up is found by the numbers of the topics.
"""

import asyncio
import uuid
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer, RedisSingleShardConnection

# All who publish and subscribe in a process take turns: whoever waits for an answer keeps the others waiting. By then
# the pages have given their lines up.
STEP_SECONDS = 4.0


class PromptShard(RedisSingleShardConnection):
    """The connection to Redis; each step raises ``TimeoutError`` after four seconds, waiting for its turn included."""

    async def publish(self, channel: str, message: bytes) -> None:
        """Send a message to who has subscribed to a channel."""
        async with asyncio.timeout(STEP_SECONDS):
            await super().publish(channel, message)

    async def subscribe(self, channel: str) -> None:
        """Hear a channel from now on."""
        async with asyncio.timeout(STEP_SECONDS):
            await super().subscribe(channel)

    async def unsubscribe(self, channel: str) -> None:
        """Hear a channel no longer; one that was given up half-way is subscribed to anew by whoever comes next."""
        try:
            async with asyncio.timeout(STEP_SECONDS):
                await super().unsubscribe(channel)
        except BaseException:
            self._subscribed_to.discard(channel)
            raise


class PromptChannelLayer(RedisPubSubChannelLayer):
    """The layer that the settings name."""

    def parcel(self, group: str, message: dict[str, Any]) -> tuple[str, bytes]:
        """Return the Redis channel of a group, and a message as those who read it expect it.

        For whoever publishes many at once by a pipeline of its own; `group_send` waits for each, and takes its turn
        with all who subscribe.
        """
        return f"{self._kwargs['prefix']}__group__{group}", self.serialize(message)

    async def new_channel(self, prefix: str = "specific.") -> str:
        """Return the name of a channel of its own; where Redis does not take it, nothing of it stays here."""
        layer = self._get_layer()
        channel = f"{layer.prefix}{prefix}{uuid.uuid4().hex}"
        try:
            await layer._subscribe_to_channel(channel)
        except BaseException:
            layer.channels.pop(channel, None)
            raise
        return channel

    async def forget_channel(self, channel: str) -> None:
        """Hear a channel no longer, and drop what waits for whoever had it; twice is fine.

        The layer itself forgets a channel only when its reader is cancelled as it waits: a socket for which a message
        arrives as it closes would keep queue and subscription for ever. Raises TimeoutError and what Redis raises;
        the queue is gone then all the same.
        """
        layer = self._get_layer()
        if layer.channels.pop(channel, None) is not None:
            await layer._get_shard(channel).unsubscribe(channel)

    def _get_layer(self) -> RedisPubSubLoopLayer:
        layer: RedisPubSubLoopLayer = super()._get_layer()
        shards: list[Any] = layer._shards
        if not isinstance(shards[0], PromptShard):  # as it was made for this event loop
            layer._shards = [PromptShard(shard.host, layer) for shard in shards]
        return layer
