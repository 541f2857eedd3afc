"""Places at the media server that rows of upper apps hold: found, taken over and given back like streams' own.

An app registers a keeper from its `ready()`. Each method is asked inside a unit of work of the force, and reads or
writes that app's rows alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:  # the services that ask the keepers import this module
    from streams.services.handles import HeldHandle
    from streams.services.ownership import Owned


class PlaceKeeper(Protocol):
    """What an app knows of the places its rows hold."""

    @property
    def holders(self) -> frozenset[str]:
        """What its `HeldHandle`s and `Owned`s name as their holder; nobody else's."""

    def list_owners(self) -> set[str]:
        """Return the processes that answer for anything that goes on; "" is nobody."""

    def list_owned(self, owner: str) -> list[Owned]:
        """Return what goes on and `owner` answers for."""

    def change_owner(self, owned: Owned, before: str, after: str) -> bool:
        """Write that `after` answers for it now; False when it is over, or `before` does not answer any more.

        The session is locked by the caller.
        """

    def find_lost(self, owner: str, ids: Mapping[str, Collection[UUID]]) -> set[UUID]:
        """Return those which go on and another process than `owner` answers for.

        `ids` are by the kind that opaque ids have, and hold those of other apps, too.
        """

    def find_leftovers(self) -> list[HeldHandle]:
        """Return places of what ended without being detached; a hundred at most."""

    def find_session_handles(self, session_id: UUID) -> list[HeldHandle]:
        """Return every place that rows of a session hold, publishers before viewers."""

    def note_detached(self, gone: Sequence[HeldHandle]) -> None:
        """Forget places that were given back to the media server; all are this keeper's."""

    def is_idle(self, now: datetime) -> bool:
        """Tell whether nothing goes on, is held at a media server, or waits for its end."""

    def other_rooms(self, session_id: UUID) -> tuple[str, ...]:
        """Return the rooms of a session at the media server besides its own; those closed already are fine."""


_keepers: list[PlaceKeeper] = []


def register_keeper(keeper: PlaceKeeper) -> None:
    """Let an app's places be looked after; a second keeper of the same holder is a mistake."""
    for other in _keepers:
        if twice := other.holders & keeper.holders:
            raise ValueError(f"{sorted(twice)} are kept twice")
    _keepers.append(keeper)


def keepers() -> tuple[PlaceKeeper, ...]:
    """Return every app's keeper."""
    return tuple(_keepers)


def keeper_of(holder: str) -> PlaceKeeper | None:
    """Return the keeper of a holder, None where it is streams' own."""
    return next((keeper for keeper in _keepers if holder in keeper.holders), None)
