"""`manage.py simulate_officers --force SCHEMA`: officers on duty who move about, and now and then have no line."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from streams.simulation.shift import run


class Command(BaseCommand):
    """Everything goes through the public doors of a running installation; no row is written from here."""

    help = "Simulate officers of one force until stopped: each signs in, goes on duty, and says where they are."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the force, and the file with addresses and sign-ins."""
        state = Path(os.environ.get("SIGHTLINE_STATE", settings.BASE_DIR / ".run"))
        parser.add_argument("--force", required=True, help="schema name of the force")
        parser.add_argument("--sign-ins", type=Path, default=state / "demo.json", help="written by the seed")
        parser.add_argument("--officers", type=int, default=6, help="how many of them are on duty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or Ctrl-C."""
        logging.getLogger("httpx").setLevel(logging.WARNING)
        asyncio.run(_until_stopped(options["force"], options["sign_ins"], options["officers"]))


async def _until_stopped(schema: str, sign_ins: Path, officers: int) -> None:
    work = asyncio.create_task(run(schema, sign_ins, officers))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    await asyncio.gather(work, return_exceptions=True)
