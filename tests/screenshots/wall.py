"""The wall with simulated callers: they come through the public doors, as in the demonstration."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.people import PASSWORD
from tests.screenshots.studio import Studio

LIVE_WITHIN_MS = 180_000
SHOWN_WITHIN_MS = 60_000


def walk(studio: Studio) -> None:
    """Take the wall with one, four and nine live callers, with the map and without, dark and light."""
    console = studio.console()
    _see_pictures_at_once(console)
    console.get_by_test_id("mode-wall").click()
    studio.take(console, "wall-empty")
    with calling(studio, 1):
        _await(console, 1)
        console.get_by_test_id("places-1").click()
        _take(studio, console, "wall-of-one", 1)
    with calling(studio, 9):
        _await(console, 9)
        console.get_by_test_id("places-4").click()
        _take(studio, console, "wall-of-four", 4)
        console.get_by_test_id("places-9").click()
        _take(studio, console, "wall-of-nine", 9)
        console.get_by_test_id("wall-map-switch").click()
        studio.take(console, "wall-of-nine-without-map")
        console.goto(studio.system.url("/?view=wall"))
        _await_truth(console, 9)
        studio.take(console, "wall-window")
        console.goto(studio.system.url("/"))
        console.get_by_test_id("session-row").first.click()
        _await_truth(console, 1)
        studio.take(console, "console-busy")


def _see_pictures_at_once(console: Page) -> None:
    console.get_by_test_id("open-settings").click()
    console.get_by_test_id("blurs-new").uncheck()
    console.keyboard.press("Escape")


def _await(console: Page, count: int) -> None:
    rows = console.locator("[data-testid=session-row][data-state=live]")
    expect(rows).to_have_count(count, timeout=LIVE_WITHIN_MS)


def _put_away(console: Page) -> None:
    """Put away what was said before: on a machine that is busy with other work there may be something."""
    notices = console.get_by_test_id("notice")
    for _ in range(notices.count()):
        notices.first.get_by_role("button", name="Put this message away").click()


def _take(studio: Studio, console: Page, name: str, count: int) -> None:
    _await_truth(console, count)
    _put_away(console)
    studio.camera.take_in_both_themes(console, name)


def _await_truth(console: Page, count: int) -> None:
    shown = console.get_by_test_id("truth").filter(has_text="LIVE")
    expect(shown).to_have_count(count, timeout=SHOWN_WITHIN_MS)
    expect(console.get_by_test_id("delay").filter(has_text="s delay")).to_have_count(count, timeout=SHOWN_WITHIN_MS)


@contextmanager
def calling(studio: Studio, callers: int) -> Iterator[None]:
    """Have so many simulated callers call the force; they say STOP at the end."""
    state = studio.system.stack.directory
    sign_ins = state / "screenshots.json"
    _write(sign_ins, studio.system.url("").rstrip("/"))
    words = ["simulate_caller", "--force", "herts", "--callers", str(callers)]
    words += ["--sign-ins", str(sign_ins), "--clips", str(state / "clips")]
    running = studio.system.stack.spawn("manage", *words, SIGHTLINE_DB_NAME=studio.system.database)
    try:
        yield
    finally:
        running.stop()


def _write(path: Path, base_url: str) -> None:
    users = {"operator1": {"username": "operator", "password": PASSWORD}}
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"forces": {"herts": {"base_url": base_url, "users": users}}}, file)
