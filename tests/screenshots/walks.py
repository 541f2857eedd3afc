"""Which walks there are, and how they are taken: each on its own, in order, on one system."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from config.services.stack import Stack
from tests.databases import ensure_template
from tests.flows.system import System
from tests.screenshots import agencies, callers, desk, drones, incidents, languages, officers, outside, people, wall
from tests.screenshots.camera import Camera
from tests.screenshots.studio import Studio, opened

WALKS: dict[str, Callable[[Studio], None]] = {
    "people": people.walk,
    "call": callers.walk_a_call,
    "kinds": callers.walk_other_kinds,
    "thin": callers.walk_a_thin_line,
    "languages": languages.walk,
    "desk": desk.walk,
    "wall": wall.walk,
    "officers": officers.walk,
    "incidents": incidents.walk,
    "drones": drones.walk,
    "agencies": agencies.walk,
    "outside": outside.walk,
}


def walk(stack: Stack, directory: Path, *, every_size: bool, only: list[str]) -> Camera:
    """Take the walks named in ``only``; returns the camera with what it took."""
    ensure_template(stack)
    camera = Camera(directory, every_size)
    system = System.start(stack)
    try:
        with sync_playwright() as playwright:
            for name in only:
                began = time.monotonic()
                with opened(system, camera, playwright) as studio:
                    WALKS[name](studio)
                sys.stdout.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    finally:
        system.stop()
    return camera
