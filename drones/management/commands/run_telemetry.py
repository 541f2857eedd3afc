"""`manage.py run_telemetry`: takes MAVLink over UDP from every force's aircraft until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from drones.consumers.mavlink import MavlinkDoor


class Command(BaseCommand):
    """Listens in the foreground; SIGTERM and SIGINT end it cleanly."""

    help = "Take signed MAVLink 2 over UDP from aircraft in the air, and keep and show what they say."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address to listen on."""
        parser.add_argument("--listen", type=address, help="host:port, of the settings if unsaid")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped."""
        asyncio.run(_run(*(options["listen"] or (settings.INGEST_ADDRESS, settings.MAVLINK_PORT))))


def address(text: str) -> tuple[str, int]:
    """Read host and port."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65_535:
        raise argparse.ArgumentTypeError("an address reads like 127.0.0.1:14550")
    return host.strip("[]"), int(port)


async def _run(host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    transport, door = await loop.create_datagram_endpoint(MavlinkDoor, local_addr=(host, port))
    try:
        await door.run(stop)
    finally:
        transport.close()
