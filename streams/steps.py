"""What the watchdog looks after, one step at a time; upper apps add theirs from their `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a step is known by what it does, not by how streams does its own
    from streams.signalling.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to look after: how often, how long it may take, in seconds, and whether it rests in an idle force.

    `run` gets the upkeep of one force, which is the same one each time; its `force` is what other apps need of it.
    """

    run: Callable[[Upkeep], Coroutine[Any, Any, None]]
    every_s: float
    deadline_s: float
    rests: bool = False

    @property
    def name(self) -> str:
        """The step's name in logs; no two have the same."""
        return self.run.__name__


_steps: list[Step] = []


def register_steps(*steps: Step) -> None:
    """Let the watchdog look after an app's things; a second step of the same name is a mistake."""
    names = [step.name for step in (*_steps, *steps)]
    if len(set(names)) != len(names):
        raise ValueError("two steps have the same name")
    _steps.extend(steps)


def registered_steps() -> tuple[Step, ...]:
    """Return the steps of upper apps."""
    return tuple(_steps)
