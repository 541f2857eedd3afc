"""The journey after the call: the recording plays, is kept and erased by rule, and auditors read all of it."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.journey import (
    REMEMBER_PEERS,
    choose_incident_type,
    decoded,
    open_incident_and_send,
    own_live_row,
    share_all,
)
from tests.flows.system import System, dump, sign_in

LIVE_S = 8.0
JOURNEY = (
    "incident.open",
    "risk.answer",
    "invitation.send",
    "invitation.open",
    "consent.give",
    "stream.watch",
    "recording.start",
    "item.seal",
    "item.view",
    "item.erase",
)


def issue_token(open_browser: Callable[..., BrowserContext], system: System) -> str:
    """Return an auditor's token, issued by the force admin on the admin's page."""
    page = open_browser().new_page()
    sign_in(page, system, "force_admin")
    page.goto(system.url("/admin/accounts/apitoken/add/"))
    page.select_option("select[name=user]", label="auditor")
    page.fill("input[name=name]", "Inspection")
    page.click("input[name=_save]")
    expect(page.locator(".messagelist")).to_contain_text("slt_")
    found = re.search(r"slt_[A-Za-z0-9_-]{43}", page.content())
    assert found, page.content()
    return found.group()


def all_entries(system: System, token: str, query: str = "") -> list[dict[str, object]]:
    """Read every page of the audit's entries."""
    path, rows = f"/api/v1/audit/entries/?{query}", []
    while path:
        answer = system.api(path, token)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        rows += body["results"]
        path = "/" + body["next"].split("/", 3)[3] if body["next"] else ""
    return rows


@pytest.fixture
def ended(system: System, desk: BrowserContext, phone: BrowserContext) -> tuple[Page, float]:
    """Hold a call with a recording of a few seconds; return the console and how long it was live."""
    desk.add_init_script(REMEMBER_PEERS)
    console, caller = desk.new_page(), phone.new_page()
    sign_in(console, system, "operator")
    share_all(caller, open_incident_and_send(console))
    expect(own_live_row(console)).to_have_count(1, timeout=20_000)
    wait_until(lambda: decoded(console), 20)
    recording = console.get_by_test_id("recording-state").first
    expect(recording).to_have_text(re.compile("^Recording", re.IGNORECASE), timeout=10_000)
    begun = time.monotonic()
    console.wait_for_timeout(LIVE_S * 1000)
    lasted = time.monotonic() - begun
    console.get_by_test_id("end-session").click()
    console.get_by_test_id("end-confirm").click()
    expect(caller.get_by_text("The control room has ended this")).to_be_visible(timeout=10_000)
    return console, lasted


def test_recording_plays_is_kept_erased_and_audited(
    system: System, ended: tuple[Page, float], open_browser: Callable[..., BrowserContext]
) -> None:
    console, lasted = ended
    session_id = console.get_by_test_id("stage").get_attribute("data-session-id") or ""
    _wait_for_sealing(system, session_id)
    item_id = _play(console, lasted)
    _code_the_outcome(console)
    _erase(system, item_id)
    chains = system.manage("verify_audit")
    assert chains.count("unbroken") == 4, chains
    _read_as_auditor(system, issue_token(open_browser, system), session_id, item_id)


def _wait_for_sealing(system: System, session_id: str) -> None:
    about = f"FROM herts.evidence_item WHERE session_id = '{session_id}'"
    rooms = f"SELECT state, room_closed_at FROM herts.streams_livesession WHERE id = '{session_id}'"
    segments = f"SELECT state, bytes_seen FROM herts.streams_recordingsegment WHERE session_id = '{session_id}'"
    wait_until(
        lambda: system.sql(f"SELECT state {about}") == "sealed",
        60,
        why=lambda: [system.sql(look) for look in (f"SELECT state, failure_reason, attempts {about}", rooms, segments)],
    )


def _play(console: Page, lasted: float) -> str:
    item = console.locator("[data-testid=item][data-state=sealed]")
    expect(item).to_have_count(1, timeout=60_000)
    player = item.get_by_test_id("item-player")
    player.evaluate("(video) => { video.muted = true; return video.play(); }")
    duration: float = player.evaluate("(video) => video.duration")
    assert lasted - 0.5 <= duration <= lasted + 6, (duration, lasted)
    player.evaluate("(video) => { video.currentTime = video.duration - 1; }")
    wait_until(lambda: player.evaluate("(video) => video.ended || video.currentTime >= video.duration - 0.3"), 10)
    assert player.evaluate("(video) => video.error") is None
    assert player.evaluate("(video) => video.videoWidth") > 0
    return item.get_attribute("data-item-id") or ""


def _code_the_outcome(console: Page) -> None:
    console.get_by_test_id("outcome-code").select_option(index=1)
    console.get_by_test_id("outcome-note").fill("Ambulance sent at once")
    console.get_by_test_id("outcome-save").click()
    expect(console.get_by_test_id("outcome-saved")).to_be_visible(timeout=10_000)


def _erase(system: System, item_id: str) -> None:
    before = system.sql(f"SELECT state FROM herts.evidence_item WHERE id = '{item_id}'")
    kept = system.manage("erase_due", "--force", "herts", clock_moved=timedelta(days=30))
    assert before == system.sql(f"SELECT state FROM herts.evidence_item WHERE id = '{item_id}'") == "sealed", kept
    system.manage("erase_due", "--force", "herts", clock_moved=timedelta(days=32))
    assert system.sql(f"SELECT state FROM herts.evidence_item WHERE id = '{item_id}'") == "erased"
    assert system.sql(f"SELECT count(*) FROM herts.evidence_tombstone WHERE item_id = '{item_id}'") == "1"
    evidence = system.stack.environment["SIGHTLINE_EVIDENCE_DIR"]
    assert not any(item_id in str(path) and path.is_file() for path in _files(evidence))


def _files(directory: str) -> list[Path]:
    return list(Path(directory).rglob("*"))


def _read_as_auditor(system: System, token: str, session_id: str, item_id: str) -> None:
    rows = all_entries(system, token)
    acts = [str(row["act"]) for row in rows]
    assert [act for act in JOURNEY if act not in acts] == []
    about = [row for row in rows if row["session_id"] == session_id]
    assert {"stream.watch", "consent.give"} <= {str(row["act"]) for row in about}
    assert "900123" not in dump(rows)
    assert system.api(f"/api/v1/items/{item_id}/", token).json()["state"] == "erased"
    assert system.api("/api/v1/audit/chain/", token).json()["ok"] is True
    assert system.api("/api/v1/audit/entries/", token, "beds").status_code == 401
    assert all_entries(system, token, "act=audit.read") or "audit.entries.read" in dump(all_entries(system, token))


def test_changed_risk_question_is_asked_for_the_next_link(
    system: System, desk: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    changed = "Is anybody near the caller who must not see the phone?"
    page = open_browser().new_page()
    sign_in(page, system, "force_admin")
    page.goto(system.url("/admin/streams/riskquestionset/?is_active__exact=1"))
    page.get_by_role("link", name="A caller's link, All incidents").click()
    page.locator("textarea[name$=-text], input[name$=-text]").nth(1).fill(changed)
    page.click("input[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    console = desk.new_page()
    sign_in(console, system, "operator")
    console.get_by_test_id("new-incident").click()
    choose_incident_type(console)
    expect(console.get_by_test_id("risk-question").filter(has_text=changed)).to_be_visible(timeout=10_000)
