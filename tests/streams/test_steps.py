"""Steps of another app: the watchdog takes them with its own, and names are nobody else's."""

from __future__ import annotations

import pytest

from forces.context import ForceRef
from streams import steps
from streams.signalling.upkeep import Upkeep
from streams.steps import Step, register_steps
from streams.watchdog import STEPS, Watchdog


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no app have registered anything."""
    monkeypatch.setattr(steps, "_steps", [])


def test_step_whose_name_is_taken_is_refused() -> None:
    async def look(upkeep: Upkeep) -> None:
        """Look after nothing."""

    register_steps(Step(look, 1, 1))
    with pytest.raises(ValueError, match="same name"):
        register_steps(Step(look, 5, 1))
    assert len(steps.registered_steps()) == 1


@pytest.mark.usefixtures("live_db")
async def test_watchdog_runs_an_apps_step_for_each_force_with_its_upkeep(
    herts: ForceRef, beds: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def look_after_calls(upkeep: Upkeep) -> None:
        seen.append(upkeep.force.schema)

    async def forces() -> list[ForceRef]:
        return [herts, beds]

    monkeypatch.setattr("streams.watchdog.STEPS", ())
    register_steps(Step(look_after_calls, 1, 5, rests=True))
    await Watchdog(forces=forces).tend()
    assert sorted(seen) == ["beds", "herts"]


def test_steps_that_are_given_are_the_only_ones() -> None:
    async def look(upkeep: Upkeep) -> None:
        """Look after nothing."""

    register_steps(Step(look, 1, 1))
    assert Watchdog(())._steps == ()
    assert Watchdog()._steps == (*STEPS, *steps.registered_steps())
