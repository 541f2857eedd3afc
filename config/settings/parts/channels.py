"""Redis for sockets, cache and live state."""

import os
import socket

REDIS_URL = os.environ.get("SIGHTLINE_REDIS_WEB_URL") or os.environ["SIGHTLINE_REDIS_URL"]

# A Redis whose machine is gone says nothing: the kernel finds out in ten seconds, and the subscription is made anew.
_KEPT_ALIVE = {
    socket.TCP_KEEPIDLE: 4,
    socket.TCP_KEEPINTVL: 2,
    socket.TCP_KEEPCNT: 3,
    socket.TCP_USER_TIMEOUT: 10_000,
}
# redis-py 8 closes idle subscriptions after 5 s unless told otherwise.
_HOST = {
    "address": REDIS_URL,
    "socket_timeout": None,
    "socket_keepalive": True,
    "socket_keepalive_options": _KEPT_ALIVE,
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "forces.channel_layer.PromptChannelLayer",
        "CONFIG": {"hosts": [_HOST], "prefix": "sightline"},
    }
}
