"""What a socket must show before any consumer sees it: a known host, its own origin, and its session's user."""

import uuid
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from forces import clock, selectors
from forces.accounts.sign_ins import user_of_session
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.logs import force_var, request_id_var

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

UNKNOWN_HOST, WRONG_ORIGIN = 4404, 4403


class ForceSocketMiddleware:
    """Put ``force``, ``actor``, ``cookies`` and ``request_id`` into the scope, or close before accepting."""

    def __init__(self, inner: Any) -> None:
        """Wrap an ASGI application, the URL router of the sockets."""
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check Host, Origin and session, in this order."""
        headers = {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        force = await _force_of(host)
        if force is None:
            return await _close(receive, send, UNKNOWN_HOST)
        if not is_own_origin(headers.get("origin", ""), host):
            return await _close(receive, send, WRONG_ORIGIN)
        cookies = read_cookies(headers.get("cookie", ""))
        request_id = _identify(force)
        key = cookies.get(settings.SESSION_COOKIE_NAME, "")
        actor = await ain_force(force, session_actor, key, request_id, is_activity=True) if key else None
        inner_scope = {**scope, "force": force, "actor": actor, "cookies": cookies, "request_id": request_id}
        await self.inner(inner_scope, receive, send)


class DeviceSocketMiddleware:
    """Put ``force`` and ``request_id`` into the scope of a device's socket, or close before accepting.

    A device shows a key in a header. No page of another site can do that, so Origin is not asked for, and no cookie
    counts.
    """

    def __init__(self, inner: Any) -> None:
        """Wrap an ASGI application, the URL router of devices' sockets."""
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check Host."""
        headers = dict(scope["headers"])
        force = await _force_of(headers.get(b"host", b"").decode("latin1"))
        if force is None:
            return await _close(receive, send, UNKNOWN_HOST)
        inner_scope = {**scope, "force": force, "actor": None, "cookies": {}, "request_id": _identify(force)}
        await self.inner(inner_scope, receive, send)


async def _force_of(host: str) -> ForceRef | None:
    """Return the force of a Host header; None for no force's, and for the platform's."""
    force = await selectors.aforce_by_host(selectors.host_of(host))
    return None if force is None or force.is_platform else force


def _identify(force: ForceRef) -> str:
    """Name what the logs say of this socket from here on; returns its id."""
    request_id = uuid.uuid4().hex
    request_id_var.set(request_id)
    force_var.set(force.schema)
    return request_id


def is_own_origin(origin: str, host: str) -> bool:
    """Return whether ``origin`` is the page of this very scheme, host and port. A missing Origin is refused.

    Where people come by https, a page of the same name over http may be anybody's on the way.
    """
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme == settings.SCHEME and bool(host) and parts.netloc.lower() == host.lower()


def read_cookies(header: str) -> dict[str, str]:
    """Return the cookies of a Cookie header; an unreadable header has none."""
    jar = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def session_actor(session_key: str, request_id: str, *, is_activity: bool = False) -> Actor | None:
    """Return the actor of a session of the active force whose sign-in goes on, or None. Runs inside the force.

    ``is_activity`` says that a person's page asks, which keeps the sign-in from being idle.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = user_of_session(session=store.load(), now=clock.now(), is_activity=is_activity)
    return user.as_actor(request_id) if user else None


async def _close(receive: Receive, send: Send, code: int) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code})
