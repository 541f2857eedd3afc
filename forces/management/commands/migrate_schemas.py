"""django-tenants' command, with logins and rights around it."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django_tenants.management.commands.migrate_schemas import Command as MigrateSchemas

from forces.context import in_platform
from forces.services import provisioning


class Command(MigrateSchemas):
    """Prepare the platform's login, migrate, and re-apply the rights of every schema that was migrated."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; raises ``CommandError`` without the owner's role."""
        if settings.DB_ROLE != "owner":
            raise CommandError("migrating schemas needs DB_ROLE=owner")
        schema = options.get("schema_name") or ""
        if not schema or schema == "public":
            in_platform(provisioning.prepare_platform)
        super().handle(*args, **options)
        if not schema or schema == "public":
            in_platform(provisioning.grant_all, "public")
            in_platform(provisioning.grant_shared)
