"""An officer's phone and the control room in two real browsers: live in two taps, seen, recorded, ended."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import wait_until
from tests.flows.accessibility import assert_accessible
from tests.flows.conftest import HATFIELD
from tests.flows.journey import REMEMBER_PEERS, decoded
from tests.flows.officers import Enrolled, choose_session_of, enrol_officer, go_live, open_officers_page, stop
from tests.flows.system import System, sign_in


@pytest.fixture
def person(system: System) -> Enrolled:
    """Return an officer whom nobody else is."""
    return enrol_officer(system, "Morgan Field")


@pytest.fixture
def officer(open_browser: Callable[..., BrowserContext], system: System, person: Enrolled) -> Iterator[Page]:
    """Return the page of this officer, signed in on a small phone; off the air in the end."""
    page = open_officers_page(system, open_browser, person)
    yield page
    stop(page)


def test_officer_is_live_in_two_taps_and_the_control_room_sees_records_and_ends_it(
    system: System, desk: BrowserContext, person: Enrolled, officer: Page
) -> None:
    desk.add_init_script(REMEMBER_PEERS)
    console = desk.new_page()
    sign_in(console, system, "operator")

    go_live(officer)
    choose_session_of(console, person)

    first = wait_until(lambda: decoded(console), 20)
    wait_until(lambda: decoded(console) > first + 20, 20)
    expect(console.get_by_test_id("truth").first).to_have_text("LIVE")
    expect(console.get_by_test_id("officer-name")).to_have_text(person.name)
    expect(console.get_by_test_id("recording-state")).to_have_text(re.compile("Recording since"))
    expect(console.get_by_test_id("grid-reference")).to_have_text(re.compile(r"^TL "))
    expect(officer.get_by_test_id("rec")).to_have_text(re.compile("REC"))
    expect(officer.get_by_test_id("watchers")).to_have_text("Control room: 1 watching")
    assert_accessible(officer, "the officer's page, live")

    console.get_by_test_id("chat-input").fill("Show me the rear door")
    console.get_by_test_id("chat-send").click()
    expect(officer.get_by_role("log")).to_contain_text("Show me the rear door")

    console.get_by_test_id("ask-still").click()
    expect(console.get_by_test_id("gallery-entry")).to_have_count(1)
    officer.get_by_test_id("still").tap()
    expect(console.get_by_test_id("gallery-entry")).to_have_count(2)
    expect(officer.get_by_test_id("still-line")).to_have_text("Picture is in the control room")
    items = f"SELECT count(*) FROM herts.evidence_item WHERE session_id IN (SELECT id FROM {person.sessions})"
    assert system.sql(f"{items} AND kind = 'still' AND sent_sha256 <> ''") == "2"

    console.get_by_test_id("end-session").click()
    console.get_by_test_id("end-confirm").click()
    expect(officer.get_by_role("status").filter(has_text="The stream was ended")).to_be_visible()
    playing = "() => [...document.querySelectorAll('video')].filter((v) => v.srcObject?.active).length"
    assert officer.evaluate(playing) == 0
    wait_until(lambda: system.sql(f"{items} AND kind = 'recording' AND state = 'sealed'") == "1", 60)


def test_officer_is_live_again_by_itself_after_a_reload_and_a_lost_line(
    system: System, desk: BrowserContext, person: Enrolled, officer: Page
) -> None:
    desk.add_init_script(REMEMBER_PEERS)
    console = desk.new_page()
    sign_in(console, system, "operator")
    go_live(officer)
    choose_session_of(console, person)
    wait_until(lambda: decoded(console), 20)

    officer.reload()
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE")
    expect(officer.get_by_test_id("watchers")).to_have_text("Control room: 1 watching")

    officer.context.set_offline(True)
    expect(officer.get_by_test_id("sign")).to_have_text("OFFLINE")
    officer.context.set_offline(False)
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE")
    assert going_on(system, person) == "1"


def test_officer_pauses_resumes_mutes_and_stops(system: System, person: Enrolled, officer: Page) -> None:
    go_live(officer)
    expect(officer.get_by_test_id("microphone")).to_have_text("Sound on")
    officer.get_by_test_id("microphone").tap()
    expect(officer.get_by_test_id("microphone")).to_have_text("Sound off")

    officer.get_by_test_id("pause").tap()
    expect(officer.get_by_test_id("sign")).to_have_text("PAUSED")
    streams = f"FROM herts.streams_stream WHERE session_id IN (SELECT id FROM {person.sessions})"
    state = f"SELECT state {streams} ORDER BY admitted_at DESC LIMIT 1"
    wait_until(lambda: system.sql(state) == "ended", 10)
    officer.get_by_test_id("pause").tap()
    expect(officer.get_by_test_id("sign")).to_have_text("LIVE")

    officer.get_by_test_id("stop").tap()
    expect(officer.get_by_role("status").filter(has_text="You have stopped")).to_be_visible()
    reason = f"SELECT end_reason FROM {person.sessions}"
    wait_until(lambda: system.sql(reason) == "officer_stopped", 10)
    officer.reload()
    expect(officer.get_by_test_id("go-live")).to_be_enabled()


def test_officer_takes_the_stream_over_on_another_phone(
    system: System, person: Enrolled, officer: Page, open_browser: Callable[..., BrowserContext]
) -> None:
    go_live(officer)
    allowed = ["geolocation", "camera", "microphone"]
    phone = open_browser(viewport={"width": 360, "height": 740}, geolocation=HATFIELD, permissions=allowed)
    second = phone.new_page()
    sign_in(second, system, person.username)

    expect(second.get_by_text("goes on. This phone sends no picture now.")).to_be_visible()
    assert_accessible(second, "the officer's page, live elsewhere")
    second.get_by_test_id("take-over").click()

    expect(second.get_by_test_id("sign")).to_have_text("LIVE")
    expect(officer.get_by_text("Another phone of yours has taken the stream over")).to_be_visible()
    second.wait_for_timeout(4_000)
    expect(second.get_by_test_id("sign")).to_have_text("LIVE")
    second.get_by_test_id("stop").click()
    wait_until(lambda: going_on(system, person) == "0", 10)


def test_officer_sets_a_status_and_every_screen_is_accessible(system: System, person: Enrolled, officer: Page) -> None:
    officer.get_by_test_id("status-en_route").tap()
    expect(officer.get_by_test_id("status-en_route")).to_have_attribute("aria-pressed", "true")
    status = f"SELECT status FROM herts.streams_shift WHERE ended_at IS NULL AND user_id = '{person.user_id}'"
    assert system.sql(status) == "en_route"
    assert_accessible(officer, "the officer's page")
    officer.get_by_test_id("go-live").tap()
    expect(officer.get_by_test_id("without-incident")).to_be_visible()
    assert_accessible(officer, "the officer's page, choosing")
    officer.get_by_role("button", name="Back").tap()
    officer.get_by_test_id("status-off_duty").tap()
    expect(officer.get_by_test_id("status-off_duty")).to_have_attribute("aria-pressed", "true")


def test_officer_with_two_tabs_is_located_by_the_one_that_was_shown_last(officer: Page) -> None:
    officer.get_by_test_id("status-available").tap()
    seen = re.compile("the control room sees where you are")
    expect(officer.get_by_test_id("duty")).to_have_text(seen)

    second = officer.context.new_page()
    second.goto(officer.url)
    expect(second.get_by_test_id("duty")).to_have_text(seen)
    expect(officer.get_by_test_id("duty")).to_have_text("On duty: your position is sent from another tab.")
    assert_accessible(officer, "the officer's page, located by another tab")

    second.close()
    expect(officer.get_by_test_id("duty")).to_have_text(seen)


def test_officer_without_network_is_told_so_and_nothing_but_the_shell_is_kept(system: System, officer: Page) -> None:
    officer.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    officer.reload()
    expect(officer.get_by_test_id("go-live")).to_be_enabled()
    kept = officer.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys()) {
                for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
            }
            return found;
        }"""
    )
    assert "/assets/officer.js" in kept
    assert [path for path in kept if not path.startswith("/assets/")] == []

    officer.context.set_offline(True)
    officer.reload()
    expect(officer.get_by_role("heading", name="No network")).to_be_visible()
    assert_accessible(officer, "the officer's page without a network")
    officer.context.set_offline(False)
    expect(officer.get_by_test_id("go-live")).to_be_enabled()


def going_on(system: System, person: Enrolled) -> str:
    """Return how many sessions of the officer's go on."""
    return system.sql(f"SELECT count(*) FROM {person.sessions} AND state <> 'ended'")
