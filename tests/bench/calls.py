"""Calls to be measured: ours through its real pages, and the peers' through theirs.

Every call has a caller's page that is ready for the tap, and a viewer who already waits for exactly this caller. The
viewer's page is loaded anew for each call, then left alone.
"""

import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from config.services.stack import Stack
from streams.gateway.interface import RoomSpec
from tests.bench.browsers import Browsers
from tests.flows.journey import come_to_camera, open_incident_and_send
from tests.flows.system import System, sign_in
from tests.flows.thin_line import ThinLine

SERVER = Path(__file__).parent / "peers/call_server.py"
START = "Start my camera"


class Call(Protocol):
    """A way to call. ``viewer`` is the page of who watches, ``line`` what the caller's media goes through."""

    viewer: Page
    line: ThinLine

    @contextmanager
    def ready(self) -> Iterator[Page]:
        """Prepare one call; yield the caller's page, where the tap is next, and end the call afterwards."""
        ...


class OurCall:
    """The real pages: the operator sends a link and has the session open, the caller walks up to the camera."""

    line: ThinLine

    def __init__(
        self,
        system: System,
        browsers: Browsers,
        taps: tuple[str, ...],
        views: tuple[str, ...],
        through: type[ThinLine] | None = None,
    ) -> None:
        """``taps`` and ``views`` are the probes of the caller's and of the viewer's page; ``through`` is their line."""
        self._browsers, self._probes, self._through = browsers, taps, through
        self._console = system.url()
        self.viewer = browsers.viewer_page(*views)
        sign_in(self.viewer, system, "operator")

    @contextmanager
    def ready(self) -> Iterator[Page]:
        """See ``Call``. The caller ends it with STOP."""
        self.viewer.bring_to_front()
        self.viewer.goto(self._console)
        link = open_incident_and_send(self.viewer)
        with self._browsers.caller_page(*self._probes) as page, led_through(self, self._through, page):
            come_to_camera(page, link)
            expect(page.get_by_role("button", name=START)).to_be_visible()
            try:
                yield page
            finally:
                self._stop(page)

    def _stop(self, page: Page) -> None:
        stop = page.get_by_role("button", name="STOP")
        if stop.is_visible():
            stop.click()
            expect(page.get_by_text("You have stopped sharing")).to_be_visible()
        expect(self.viewer.locator("[data-testid=session-row][data-state=live]")).to_have_count(0, timeout=15_000)


class PeerCall:
    """A pair of bare pages: ``<kind>_caller.html`` and ``<kind>_viewer.html``."""

    line: ThinLine

    def __init__(
        self,
        browsers: Browsers,
        kind: str,
        server: "CallServer",
        taps: tuple[str, ...],
        views: tuple[str, ...],
        through: type[ThinLine] | None = None,
    ) -> None:
        """``server`` has the pages."""
        self._browsers, self._probes, self._through = browsers, taps, through
        self._server, self._kind = server, kind
        self.viewer = browsers.viewer_page(*views)

    @contextmanager
    def ready(self) -> Iterator[Page]:
        """See ``Call``. The caller ends it by leaving."""
        self.viewer.bring_to_front()
        self._open(self.viewer, "viewer")
        with self._browsers.caller_page(*self._probes) as page, led_through(self, self._through, page):
            self._open(page, "caller")
            yield page

    def _open(self, page: Page, who: str) -> None:
        page.goto(self._server.address(self._kind, who))
        page.wait_for_selector("body[data-ready]")


@contextmanager
def led_through(call: Call, line: type[ThinLine] | None, page: Page) -> Iterator[None]:
    """Let the page's media go through a relay of its own, which `call.line` then is; without ``line`` it goes free."""
    if line is None:
        yield
        return
    call.line = line()
    try:
        page.context.expose_function("throughRelay", call.line.open_to)
        yield
    finally:
        call.line.close()


class CallServer:
    """The process that serves the peers' pages."""

    def __init__(self, place: Mapping[str, str]) -> None:
        """``place`` is what the pages of a Janus are told: its url, secret and adminKey."""
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._origin = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        room = RoomSpec(room_id=f"bench-{uuid.uuid4().hex}", secret="", recording_dir="")
        self.room = room.room_id
        self._place = {**place, "room": room.room_id, "bitrate": room.bitrate}

    def address(self, kind: str, who: str = "caller") -> str:
        """Return the address of a kind's page for ``caller`` or ``viewer``."""
        query = f"?{urlencode(self._place)}" if kind == "janus" else ""
        return f"{self._origin}/{kind}_{who}.html{query}"

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(timeout=10)


@contextmanager
def call_server(stack: Stack) -> Iterator[CallServer]:
    """Serve the peers' pages for a while, those of Janus with the stack's."""
    environment = stack.environment
    place = {
        "url": environment["SIGHTLINE_JANUS_URL"],
        "secret": environment["SIGHTLINE_JANUS_API_SECRET"],
        "adminKey": environment["SIGHTLINE_JANUS_ADMIN_KEY"],
    }
    with serving_calls(place) as server:
        yield server


@contextmanager
def serving_calls(place: Mapping[str, str]) -> Iterator[CallServer]:
    """Serve the peers' pages for a while, those of Janus with the one at ``place``."""
    server = CallServer(place)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def running_system(stack: Stack) -> Iterator[System]:
    """Run all of ours, and drop its database at the end."""
    system = System.start(stack)
    try:
        yield system
    finally:
        system.stop()


def tap(page: Page) -> None:
    """Start the camera as the caller does."""
    page.get_by_role("button", name=START).click()
