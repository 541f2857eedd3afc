"""What one console has in view, said again with each heartbeat: a console that is gone attends to nothing."""

from __future__ import annotations

from uuid import UUID

from forces import clock
from forces.context import ForceRef
from streams.signalling import presence


class View:
    """The sessions that one user's console has open."""

    def __init__(self, force: ForceRef, socket: str) -> None:
        """`socket` is the console's own name."""
        self._force, self._socket = force, socket
        self._open: set[UUID] = set()
        self._user_id = ""

    async def keep(self, user_id: str) -> None:
        """The user's console was heard: what it watches is not orphaned, and what it has open is attended."""
        self._user_id = user_id
        at = clock.now().timestamp()
        await presence.keep_view(self._force, self._socket, self._user_id, self._open, at)

    async def add(self, session_id: UUID) -> None:
        """The console opened a session."""
        self._open.add(session_id)
        await self.keep(self._user_id)

    async def remove(self, session_id: UUID) -> None:
        """The console closed a session."""
        self._open.discard(session_id)
        await presence.drop_view(self._force, self._socket, [session_id])

    async def leave(self) -> None:
        """The console is gone."""
        await presence.drop_view(self._force, self._socket, self._open)
        await presence.drop_lease(self._force, self._socket)
