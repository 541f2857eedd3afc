"""The forces app: tenancy, platform and what every other app stands on."""

from django.apps import AppConfig


class ForcesConfig(AppConfig):
    """Keys Django's ContentType cache by force when the apps are ready."""

    name = "forces"
    verbose_name = "Forces"

    def ready(self) -> None:
        """Install the keyed ContentType cache."""
        from forces.content_types import key_by_schema

        key_by_schema()
