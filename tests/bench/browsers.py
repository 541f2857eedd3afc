"""Two real browsers, the caller's and the viewer's, laid out the same way for ours and for every peer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from tests.flows.conftest import CHROMIUM, FLAGS, HATFIELD

PROBES = Path(__file__).parent / "probes"
LAB_FLAGS = [
    *FLAGS,
    # What phones give; the default of 20 would round every time up to 50 ms.
    "--use-fake-device-for-media-stream=fps=30",
    # Addresses in the clear: a peer-to-peer call between two pages must not wait for mDNS.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]
OPEN_AND_CLOSE = """async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    for (const track of stream.getTracks()) track.stop();
}"""
DESK = ViewportSize(width=1440, height=900)
QUIET_BELOW = 0.2
QUIET_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Browsers:
    """The caller's browser, in which each call has a context of its own, and the viewer's, whose pages stay."""

    phone: Browser
    desk: BrowserContext
    spare: Page
    """A page of the caller's browser that takes part in no call."""

    @contextmanager
    def caller_page(self, *probes: str) -> Iterator[Page]:
        """Open a page in a phone of its own, with a camera and a position; ``probes`` run in it first."""
        context = self.phone.new_context(
            viewport={"width": 390, "height": 844},
            geolocation=HATFIELD,
            permissions=["geolocation", "camera"],
            is_mobile=True,
            has_touch=True,
        )
        try:
            for probe in probes:
                context.add_init_script(path=PROBES / probe)
            yield context.new_page()
        finally:
            context.close()

    def warm_camera(self) -> None:
        """Open and close the camera: the browser ends its capture process when nobody used it for a few seconds."""
        self.spare.evaluate(OPEN_AND_CLOSE)
        time.sleep(0.3)

    def viewer_page(self, *probes: str) -> Page:
        """Open a page for a viewer, to be used again and again."""
        return probed_page(self.desk, *probes)


def probed_page(desk: BrowserContext, *probes: str) -> Page:
    """Open a page in which ``probes`` run first."""
    page = desk.new_page()
    for probe in probes:
        page.add_init_script(path=PROBES / probe)
    return page


@contextmanager
def open_desk() -> Iterator[BrowserContext]:
    """Start the viewer's browser alone, for what no caller's takes part in, and close it at the end."""
    with sync_playwright() as playwright:
        desk = _launch(playwright)
        try:
            yield desk.new_context(viewport=DESK)
        finally:
            desk.close()


@contextmanager
def open_browsers(spare: str) -> Iterator[Browsers]:
    """Start both browsers, and close them at the end; ``spare`` is the address of a page that may have the camera."""
    with sync_playwright() as playwright:
        phone, desk = _launch(playwright), _launch(playwright)
        try:
            page = phone.new_context(permissions=["camera"]).new_page()
            page.goto(spare)
            yield Browsers(phone, desk.new_context(viewport=DESK), page)
        finally:
            phone.close()
            desk.close()


def wait_for_quiet(clock: Callable[[], float] = time.monotonic) -> bool:
    """Wait until the machine has little to do, for some seconds at most; return whether that came."""
    end = clock() + QUIET_WITHIN_S
    while clock() < end:
        before = _processor_time()
        time.sleep(0.5)
        busy, total = (now - then for now, then in zip(_processor_time(), before, strict=True))
        if busy < QUIET_BELOW * total:
            return True
    return False


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=LAB_FLAGS)


def _processor_time() -> tuple[int, int]:
    """Return the machine's busy and whole processor time so far, in ticks."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, sum(fields)
