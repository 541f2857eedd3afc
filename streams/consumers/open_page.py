"""That an officer's page is open, said again now and then: what is written to them is shown there at once."""

from __future__ import annotations

import time

from forces.context import ForceRef
from streams.open_pages import NOTED_EVERY_S
from streams.signalling import presence


class OpenPage:
    """One open page of one officer."""

    def __init__(self, force: ForceRef, user_id: str) -> None:
        """Begin unheard."""
        self._force, self._user_id = force, user_id
        self._noted_at = float("-inf")

    async def heard(self) -> None:
        """The page was heard; not every time is worth a word to Redis."""
        at = time.monotonic()
        if at - self._noted_at >= NOTED_EVERY_S:
            self._noted_at = at
            await presence.hear_page(self._force, self._user_id)

    async def closed(self) -> None:
        """The page is gone."""
        await presence.close_page(self._force, self._user_id)
