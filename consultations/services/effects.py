"""What is to be done at the media server once an act has been written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from streams.services.handles import HeldHandle


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """A feed that is to be recorded into files that begin with `file_base`."""

    segment_id: UUID
    feed_id: UUID
    file_base: str
    place: HeldHandle | None


@dataclass(frozen=True, slots=True)
class Effects:
    """Feeds whose recording is to be stopped, feeds that are to be recorded, places to be given back."""

    halt: tuple[HeldHandle, ...] = field(default_factory=tuple)
    record: tuple[TrackPlan, ...] = field(default_factory=tuple)
    detach: tuple[HeldHandle, ...] = field(default_factory=tuple)

    def plus(self, other: Effects) -> Effects:
        """Return both together."""
        return Effects(self.halt + other.halt, self.record + other.record, self.detach + other.detach)


def detaching(held: Iterable[HeldHandle]) -> Effects:
    """Return what gives places back, and nothing else."""
    return Effects(detach=tuple(held))
