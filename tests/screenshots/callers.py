"""The caller's pages: a call from the link to its end, the other kinds of link, and a line that grows thin."""

import os
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.journey import agree_to_all, own_live_row, share_all
from tests.flows.thin_line import ThinLine
from tests.screenshots.studio import LIVE_WITHIN_MS, Studio, ask_whether_safe

CHOKED_BPS = 15_000
STILLS_WITHIN_MS = 90_000


def walk_a_call(studio: Studio) -> None:
    """Operator and caller from the empty console to the sealed recording; a picture at each step."""
    console, phone = studio.console(), studio.phone()
    caller = phone.new_page()
    studio.take(console, "console-empty")
    link = studio.invite(console, filled_in=lambda: studio.camera.take_in_both_themes(console, "console-new-incident"))
    studio.take(console, "console-waiting")
    console.get_by_test_id("show-code").click()
    expect(console.get_by_test_id("code")).to_be_visible()
    studio.take(console, "console-code")
    console.get_by_test_id("hide-code").click()
    caller.goto(studio.system.url("/join/"))
    studio.take(caller, "caller-join")
    _share(studio, caller, link)
    expect(own_live_row(console)).to_have_count(1, timeout=LIVE_WITHIN_MS)
    _move(phone, caller)
    studio.take(console, "console-blurred")
    _talk(studio, console, caller)
    _look_at_the_console(studio, console)
    _open_again(studio, link)
    _end(studio, console, caller, link)


def _share(studio: Studio, caller: Page, link: str) -> None:
    caller.goto(link)
    studio.take(caller, "caller-invitation")
    caller.get_by_role("button", name="Continue").click()
    caller.wait_for_url("**/live/")
    expect(caller.get_by_role("button", name="Continue")).to_be_visible()
    studio.take(caller, "caller-what")
    caller.get_by_role("button", name="Continue").click()
    agree_to_all(caller)
    studio.take(caller, "caller-consent")
    caller.get_by_role("button", name="I agree").click()
    expect(caller.get_by_role("button", name="Share my location")).to_be_visible()
    studio.take(caller, "caller-location")
    caller.get_by_role("button", name="Share my location").click()
    expect(caller.get_by_role("button", name="Start my camera")).to_be_visible()
    studio.take(caller, "caller-camera")
    caller.get_by_role("button", name="Start my camera").click()


def _move(phone: BrowserContext, caller: Page) -> None:
    """Walk a few steps, so that the map has a trail."""
    for step in range(6):
        phone.set_geolocation(
            {"latitude": 51.7634 + step * 0.0002, "longitude": -0.2257 + step * 0.0003, "accuracy": 12}
        )
        caller.wait_for_timeout(700)


def _talk(studio: Studio, console: Page, caller: Page) -> None:
    console.get_by_test_id("show-picture").click()
    console.get_by_test_id("chat-input").fill("Help is on the way")
    console.get_by_test_id("chat-send").click()
    ask_whether_safe(console)
    expect(caller.get_by_text("They can see you now")).to_be_visible(timeout=LIVE_WITHIN_MS)
    studio.take(caller, "caller-live")
    caller.get_by_role("button", name="Yes", exact=True).click()
    expect(console.get_by_test_id("chat-message")).to_have_count(3, timeout=LIVE_WITHIN_MS)
    caller.get_by_role("log").scroll_into_view_if_needed()
    studio.take(caller, "caller-chat")


def _open_again(studio: Studio, link: str) -> None:
    """Somebody else has the link, which is bound to the browser that agreed."""
    stranger = studio.phone().new_page()
    stranger.goto(link)
    studio.take(stranger, "caller-link-used")


def _look_at_the_console(studio: Studio, console: Page) -> None:
    console.get_by_test_id("ask-still").click()
    entry = console.get_by_test_id("gallery-entry")
    expect(entry).to_have_count(1, timeout=LIVE_WITHIN_MS)
    expect(console.get_by_test_id("delay")).to_contain_text("s delay", timeout=LIVE_WITHIN_MS)
    studio.camera.take_in_both_themes(console, "console-live")
    entry.click()
    expect(console.get_by_test_id("enlarged")).to_be_visible()
    studio.take(console, "console-gallery")
    console.get_by_test_id("close-enlarged").click()
    for name in ("keys", "settings"):
        console.get_by_test_id(f"open-{name}").click()
        studio.take(console, f"console-{name}")
        console.keyboard.press("Escape")


def _end(studio: Studio, console: Page, caller: Page, link: str) -> None:
    caller.get_by_role("button", name="STOP").click()
    expect(caller.get_by_text("You have stopped sharing")).to_be_visible()
    studio.take(caller, "caller-ended")
    expect(console.locator("[data-testid=item][data-state=sealed]")).to_have_count(1, timeout=60_000)
    studio.camera.take_in_both_themes(console, "console-ended")
    caller.goto(studio.system.url("/live/receipt/"))
    studio.take(caller, "caller-receipt")
    caller.goto(link)
    studio.take(caller, "caller-withdrawn")
    console.get_by_test_id("open-search").click()
    console.get_by_test_id("search-reference").fill("CAD 1234")
    console.get_by_test_id("search-reason").fill("Complaint 12 of today")
    console.get_by_test_id("search-send").click()
    expect(console.get_by_test_id("search-result").first).to_be_visible()
    studio.take(console, "console-search")


