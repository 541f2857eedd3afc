"""Fixtures of flows: the running system, and real Chromium with a camera and a position."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Geolocation,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from config.services.stack import Stack
from tests.flows.system import System

CHROMIUM = "/usr/bin/chromium"
# Its browser.sh says why.
BROWSER = Path(__file__).with_name("browser.sh")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The camera's test picture at half of its usual rate: three encoders of it must leave a small machine some room.
    "--use-fake-device-for-media-stream=fps=10",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]
# Behavioural deadlines are stated where they are meant; this one only bounds a busy machine.
expect.set_options(timeout=20_000)
HATFIELD = Geolocation(latitude=51.7634, longitude=-0.2257, accuracy=12)


@pytest.fixture(scope="package")
def system(stack: Stack) -> Iterator[System]:
    """Start the system once for all flows, and not for longer: its worker would take other tests' tasks."""
    running = System.start(stack)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Start Playwright; not for longer than a module, for its event loop stands in the way of async tests."""
    with sync_playwright() as started:
        yield started


@pytest.fixture
def open_browser(playwright: Playwright) -> Iterator[Callable[..., BrowserContext]]:
    """Return ``open(**context options)``: each call is a browser of its own."""
    browsers: list[Browser] = []
    errors: list[str] = []

    def start(**options: Any) -> BrowserContext:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        browsers.append(browser)
        context = browser.new_context(**options)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        return context

    yield start
    for browser in browsers:
        for page in [page for context in browser.contexts for page in context.pages]:
            _hang_up(page)
        browser.close()
    assert errors == [], "scripts of the pages failed"


def _hang_up(page: Page) -> None:
    """Let a test that failed leave nobody live: what the next one looks for would not be the only one of its kind."""
    with suppress(Error):
        stop = page.get_by_test_id("stop").or_(page.get_by_role("button", name="STOP")).first
        if stop.is_visible():
            stop.click(timeout=2_000)
            page.wait_for_timeout(500)


@pytest.fixture
def desk(open_browser: Callable[..., BrowserContext]) -> BrowserContext:
    """Return the operator's browser."""
    return open_browser(viewport={"width": 1440, "height": 900})


@pytest.fixture
def phone(open_browser: Callable[..., BrowserContext]) -> BrowserContext:
    """Return the caller's browser: a phone with a camera, somewhere in Hatfield."""
    return open_browser(
        viewport={"width": 390, "height": 844},
        geolocation=HATFIELD,
        permissions=["geolocation", "camera"],
        is_mobile=True,
        has_touch=True,
    )
