"""Short-lived TURN credentials (the TURN REST scheme that coturn calls `use-auth-secret`)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from streams.gateway.interface import IceServer


def ice_servers(urls: Sequence[str], secret: str, user: str, now: datetime, ttl: timedelta) -> tuple[IceServer, ...]:
    """One entry with all `urls`, valid until `now + ttl`; empty when there are no urls.

    `user` appears in coturn's log: give a stream's or watch's id, never a name. Raises ValueError
    when there are urls without a secret, for coturn would take anybody's empty signature.
    """
    if not urls:
        return ()
    if not secret:
        raise ValueError("TURN urls need a secret")
    username = f"{int((now + ttl).timestamp())}:{user}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return (IceServer(urls=tuple(urls), username=username, credential=base64.b64encode(digest).decode()),)
