"""What travels instead of a model: a plain reference to a force."""

from dataclasses import dataclass

from forces.postgres.logins import PUBLIC_SCHEMA


@dataclass(frozen=True, slots=True)
class ForceRef:
    """A force as doors, tasks and sockets carry it. ``schema_name`` satisfies the database backend."""

    schema: str
    name: str
    is_active: bool = True

    @property
    def schema_name(self) -> str:
        """The Postgres schema, under the name django-tenants uses."""
        return self.schema

    @property
    def is_platform(self) -> bool:
        """Whether this is the platform itself, which is no force."""
        return self.schema == PUBLIC_SCHEMA


PLATFORM = ForceRef(schema=PUBLIC_SCHEMA, name="Sightline")
