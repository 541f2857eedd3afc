"""What the tenancy law bans and a linter of imports cannot see: calls by name, in every source file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for folder in ("config", "forces", "streams", "evidence", "consultations", "drones")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
ASYNC_ORM = frozenset(
    {"aget", "acreate", "afirst", "alast", "acount", "aexists", "aupdate", "adelete", "asave", "abulk_create"}
    | {"aget_or_create", "aupdate_or_create", "arefresh_from_db", "aiterator", "alatest", "aearliest", "ain_bulk"}
)
ENTERING = frozenset({"set_tenant", "set_schema", "tenant_context", "schema_context"})
ALLOWED_TO_ENTER = {"forces/context.py", "forces/postgres/base.py"}
RAW = ("BEGIN", "ROLLBACK", "COMMIT", "SAVEPOINT")


def _calls(tree: ast.AST) -> Iterator[tuple[int, str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node.lineno, name, node


def banned(path: str, source: str) -> list[str]:
    """Return ``path:line name`` of everything banned in a source text."""
    tree = ast.parse(source)
    found = []
    for line, name, call in _calls(tree):
        raw = name == "execute" and call.args and isinstance(call.args[0], ast.Constant)
        text = str(call.args[0].value).lstrip().upper() if raw else ""  # type: ignore[attr-defined]
        is_entry = name in ENTERING and path not in ALLOWED_TO_ENTER
        if name in ASYNC_ORM or is_entry or name == "database_sync_to_async" or text.startswith(RAW):
            found.append(f"{path}:{line} {name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.With):
            names = [item.context_expr.id for item in node.items if isinstance(item.context_expr, ast.Name)]
            found += [f"{path}:{node.lineno} with {name}" for name in names if name in {"force", "tenant"}]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_source_enters_forces_by_the_one_door_only(path: Path) -> None:
    assert banned(str(path.relative_to(ROOT)), path.read_text()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "await User.objects.acreate(x=1)",
        "connection.set_tenant(force)",
        "database_sync_to_async(fn)()",
        "cursor.execute('BEGIN')",
        "with force:\n    pass",
        "with tenant_context(force):\n    pass",
    ],
)
def test_planted_violation_is_found(planted: str) -> None:
    source = f"async def act():\n    {planted.replace(chr(10), chr(10) + '    ')}\n"
    assert banned("streams/planted.py", source) != []
