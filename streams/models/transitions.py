"""The one check of every state machine in this app."""

from __future__ import annotations

from collections.abc import Collection

from forces.errors import InvalidTransition


def check_transition(noun: str, state: str, allowed: Collection[str], target: str) -> None:
    """Raise `InvalidTransition` (HTTP 409) unless `state` is one of `allowed`.

    `noun` names the row for the reader ("session"); `target` is the state that was asked for.
    """
    if state not in allowed:
        raise InvalidTransition(
            f"A {noun} that is {state} cannot become {target}.",
            details={"state": str(state), "target": str(target)},
        )
