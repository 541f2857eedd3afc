"""The user behind a socket: who it is, and whether the sign-in still goes on."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings

from forces import selectors
from forces.accounts.sign_ins import account_topic
from forces.actors import Actor
from forces.context import ForceRef, ain_force, ain_force_aside
from forces.errors import NotPermitted, NotSignedIn
from forces.sockets import session_actor
from streams.consumers.topics import Topics

# Thousands of officers' pages beat every two seconds; whose account changes is looked at at once, by its topic.
REVIEWED_EVERY_S = 20.0


class SignedIn:
    """A signed-in user of a socket, looked at again now and then and whenever the account has changed."""

    def __init__(self, door: dict[str, Any]) -> None:
        """Take what the socket middleware found; raises `NotSignedIn` when nobody is signed in."""
        actor: Actor | None = door["actor"]
        if actor is None or actor.is_anonymous:
            raise NotSignedIn
        self.actor = actor
        self._force: ForceRef = door["force"]
        self._reviewed_at = -REVIEWED_EVERY_S
        self.session_key: str = door["cookies"].get(settings.SESSION_COOKIE_NAME, "")

    async def review(self, *, is_activity: bool = False, is_pressing: bool = False) -> None:
        """Raise `NotSignedIn` when the sign-in is over, or the force in use no longer, `NotPermitted` in a new role.

        `is_pressing` does not wait behind a rush: for the few consoles of a force, whose line hangs on it.
        """
        if not await selectors.is_active(self._force.schema):
            raise NotSignedIn
        key, request_id = self.session_key, self.actor.request_id
        enter = ain_force_aside if is_pressing else ain_force
        actor = await enter(self._force, session_actor, key, request_id, is_activity=is_activity)
        if actor is None:
            raise NotSignedIn
        if actor.role != self.actor.role:
            raise NotPermitted
        self.actor = actor

    async def review_in_turn(self) -> None:
        """`review` as an activity, unless it was done within 20 s. Raises as `review` does."""
        if time.monotonic() - self._reviewed_at >= REVIEWED_EVERY_S:
            await self.review(is_activity=True)
            self._reviewed_at = time.monotonic()


async def listen_for_account(door: dict[str, Any], topics: Topics) -> None:
    """Hear when the account behind a socket changes; the socket of a caller's page has none."""
    actor: Actor | None = door["actor"]
    if actor is not None and not actor.is_anonymous:
        await topics.listen(account_topic(actor.id))
