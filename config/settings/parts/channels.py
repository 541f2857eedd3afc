"""Redis for sockets, cache and live state."""

import os

REDIS_URL = os.environ.get("SIGHTLINE_REDIS_WEB_URL") or os.environ["SIGHTLINE_REDIS_URL"]

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 closes idle subscriptions after 5 s unless told otherwise.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": "sightline"},
    }
}
