"""What a door of HTTP is tried with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forces.accounts.roles import Role

NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Case:
    """A door of HTTP: `route` names in braces and values of `body` that start with @ come from a world.

    `is_public`: it needs no sign-in; a page that is public shows nothing of a force but its name, or takes a
    secret that is tried elsewhere. `elsewhere` names the test that tries a door which is not a person's.
    """

    allowed: frozenset[Role] = NOBODY
    path: str = ""
    body: Mapping[str, Any] | None = None
    ok: int = 200
    is_public: bool = False
    elsewhere: str = ""
    # It enters units of work of its own, which see nothing that is not committed, and are not undone.
    is_async: bool = False
    # Names in `path` and `body` that another force's object takes the place of.
    objects: tuple[str, ...] = field(default=())
