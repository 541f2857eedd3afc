"""Erase by hand what the daily run would erase: ``manage.py erase_due --force herts``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence import erasing
from forces import clock
from forces.selectors import find_force


class Command(BaseCommand):
    """Erase what is due in one force and say how much."""

    help = "Erase the items and sessions of one force whose retention period has ended."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the force's schema; Django's own --force-color is no shorthand of it."""
        parser.add_argument("--force", required=True, help="the force's schema, for example herts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the erasure now, by the one clock."""
        items, sessions = erasing.erase_due(find_force(options["force"]), clock.now())
        self.stdout.write(f"{options['force']}: {items} items and {sessions} sessions erased")
