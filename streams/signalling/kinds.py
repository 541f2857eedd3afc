"""The kinds of places at the media server: what becomes of events about them, and how each is ended.

Streams registers its own four in `streams.signalling.events`; an upper app registers its own from its `ready()`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from forces.context import ForceRef
from streams.gateway.interface import GatewayEvent, HandleEvent
from streams.signalling.rooms import KINDS, Participant

OnEvent = Callable[[ForceRef, Participant, GatewayEvent | HandleEvent], Awaitable[None]]
"""Turns an event into a state. May raise `NotFound`: then it was about nobody of ours."""
End = Callable[[ForceRef, UUID, str], Awaitable[None]]
"""(force, id, reason): ends one of the kind, whoever found out; one that is over is fine."""


@dataclass(frozen=True, slots=True)
class KindOfPlace:
    """One kind: its letter in opaque ids, the rows' holder, and what is done with it.

    `is_inherited`: when its process died another one takes it over; otherwise it ends.
    """

    kind: str
    holder: str
    on_event: OnEvent
    end: End
    is_inherited: bool = True


_kinds: dict[str, KindOfPlace] = {}


def register_kind(place: KindOfPlace) -> None:
    """Let opaque ids name a kind; a second one with its letter or holder is a mistake."""
    if place.kind in _kinds or any(place.holder == other.holder for other in _kinds.values()):
        raise ValueError(f"{place.kind} or {place.holder} is registered twice")
    _kinds[place.kind] = place
    KINDS.add(place.kind)


def kind_of(kind: str) -> KindOfPlace:
    """Return the kind with a letter that `read_opaque_id` let pass."""
    return _kinds[kind]


def kind_of_holder(holder: str) -> KindOfPlace:
    """Return the kind whose rows name themselves `holder`."""
    return next(place for place in _kinds.values() if place.holder == holder)
