"""Seed the demonstration: ``manage.py seed_demo --output FILE --port PORT`` with ``DB_ROLE=owner``."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from forces.services.demo import seed_demo


class Command(BaseCommand):
    """Make or complete three forces; passwords and second factors of an earlier run are kept."""

    help = "Seed three forces with people of every role, and write their sign-ins to a file of mode 0600."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the public port."""
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed and write; the file is replaced in one step."""
        output: Path = options["output"]
        made = seed_demo(_known(output), options["port"])
        temporary = output.with_suffix(".part")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file, indent=2)
        temporary.replace(output)
        self.stdout.write(f"{len(made['forces'])} forces are ready")


def _known(path: Path) -> dict[str, dict[str, str]]:
    """Return the users of an earlier run by ``force/name``."""
    if not path.is_file():
        return {}
    made = json.loads(path.read_text())
    groups = {"platform": made["platform"]["users"]}
    groups.update({schema: force["users"] for schema, force in made["forces"].items()})
    return {f"{group}/{name}": user for group, users in groups.items() for name, user in users.items()}
