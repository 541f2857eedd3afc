"""Re-walk the audit chain: ``manage.py verify_audit [--force SCHEMA]``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forces.audit.services import verify_chain
from forces.context import PLATFORM, in_force
from forces.selectors import active_forces, find_force


class Command(BaseCommand):
    """Walk the chain of one force, or of every active force and the platform."""

    help = "Verify the hash chain of the audit and name the first broken row."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take an optional force."""
        parser.add_argument("--force", dest="schema", default="", help="schema of one force; all without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per chain; ends with an error if one is broken."""
        forces = [find_force(options["schema"])] if options["schema"] else [PLATFORM, *active_forces()]
        broken = 0
        for force in forces:
            result = in_force(force, verify_chain)
            if result.ok:
                self.stdout.write(f"{force.schema}: {result.rows} rows, unbroken, head {result.head[:16]}")
            else:
                broken += 1
                self.stdout.write(f"{force.schema}: BROKEN at row {result.first_broken_seq} ({result.reason})")
        if broken:
            raise CommandError(f"{broken} chain(s) broken")
