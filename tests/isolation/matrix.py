"""The page `docs/doors.md`: every door and who passes it. ``make doors`` writes it."""

from collections.abc import Iterator
from pathlib import Path

from forces.accounts.permissions import RIGHTS, Permission
from forces.accounts.roles import Role
from tests.isolation import cases, consultations, frames

PAGE = Path(__file__).resolve().parents[2] / "docs/doors.md"
COLUMNS = [role for role in Role if role != Role.PLATFORM_ADMIN]
INTRO = """# Doors and who passes them

Made by `make doors` from the table that the tests walk: each door is tried by each role with its
own force's objects and with another force's. A door that stands here without a case, or the other way round, fails the
tests. Nobody reaches another force's objects by any of them.
"""


def render() -> str:
    """Return the page."""
    return "\n".join([INTRO, *_rights(), *_addresses(), *_admin(), *_frames(), ""])


def _rights() -> Iterator[str]:
    yield "## Rights\n"
    yield from _head("right")
    for permission in Permission:
        yield _row(permission.value, [permission in RIGHTS[role] for role in COLUMNS])


def _addresses() -> Iterator[str]:
    yield "\n## Addresses of a force\n"
    yield from _head("door")
    for door, case in cases.FORCE.items():
        name = f"`{door or '/'}`"
        if case.is_public:
            yield f"| {name} | {' | '.join(['everybody'] * len(COLUMNS))} |"
        elif case.elsewhere:
            yield f"| {name} | {' | '.join(['by a secret'] * len(COLUMNS))} |"
        else:
            yield _row(name, [role in case.allowed for role in COLUMNS])


def _admin() -> Iterator[str]:
    yield "\n## The force's admin\n"
    yield f"Force admins only: {', '.join(cases.FORCE_ADMIN_MODELS)}."
    yield "\n## The platform's admin\n"
    yield f"Platform staff only: {', '.join(cases.PLATFORM_ADMIN_MODELS)}."


def _frames() -> Iterator[str]:
    yield "\n## Frames of the console's socket\n"
    yield from _head("frame")
    for name in frames.CONSOLE:
        yield _row(f"`{name}`", [role in cases.ROOM for role in COLUMNS])
    yield "\n## Frames of the officer's socket\n"
    yield from _head("frame")
    for name in frames.OFFICER:
        yield _row(f"`{name}`", [role in cases.FIELD for role in COLUMNS])
    yield "\n## Frames of the agency's socket\n"
    yield f"Whoever entered a code of an agency's link, about what is shared by it only: {', '.join(frames.AGENCY)}."
    yield "\n## Frames of the telemetry socket\n"
    yield f"Whoever holds the key of an aircraft in the air, about its own flight only: {', '.join(frames.TELEMETRY)}."
    yield "\n## Frames of the socket of consultations\n"
    yield from _head("frame")
    for name in consultations.DESK:
        yield _row(f"`{name}`", [role in consultations.RUN for role in COLUMNS])
    yield "\n## Frames of a meeting's socket\n"
    said = ", ".join(consultations.MEETING)
    yield f"Whoever holds the cookie of an opened link, as the one person whose it is: {said}."
    yield "\n## Frames of the caller's socket\n"
    yield f"Whoever holds the cookie of an opened link, about its own session only: {', '.join(frames.CALLER)}."


def _head(first: str) -> Iterator[str]:
    yield f"| {first} | {' | '.join(role.label for role in COLUMNS)} |"
    yield "|---" * (len(COLUMNS) + 1) + "|"


def _row(name: str, marks: list[bool]) -> str:
    return f"| {name} | {' | '.join('yes' if mark else '' for mark in marks)} |"
