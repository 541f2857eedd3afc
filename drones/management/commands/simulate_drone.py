"""`manage.py simulate_drone --force SCHEMA --protocol rtmp|srt|rtsp|whip`: a drone that circles over a place."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from drones.simulation.aircraft import PROTOCOLS
from drones.simulation.circle import PLACES, Circle, Point
from drones.simulation.flight import Setting, run
from streams.simulation.peer import stay_on_loopback


class Command(BaseCommand):
    """Everything goes through the public doors of a running installation; no row is written from here."""

    help = "Simulate a drone of one force until stopped: an operator launches it, it sends a picture and where it is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the force, the protocol, the place, and the file with addresses, sign-ins and keys."""
        state = Path(os.environ.get("SIGHTLINE_STATE", settings.BASE_DIR / ".run"))
        parser.add_argument("--force", required=True, help="schema name of the force")
        parser.add_argument("--protocol", choices=PROTOCOLS, default="rtmp", help="how the picture is sent")
        parser.add_argument("--over", type=_point, help="middle of the circle as LATITUDE,LONGITUDE (WGS 84)")
        parser.add_argument("--radius", type=float, default=150.0, help="of the circle, in metres")
        parser.add_argument("--height", type=float, default=90.0, help="above the place of take-off, in metres")
        parser.add_argument("--sign-ins", type=Path, default=state / "demo.json", help="written by the seed")
        parser.add_argument("--clips", type=Path, default=state / "clips", help="where clips are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or Ctrl-C."""
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("aioice").setLevel(logging.WARNING)
        stay_on_loopback()
        middle = options["over"] or PLACES.get(options["force"], PLACES["herts"])
        circle = Circle(middle, radius_m=options["radius"], height_m=options["height"])
        files = (options["sign_ins"], options["clips"], settings.FFMPEG)
        asyncio.run(_until_stopped(Setting(options["force"], options["protocol"], *files, circle)))


async def _until_stopped(setting: Setting) -> None:
    work = asyncio.create_task(run(setting))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    await asyncio.gather(work, return_exceptions=True)


def _point(text: str) -> Point:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError as error:
        raise ArgumentTypeError("a place is written as 51.7640,-0.2256") from error
    if not (-85 <= latitude <= 85 and -180 <= longitude <= 180):
        raise ArgumentTypeError("there is no such place")
    return latitude, longitude
