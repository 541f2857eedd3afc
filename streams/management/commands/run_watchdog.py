"""`manage.py run_watchdog`: looks after live media in every active force until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from streams.watchdog import Watchdog


class Command(BaseCommand):
    """Runs the watchdog in the foreground; SIGTERM and SIGINT end it cleanly."""

    help = "Turn silence, expiries and lost processes into states, once a second, in every active force."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped."""
        asyncio.run(_run())


async def _run() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Watchdog().run(stop)
