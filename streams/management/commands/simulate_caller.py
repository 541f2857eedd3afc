"""`manage.py simulate_caller --force SCHEMA`: a caller with a picture and a position, call after call."""

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

from streams.simulation.demonstration import Setting, run
from streams.simulation.peer import stay_on_loopback


class Command(BaseCommand):
    """Everything goes through the public doors of a running installation; no row is written from here."""

    help = "Simulate callers of one force until stopped: an operator sends each a link and attends, they follow it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the force, and the file with addresses and sign-ins."""
        state = Path(os.environ.get("SIGHTLINE_STATE", settings.BASE_DIR / ".run"))
        parser.add_argument("--force", required=True, help="schema name of the force")
        parser.add_argument("--sign-ins", type=Path, default=state / "demo.json", help="written by the seed")
        parser.add_argument("--callers", type=int, default=1, help="how many of them call at a time")
        parser.add_argument("--clips", type=Path, default=state / "clips", help="where clips are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or Ctrl-C."""
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("aioice").setLevel(logging.WARNING)
        stay_on_loopback()
        setting = Setting(options["force"], options["sign_ins"], options["clips"], settings.FFMPEG, options["callers"])
        asyncio.run(_until_stopped(setting))


async def _until_stopped(setting: Setting) -> None:
    work = asyncio.create_task(run(setting))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    await asyncio.gather(work, return_exceptions=True)
