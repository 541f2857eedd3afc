"""The forces app: tenancy, platform and what every other app stands on."""

from django.apps import AppConfig
from django.conf import settings


class ForcesConfig(AppConfig):
    """Keys Django's ContentType cache by force when the apps are ready; refuses what production must not run with."""

    name = "forces"
    verbose_name = "Forces"

    def ready(self) -> None:
        """Install the keyed ContentType cache. In production, raises ``ImproperlyConfigured`` for unsafe settings."""
        from forces.content_types import key_by_schema
        from forces.production import refuse_unsafe_settings

        if settings.IS_PRODUCTION:
            refuse_unsafe_settings(settings)
        key_by_schema()
