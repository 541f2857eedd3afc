"""What simulated callers call about, one story per force."""

from __future__ import annotations

from dataclasses import dataclass, replace

from streams.simulation.route import Point, Route


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story: `description` is the operator's free text, `tint` turns the clip's colours (degrees), `start_m` is where
    the walk begins along the round."""

    description: str
    corners: tuple[Point, ...]
    replies: tuple[str, ...]
    tint: int
    start_m: float = 0.0

    @property
    def route(self) -> Route:
        """The round the caller walks."""
        return Route(self.corners)

    def place(self, number: int, count: int) -> Scenario:
        """The story of caller `number` (from 0) of `count`: later ones begin further along, in other colours."""
        if number == 0:
            return self
        description = self.description.replace("Simulated caller", f"Simulated caller {number + 1}", 1)
        return replace(
            self, description=description, start_m=self.route.length_m * number / count, tint=self.tint + 40 * number
        )


REPLIES = (
    "I can see the patrol car now.",
    "Yes, I am on the pavement, I am safe.",
    "OK, I will stay here.",
    "There is a man by the second house.",
)

HATFIELD = Scenario(
    description="Simulated caller: two cars have collided in Hatfield, nobody seems to be hurt.",
    corners=(
        (51.7636, -0.2293),
        (51.7641, -0.2268),
        (51.7646, -0.2244),
        (51.7632, -0.2236),
        (51.7622, -0.2249),
        (51.7625, -0.2279),
    ),
    replies=REPLIES,
    tint=0,
)
LUTON = Scenario(
    description="Simulated caller: a shop window has been broken in Luton, people have run off.",
    corners=(
        (51.8790, -0.4186),
        (51.8783, -0.4160),
        (51.8776, -0.4143),
        (51.8769, -0.4150),
        (51.8776, -0.4172),
        (51.8784, -0.4190),
    ),
    replies=REPLIES,
    tint=40,
)
CAMBRIDGE = Scenario(
    description="Simulated caller: a cyclist has fallen in the centre of Cambridge.",
    corners=(
        (52.2050, 0.1180),
        (52.2066, 0.1177),
        (52.2079, 0.1180),
        (52.2073, 0.1195),
        (52.2060, 0.1208),
        (52.2048, 0.1213),
        (52.2040, 0.1197),
    ),
    replies=REPLIES,
    tint=-50,
)

_SCENARIOS = {"herts": HATFIELD, "beds": LUTON, "cambs": CAMBRIDGE}


def scenario_for(schema: str) -> Scenario:
    """The story of a force; a force without one of its own borrows that of Hatfield."""
    return _SCENARIOS.get(schema, HATFIELD)
