"""Django caches content types per process; their ids differ between schemas, so the cache is keyed by schema."""

from collections.abc import Iterator, MutableMapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection


class SchemaKeyedCache(MutableMapping[str, Any]):
    """A dictionary per active schema; clearing one schema's leaves the others, in every thread, alone."""

    def __init__(self) -> None:
        """Start empty."""
        self._by_schema: dict[str | None, dict[str, Any]] = {}

    def _own(self) -> dict[str, Any]:
        return self._by_schema.setdefault(getattr(connection, "schema_name", None), {})

    def __getitem__(self, key: str) -> Any:
        """Return the alias's cache of the active schema."""
        return self._own()[key]

    def __setitem__(self, key: str, value: object) -> None:
        """Set the alias's cache of the active schema."""
        self._own()[key] = value

    def __delitem__(self, key: str) -> None:
        """Forget the alias's cache of the active schema."""
        del self._own()[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the aliases of the active schema."""
        return iter(self._own())

    def __len__(self) -> int:
        """Return how many aliases the active schema's cache has."""
        return len(self._own())


def key_by_schema() -> None:
    """Replace the managers' cache; copies of the manager share it."""
    ContentType.objects._cache = SchemaKeyedCache()  # type: ignore[attr-defined]
