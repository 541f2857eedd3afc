"""A share with the recording: after the caller's STOP another force plays what was sealed, until it is revoked."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible_in_both_themes
from tests.flows.journey import open_incident_and_send, own_live_row, share_all
from tests.flows.sharing_journey import PURPOSE, share_with_beds
from tests.flows.system import System, sign_in

LIVE_MS = 6_000


def test_guest_plays_the_recording_after_the_stop_until_it_is_revoked(
    system: System, desk: BrowserContext, phone: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    owner, caller = desk.new_page(), phone.new_page()
    guest = open_browser(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(owner, system, "operator")
    sign_in(guest, system, "operator", "beds")
    share_all(caller, open_incident_and_send(owner))
    expect(own_live_row(owner)).to_have_count(1, timeout=30_000)
    recording = owner.get_by_test_id("recording-state").first
    expect(recording).to_have_text(re.compile("^Recording", re.IGNORECASE), timeout=10_000)

    share_with_beds(owner, has_recording=True)
    share_id = _open(guest)
    owner.wait_for_timeout(LIVE_MS)
    caller.get_by_role("button", name="STOP").click()

    player = _see_sealed(guest, share_id)
    _play(player)
    address = player.evaluate("(video) => video.src")
    assert _status(guest, address) == 206
    _see_both_audits(system, share_id)
    expect(owner.get_by_test_id("share-line")).to_contain_text("the recording", timeout=10_000)
    owner.get_by_test_id("share-revoke").click()
    expect(guest.get_by_test_id("truth-detail")).to_contain_text("Sharing was ended by Hertfordshire", timeout=10_000)
    assert guest.locator("video").count() == 0
    assert _status(guest, address) == 410


def _open(guest: Page) -> str:
    """Open what is shared, while it is live; returns the share's id."""
    row = guest.get_by_test_id("shared-row").filter(has_text=PURPOSE)
    expect(row).to_have_count(1, timeout=10_000)
    row.click()
    expect(guest.get_by_test_id("truth").first).to_have_text("LIVE", timeout=20_000)
    expect(guest.get_by_test_id("shared-what")).to_have_text("live and the recording")
    return row.get_attribute("data-share-id") or ""


def _see_sealed(guest: Page, share_id: str) -> Locator:
    """The session is over, the share is not: the recording comes by itself when it is sealed; returns its player."""
    past = re.compile(r"^Ended at \d\d:\d\d, recording until \d\d:\d\d$")
    expect(guest.get_by_test_id("shared-past")).to_have_text(past, timeout=10_000)
    expect(guest.locator(f"[data-testid=shared-row][data-share-id='{share_id}']")).to_contain_text("recording until")
    recording = guest.get_by_test_id("shared-recording")
    expect(recording).to_have_count(1, timeout=90_000)
    assert guest.get_by_test_id("chat").count() == 0
    assert_accessible_in_both_themes(guest, "another force's recording")
    return recording.get_by_test_id("item-player")


def _play(player: Locator) -> None:
    player.evaluate("(video) => { video.muted = true; return video.play(); }")
    wait_until(lambda: player.evaluate("(video) => video.currentTime > 1"), 20)
    assert player.evaluate("(video) => video.error") is None
    assert player.evaluate("(video) => video.videoWidth") > 0


def _status(guest: Page, address: str) -> int:
    """Return how a request of the guest's page for a piece of the file is answered."""
    ask = "(url) => fetch(url, { headers: { Range: 'bytes=0-9' } }).then((answer) => answer.status)"
    status: int = guest.evaluate(ask, address)
    return status


def _see_both_audits(system: System, share_id: str) -> None:
    """One look is one disclosure, whatever the player asked for; both audits have it by one id."""
    looks = [
        system.sql(
            f"SELECT detail->>'disclosure_id' FROM {schema}.audit_entry WHERE act = 'share.opened'"
            f" AND outcome = 'done' AND object_id = '{share_id}' AND detail->>'what' = 'recording'"
        ).splitlines()
        for schema in ("herts", "beds")
    ]
    assert len(looks[0]) == 1
    assert looks[0] == looks[1]
