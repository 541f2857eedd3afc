"""What stood for the video is there after the end: one item that plays, and holds every picture as it was sent."""

import json
import os
import zipfile
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import wait_until
from tests.flows.journey import come_to_camera, open_incident_and_send
from tests.flows.system import System, sign_in

PICTURES = os.environ.get("SIGHTLINE_PICTURES", "")  # a directory to look at what the flow saw
SENT = 4

# What the page sends on the rung of stills, without a line that has to grow thin first.
SEND_STILL = """async (hue) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = `hsl(${hue} 70% 45%)`;
  pen.fillRect(0, 0, 640, 360);
  const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
  const digest = await crypto.subtle.digest("SHA-256", await jpeg.arrayBuffer());
  const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const token = /sl_csrf=([^;]+)/.exec(document.cookie)[1];
  const headers = { "Content-Type": "image/jpeg", "X-CSRFToken": token, "X-Still-Hash": hash };
  const address = `/live/stills/?purpose=ladder&taken_at=${Date.now()}`;
  const answer = await fetch(address, { method: "POST", body: jpeg, headers });
  return `${answer.status} ${hash}`;
}"""


def test_pictures_in_place_of_video_are_one_item_after_the_end(
    system: System, desk: BrowserContext, phone: BrowserContext
) -> None:
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    come_to_camera(caller, open_incident_and_send(console))
    expect(caller.get_by_role("button", name="Start my camera")).to_be_visible()
    answers = [_send_still(caller, hue * 80) for hue in range(SENT)]
    assert [answer.split(" ")[0] for answer in answers] == ["201"] * SENT

    console.get_by_test_id("end-session").click()
    console.get_by_test_id("end-confirm").click()

    items = console.get_by_test_id("item")
    expect(items).to_have_count(1, timeout=90_000)
    expect(items).to_have_attribute("data-state", "sealed", timeout=90_000)
    expect(items).to_have_attribute("data-kind", "sequence")
    expect(items.get_by_test_id("item-pictures")).to_have_text(f"{SENT} pictures, in place of video")
    expect(console.get_by_test_id("gallery-entry")).to_have_count(0)
    _look(console)
    _expect_to_play(items)
    assert _saved_hashes(console, items) == [answer.split(" ")[1] for answer in answers]


def _send_still(caller: Page, hue: int) -> str:
    caller.wait_for_timeout(1_000)
    answer: str = caller.evaluate(SEND_STILL, hue)
    return answer


def _expect_to_play(item: Locator) -> None:
    player = item.get_by_test_id("item-player")
    player.evaluate("(video) => { video.muted = true; return video.play(); }")
    wait_until(lambda: player.evaluate("(video) => video.currentTime > 0 && video.videoWidth === 640"), 20)
    length: float = player.evaluate("(video) => video.duration")
    assert length > SENT - 1 + 3, "each picture stands until the next one came, the last for three seconds"


def _saved_hashes(console: Page, item: Locator) -> list[str]:
    """Save the archive as an investigator does; returns the pictures' hashes, as the manifest says them."""
    with console.expect_download() as saved:
        item.get_by_test_id("item-archive").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        rows = json.loads(archive.read("manifest.json"))["pictures"]
        found = [sha256(archive.read(row["file"])).hexdigest() for row in rows]
    assert found == [row["sha256"] for row in rows]
    assert all(row["position"] is not None for row in rows)
    return found


def _look(console: Page) -> None:
    for name, size in (("kept-phone", (360, 740)), ("kept-desk", (1440, 900))):
        console.set_viewport_size({"width": size[0], "height": size[1]})
        if PICTURES:
            console.wait_for_timeout(1_000)
            console.screenshot(path=Path(PICTURES) / f"{name}.png")
