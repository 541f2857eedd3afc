"""`manage.py run_bridges`: bridges what aircraft send by RTMP, SRT and RTSP until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import Any

from django.core.management.base import BaseCommand

from drones.ingest.keeper import Keeper


class Command(BaseCommand):
    """Runs the bridges in the foreground; SIGTERM and SIGINT end it cleanly, and any other end ends them all."""

    help = "Keep a bridge for each aircraft in the air whose picture comes by RTMP, SRT or RTSP, in every active force."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped."""
        logging.getLogger("httpx").setLevel(logging.WARNING)
        asyncio.run(_run())


async def _run() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await Keeper().run(stop)
