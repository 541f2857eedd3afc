"""Who sees a live picture: own people, other forces' and agencies', as the phone that shares it is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from forces.services.sharing import force_names
from streams.models import Stream, Watch


@dataclass(frozen=True, slots=True)
class Viewers:
    """Who sees a live picture: own users by name and id; how many are another force's, by schema, or an agency's.

    `on_the_ground` of the own are officers, whom the control room shows it to.
    """

    own: tuple[tuple[str, str], ...]
    guests_of: dict[str, int]
    agencies: dict[str, int]
    on_the_ground: int = 0

    @property
    def guests(self) -> int:
        """How many people of other forces and of agencies see it."""
        return sum(self.guests_of.values()) + sum(self.agencies.values())

    @property
    def elsewhere(self) -> int:
        """How many people see it who are not in the control room, as a caller is told."""
        return self.guests + self.on_the_ground

    @property
    def count(self) -> int:
        """How many people see it."""
        return len(self.own) + self.guests

    @property
    def names(self) -> list[str]:
        """Who it is, as an officer is told: colleagues by name, other forces and agencies by theirs and a number."""
        forces = force_names(self.guests_of)
        guests = [f"{forces.get(schema, schema)}: {count}" for schema, count in sorted(self.guests_of.items())]
        agencies = [f"{agency}: {count}" for agency, count in sorted(self.agencies.items())]
        return [name for name, _ in self.own] + guests + agencies


def find_viewers(session_id: UUID) -> Viewers:
    """Return who sees this session's picture: only while it is live, each user and each agency's viewer once."""
    seeing = Watch.objects.filter(session_id=session_id, ended_at__isnull=True, stream__state=Stream.State.LIVE)
    rows = seeing.values_list("user_id", "guest", "agency_viewer__share__agency", "user_name")
    people = {(user_id, guest, agency): name for user_id, guest, agency, name in rows}
    own = sorted((name, user_id) for (user_id, guest, agency), name in people.items() if not guest and agency is None)
    guests_of = Counter(guest for _, guest, _ in people if guest)
    agencies = Counter(agency for _, _, agency in people if agency is not None)
    in_the_room = set(
        seeing.filter(guest="", agency_viewer=None, is_colleagues=False).values_list("user_id", flat=True)
    )
    on_the_ground = sum(user_id not in in_the_room for _, user_id in own)
    return Viewers(tuple(own), dict(guests_of), dict(agencies), on_the_ground)
