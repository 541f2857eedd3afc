"""Pictures as evidence in two real browsers: a still that the operator asks for, and a film that was made before."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.conftest import wait_until
from tests.flows.journey import open_incident_and_send, own_live_row, share_all
from tests.flows.system import System, sign_in

FILM_BYTES = 30_000_000
SHOTS = os.environ.get("SIGHTLINE_SHOTS", "")


def shoot(page: Page, name: str) -> None:
    """Take a picture of a page where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def hash_on_disk(system: System, kind: str) -> str:
    """Return the SHA-256 of the newest item's original as it lies on disk."""
    query = "SELECT i.id || '/' || f.name FROM herts.evidence_item i JOIN herts.evidence_itemfile f ON f.item_id = i.id"
    path = system.sql(f"{query} WHERE i.kind = '{kind}' AND f.role = 'original' ORDER BY i.registered_at DESC LIMIT 1")
    root = Path(system.stack.environment["SIGHTLINE_EVIDENCE_DIR"])
    return hashlib.sha256((root / "herts" / path).read_bytes()).hexdigest()


def test_operator_asks_for_a_picture_and_gets_a_sealed_item(
    system: System, desk: BrowserContext, phone: BrowserContext
) -> None:
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1, timeout=20_000)

    phone.set_offline(True)
    console.get_by_test_id("ask-still").click()
    expect(console.get_by_test_id("ask-open")).to_be_visible()
    phone.set_offline(False)

    entry = console.get_by_test_id("gallery-entry")
    expect(entry).to_have_count(1, timeout=30_000)
    expect(caller.get_by_test_id("still-line")).to_contain_text("is there", timeout=10_000)
    expect(console.get_by_test_id("ask-open")).to_have_count(0)
    shoot(caller, "caller-still")
    shoot(console, "console-gallery")
    entry.click()
    expect(console.get_by_test_id("still-hash")).to_have_text(hash_on_disk(system, "still"))
    large = console.locator("[data-testid=enlarged] img")
    wait_until(lambda: large.evaluate("(image) => image.naturalWidth") > 0)
    shoot(console, "console-enlarged")
    newest = "FROM herts.evidence_item WHERE kind = 'still' ORDER BY registered_at DESC LIMIT 1"
    sent = system.sql(f"SELECT sent_sha256 || ' ' || state {newest}")
    assert sent == f"{hash_on_disk(system, 'still')} sealed"
    caller.get_by_role("button", name="STOP").click()
    expect(own_live_row(console)).to_have_count(0, timeout=10_000)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Return a film of at least 30 MB."""
    path = tmp_path / "from the window.mp4"
    drawn = ["-f", "lavfi", "-i", "testsrc=size=1280x720:rate=25:duration=4", "-vf", "noise=alls=100:allf=t"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "90M", "-minrate", "90M"]
    subprocess.run([str(settings.FFMPEG), "-v", "error", *drawn, *coded, str(path)], check=True)
    assert path.stat().st_size >= FILM_BYTES
    return path


def test_film_that_a_reload_interrupts_goes_on_and_is_sealed(
    system: System, desk: BrowserContext, phone: BrowserContext, film: Path
) -> None:
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    _come_to_uploads(caller, open_incident_and_send(console, kind="location_upload"))
    expect(own_live_row(console)).to_have_count(1, timeout=20_000)
    line = phone.new_cdp_session(caller)
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 4_000_000},
    )

    caller.locator("#upload-files").set_input_files(film)
    progress = caller.get_by_test_id("upload").locator("progress")
    wait_until(lambda: progress.evaluate("(bar) => bar.value") >= 20, 30)
    shoot(caller, "caller-upload")
    offsets: list[int] = []
    caller.reload()
    caller.on("request", lambda request: _note_offset(request, offsets))
    caller.locator("#upload-files").set_input_files(film)
    expect(caller.get_by_test_id("upload")).to_contain_text("Sent", timeout=60_000)

    assert offsets[0] > 0, offsets
    entry = console.get_by_test_id("gallery-entry")
    expect(entry).to_have_attribute("data-state", "ready", timeout=90_000)
    shoot(console, "console-upload")
    entry.click()
    expect(console.locator("[data-testid=enlarged] video")).to_be_visible()
    wait_until(lambda: console.locator("[data-testid=enlarged] video").evaluate("(video) => video.videoWidth") > 0)
    shoot(console, "console-film")
    assert hash_on_disk(system, "upload") == hashlib.sha256(film.read_bytes()).hexdigest()
    caller.get_by_role("button", name="STOP").click()
    expect(own_live_row(console)).to_have_count(0, timeout=10_000)


def _come_to_uploads(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/live/")
    page.get_by_role("button", name="Continue").click()
    for name in ("My location", "Photos and videos"):
        page.get_by_role("checkbox", name=name).check()
    shoot(page, "caller-agree")
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("button", name="Share my location").click()


def _note_offset(request: Request, offsets: list[int]) -> None:
    if request.method == "PATCH":
        offsets.append(int(request.headers["upload-offset"]))
