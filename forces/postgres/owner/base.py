"""Search-path wrapper of the owner role; starts in ``public`` like the stock one."""

from django_tenants.postgresql_backend.base import DatabaseWrapper as SearchPathWrapper


class DatabaseWrapper(SearchPathWrapper):
    """The stock wrapper under a name of its own, so that settings say who runs with the owner's rights."""
