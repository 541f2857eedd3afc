"""The addresses and sign-ins of a demonstration, as the seed wrote them to `demo.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streams.simulation.errors import SimulationError

OPERATOR = "operator1"


@dataclass(frozen=True, slots=True)
class SignIn:
    """An operator of one force; `base_url` is scheme, host and port without a slash at the end."""

    schema: str
    base_url: str
    username: str
    password: str


def read_sign_in(path: Path, schema: str, name: str = OPERATOR) -> SignIn:
    """The sign-in of `name` in the force `schema`. Raises SimulationError when the file has none."""
    try:
        seeded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        force = seeded["forces"][schema]
        user = force["users"][name]
        return SignIn(schema, force["base_url"].rstrip("/"), user["username"], user["password"])
    except (OSError, ValueError) as error:
        raise SimulationError(f"{path} can not be read: {error}") from error
    except KeyError as error:
        raise SimulationError(f"{path} has no {error} for {name} of {schema}") from error
