"""Make a force: ``manage.py create_force SCHEMA NAME DOMAIN`` with ``DB_ROLE=owner``."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from forces.actors import Actor
from forces.context import in_platform
from forces.services import provisioning


class Command(BaseCommand):
    """Request and build one force; running it again goes on with what is unfinished."""

    help = "Make a force with a schema, a login and defaults of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take schema, name and domain."""
        parser.add_argument("schema", help="a-z, 0-9 and _, for example herts")
        parser.add_argument("name", help='for example "Hertfordshire Constabulary"')
        parser.add_argument("domain", help="host name, for example herts.localhost")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build it; a bad name changes nothing."""
        names = {key: options[key] for key in ("schema", "name", "domain")}
        try:
            in_platform(lambda: provisioning.request_force(actor=Actor.system("create_force"), **names))
            provisioning.provision(options["schema"])
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['name']} is ready at {options['domain']}")
