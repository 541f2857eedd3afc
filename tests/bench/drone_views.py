"""Pages on which a drone's picture is watched: ours, that of a bare Janus, and that of HTTP-FLV.

Each waits with its page open before anything is sent; what is sent then is for the measurement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import TYPE_CHECKING, Protocol

from playwright.sync_api import BrowserContext, Page, expect

from config.services.processes import await_condition
from tests.bench.browsers import probed_page
from tests.bench.calls import CallServer
from tests.bench.drone_sources import Target, by_rtmp
from tests.flows.system import System, sign_in

if TYPE_CHECKING:
    from tests.bench.flights import Flown

VIEWS = ("clock_reader.js",)
IDLE_WITHIN_S = 40.0
NOWHERE = "about:blank"


class View(Protocol):
    """A page that waits for a drone's picture."""

    page: Page

    @contextmanager
    def ready(self) -> Iterator[Target]:
        """Let the page wait; yield where the drone sends, and tidy up afterwards."""
        ...


class OurView:
    """The control room's console, with the flight of an aircraft open."""

    def __init__(self, page: Page, system: System, flown: Flown) -> None:
        """``page`` is of an operator who is signed in."""
        self.page, self._console, self._flown = page, system.url(), flown

    @contextmanager
    def ready(self) -> Iterator[Target]:
        """See ``View``. The aircraft stays in the air."""
        assert await_condition(self._flown.is_waiting, IDLE_WITHIN_S), "the last picture does not end"
        self.page.bring_to_front()
        self.page.goto(self._console)
        self.page.locator(f"[data-testid=session-row][data-session-id='{self._flown.session_id}']").click()
        expect(self.page.get_by_test_id("stage")).to_have_attribute("data-session-id", self._flown.session_id)
        yield self._flown.target


class BareView:
    """A bare page in a room of a bare Janus; ``taking`` runs whatever takes the picture into the room."""

    def __init__(self, page: Page, server: CallServer, taking: Callable[[], AbstractContextManager[Target]]) -> None:
        self.page, self._server, self._taking = page, server, taking

    @contextmanager
    def ready(self) -> Iterator[Target]:
        """See ``View``."""
        self.page.bring_to_front()
        self.page.goto(self._server.address("janus", "viewer"))
        self.page.wait_for_selector("body[data-ready]")
        with self._taking() as target:
            yield target
        self.page.goto(NOWHERE)


class FlvView:
    """A bare page of mpegts.js before a server that takes RTMP; each picture has a name of its own there."""

    def __init__(self, page: Page, rtmp_port: int, http_port: int) -> None:
        self.page, self._rtmp_port = page, rtmp_port
        self._origin = f"http://127.0.0.1:{http_port}"
        self._names = (f"clock-{number}" for number in count())

    @contextmanager
    def ready(self) -> Iterator[Target]:
        """See ``View``."""
        name = next(self._names)
        self.page.bring_to_front()
        self.page.goto(f"{self._origin}/viewer.html?{name}")
        self.page.wait_for_selector("body[data-ready]")
        self.page.evaluate("() => window.followClock(document.querySelector('video'))")
        yield by_rtmp(self._rtmp_port, name)
        self.page.goto(NOWHERE)


def bare_page(desk: BrowserContext) -> Page:
    """Open a page of a viewer for one of the views."""
    return probed_page(desk, *VIEWS)


def operator_page(desk: BrowserContext, system: System) -> Page:
    """Open a page of an operator who is signed in."""
    page = bare_page(desk)
    sign_in(page, system, "operator")
    return page
