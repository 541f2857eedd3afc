"""What operator and caller do on their pages, step by step, as people do it."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect


def open_incident_and_send(
    page: Page, before_sending: Callable[[], None] = lambda: None, kind: str = "location_video"
) -> str:
    """Open an incident, answer every risk question safely, send a link of a kind; return the link."""
    page.get_by_test_id("new-incident").click()
    choose_incident_type(page)
    page.get_by_test_id("incident-text").fill("Collapsed wall, people near it")
    page.get_by_test_id("incident-external-reference").fill("CAD 1234")
    page.locator("label", has=page.get_by_test_id(f"link-kind-{kind}")).click()
    page.get_by_test_id("phone-number").fill("07700 900123")
    questions = page.get_by_test_id("risk-question")
    expect(questions.first).to_be_visible()
    for index in range(questions.count()):
        answer_safely(page, questions.nth(index).get_attribute("data-code") or "")
    before_sending()
    page.get_by_test_id("send-link").click()
    link = page.get_by_test_id("outbox-link").first
    expect(link).to_be_visible(timeout=20_000)
    return link.get_attribute("href") or ""


def choose_incident_type(page: Page) -> None:
    """Choose the first type of incident; its questions come."""
    page.locator("label", has=page.get_by_test_id("incident-type")).first.click()


def answer_safely(page: Page, code: str) -> None:
    """Give the answer of a question that does not speak against the link."""
    page.locator(f"[data-testid=risk-question][data-code={code}] .answer-for").first.click()


def share_all(page: Page, link: str) -> None:
    """Walk the caller's page from the link to live: open, consent to everything, allow location and camera."""
    come_to_camera(page, link)
    start_camera(page)


def come_to_camera(page: Page, link: str) -> None:
    """Walk the caller's page from the link to the question for the camera."""
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/live/")
    page.get_by_role("button", name="Continue").click()
    agree_to_all(page)
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("button", name="Share my location").click()


def start_camera(page: Page) -> None:
    """Answer the question for the camera."""
    page.get_by_role("button", name="Start my camera").click()


def agree_to_all(page: Page) -> None:
    """Tick every scope; recording is offered once video is chosen."""
    for scope in (r"^My location", r"^Live video", r"record"):
        page.get_by_role("checkbox", name=re.compile(scope, re.IGNORECASE)).check()


def own_live_row(page: Page) -> Locator:
    """Return the row of the session that this console has chosen, while it is live: others may be live beside it."""
    return page.locator("[data-testid=session-row][aria-current=true][data-state=live]")


def decoded(page: Page) -> int:
    """Return the frames this page's peer connections have decoded, by getStats."""
    count: int = page.evaluate(
        """async () => {
            let most = 0;
            for (const pc of window.sightlinePeers ?? []) {
                for (const stat of (await pc.getStats()).values()) {
                    if (stat.type !== "inbound-rtp" || stat.kind !== "video") continue;
                    most = Math.max(most, stat.framesDecoded ?? 0);
                }
            }
            return most;
        }"""
    )
    return count


REMEMBER_PEERS = """
window.sightlinePeers = [];
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...words) { super(...words); window.sightlinePeers.push(this); }
};
"""