def walk_other_kinds(studio: Studio) -> None:
    """A link for the location alone, one for photos and films, safe mode, a link that has expired, and the way out."""
    console = studio.console()
    _location_alone(studio, console)
    _upload(studio, console)
    _safely(studio, console)
    page = studio.phone().new_page()
    link = studio.invite(console)
    past = "now() - interval '1 minute'"
    studio.system.sql(f"UPDATE herts.streams_invitation SET expires_at = {past} WHERE state IN ('sent', 'delivered')")
    page.goto(link)
    studio.take(page, "caller-link-expired")
    page.goto(studio.system.url("/i/not-a-link-of-ours/"))
    studio.take(page, "caller-link-unknown")
    page.goto(studio.system.url("/goodbye/"))
    studio.take(page, "caller-left")


def _location_alone(studio: Studio, console: Page) -> None:
    caller = studio.phone().new_page()
    _come_in(caller, studio.invite(console, kind="location"))
    caller.get_by_role("checkbox").first.check()
    studio.take(caller, "caller-consent-location-only")
    caller.get_by_role("button", name="I agree").click()
    caller.get_by_role("button", name="Share my location").click()
    expect(own_live_row(console)).to_have_count(1, timeout=LIVE_WITHIN_MS)
    studio.take(caller, "caller-location-only")
    studio.take(console, "console-location-only")
    caller.get_by_role("button", name="STOP").click()
    expect(own_live_row(console)).to_have_count(0, timeout=LIVE_WITHIN_MS)


def _upload(studio: Studio, console: Page) -> None:
    phone = studio.phone()
    caller = phone.new_page()
    _come_in(caller, studio.invite(console, kind="location_upload"))
    for name in ("My location", "Photos and videos"):
        caller.get_by_role("checkbox", name=name).check()
    caller.get_by_role("button", name="I agree").click()
    caller.get_by_role("button", name="Share my location").click()
    expect(own_live_row(console)).to_have_count(1, timeout=LIVE_WITHIN_MS)
    line = phone.new_cdp_session(caller)
    slow = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 1_000_000}
    line.send("Network.emulateNetworkConditions", slow)
    with tempfile.TemporaryDirectory() as directory:
        caller.locator("#upload-files").set_input_files(_film(Path(directory)))
        progress = caller.get_by_test_id("upload").locator("progress")
        wait_until(lambda: progress.evaluate("(bar) => bar.value") >= 15, 60)
        studio.take(caller, "caller-upload")
        studio.take(console, "console-upload")
        caller.get_by_role("button", name="STOP").click()
    expect(own_live_row(console)).to_have_count(0, timeout=LIVE_WITHIN_MS)


def _film(directory: Path) -> Path:
    path = directory / "from the window.mp4"
    drawn = ["-f", "lavfi", "-i", "testsrc=size=1280x720:rate=25:duration=4", "-vf", "noise=alls=100:allf=t"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "30M", "-minrate", "30M"]
    subprocess.run([os.environ["SIGHTLINE_FFMPEG"], "-v", "error", *drawn, *coded, str(path)], check=True)
    return path


def _safely(studio: Studio, console: Page) -> None:
    caller = studio.phone().new_page()
    link = studio.invite(console, filled_in=lambda: console.get_by_test_id("safe-mode-choice").check())
    caller.goto(link)
    studio.take(caller, "caller-safe-invitation")
    caller.get_by_role("button", name="Continue").click()
    caller.wait_for_url("**/live/")
    caller.get_by_role("button", name="Continue").click()
    agree_to_all(caller)
    studio.take(caller, "caller-safe-consent")
    caller.get_by_role("button", name="I agree").click()
    caller.get_by_role("button", name="Share my location").click()
    caller.get_by_role("button", name="Start my camera").click()
    expect(own_live_row(console)).to_have_count(1, timeout=LIVE_WITHIN_MS)
    ask_whether_safe(console)
    caller.wait_for_timeout(1_500)
    studio.take(caller, "caller-safe-live")
    studio.take(console, "console-safe-mode")
    caller.get_by_role("button", name="STOP").click()
    expect(own_live_row(console)).to_have_count(0, timeout=LIVE_WITHIN_MS)


def _come_in(caller: Page, link: str) -> None:
    caller.goto(link)
    caller.get_by_role("button", name="Continue").click()
    caller.wait_for_url("**/live/")
    caller.get_by_role("button", name="Continue").click()


def walk_a_thin_line(studio: Studio) -> None:
    """A picture that has stepped down to stills, at both ends."""
    console, phone, line = studio.console(), studio.phone(), ThinLine()
    line.lead(phone)
    caller = phone.new_page()
    share_all(caller, studio.invite(console))
    expect(own_live_row(console)).to_have_count(1, timeout=LIVE_WITHIN_MS)
    console.get_by_test_id("show-picture").click()
    line.bits_per_s = CHOKED_BPS
    expect(caller.get_by_text("We send a picture every few seconds")).to_be_visible(timeout=STILLS_WITHIN_MS)
    expect(console.get_by_test_id("still")).to_be_visible(timeout=STILLS_WITHIN_MS)
    studio.take(caller, "caller-stills")
    studio.take(console, "console-stills")
    line.bits_per_s = None
    caller.get_by_role("button", name="STOP").click()
    expect(own_live_row(console)).to_have_count(0, timeout=LIVE_WITHIN_MS)
    line.close()
