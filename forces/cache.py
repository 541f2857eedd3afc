"""Cache keys start with the force's schema name."""

from forces.context import open_unit


def key_of_force(key: str, key_prefix: str, version: int) -> str:
    """Return the cache key of the active force; outside of one, of the process at large."""
    unit = open_unit()
    return f"{unit.force.schema if unit else 'process'}:cache:{version}:{key}"
