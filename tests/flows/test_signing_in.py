"""Signing in, setting up a second factor, proving again, and being put out, in real browsers."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from config.services.one_time_codes import one_time_code
from tests.flows.journey import answer_safely, choose_incident_type
from tests.flows.system import System, sign_in
from tests.people import PASSWORD, totp_secret

STALE = "UPDATE herts.accounts_signin SET proved_at = now() - interval '6 minutes' WHERE ended_at IS NULL"
OVERRIDDEN = "SELECT count(*) FROM herts.streams_riskassessment WHERE outcome = 'overridden'"
GIVE_AWAY = """
DELETE FROM herts.mfa_authenticator WHERE user_id = (SELECT id FROM herts.accounts_user WHERE username = '{to}');
UPDATE herts.mfa_authenticator SET user_id = (SELECT id FROM herts.accounts_user WHERE username = '{to}')
WHERE user_id = (SELECT id FROM herts.accounts_user WHERE username = '{of}')
"""


def test_supervisor_with_an_old_proof_is_asked_for_it_and_the_override_goes_on(
    system: System, desk: BrowserContext
) -> None:
    page = desk.new_page()
    sign_in(page, system, "supervisor")
    _fill_a_refused_incident(page)
    system.sql(STALE)
    before = system.sql(OVERRIDDEN)
    page.get_by_test_id("send-link").click()
    dialog = page.get_by_test_id("proof-dialog")
    expect(dialog).to_be_visible()
    assert system.sql(OVERRIDDEN) == before

    dialog.get_by_test_id("proof-cancel").click()
    expect(page.get_by_test_id("form-error")).to_contain_text("Nothing was changed")
    page.get_by_test_id("send-link").click()
    dialog.get_by_test_id("proof").fill("not-the-password")
    dialog.get_by_test_id("proof-submit").click()
    expect(dialog).to_contain_text("neither your password nor a right code")
    dialog.get_by_test_id("proof").fill(PASSWORD)
    dialog.get_by_test_id("proof-submit").click()
    expect(page.get_by_test_id("outbox-link").first).to_be_visible()
    assert int(system.sql(OVERRIDDEN)) == int(before) + 1


def _fill_a_refused_incident(page: Page) -> None:
    page.get_by_test_id("new-incident").click()
    choose_incident_type(page)
    page.get_by_test_id("incident-text").fill("Driver of a moving car")
    page.get_by_test_id("phone-number").fill("07700 900123")
    questions = page.get_by_test_id("risk-question")
    expect(questions.first).to_be_visible()
    for index in range(questions.count()):
        answer_safely(page, questions.nth(index).get_attribute("data-code") or "")
    page.locator("[data-testid=risk-question][data-code=driving] .answer-against").first.click()
    page.get_by_test_id("form-override-reason").fill("The passenger holds the phone")


@pytest.fixture
def without_phone(system: System) -> Iterator[None]:
    """Take the auditor's authenticator app away, and give it back."""
    system.sql(GIVE_AWAY.format(of="auditor", to="pcso"))
    yield
    system.sql(GIVE_AWAY.format(of="pcso", to="auditor"))


@pytest.mark.parametrize("size", [(360, 740), (1366, 768)], ids=["phone", "desk"])
def test_new_auditor_sets_up_a_second_factor_and_sees_the_recovery_codes(
    system: System, open_browser: Callable[..., BrowserContext], without_phone: None, size: tuple[int, int]
) -> None:
    page = open_browser(viewport={"width": size[0], "height": size[1]}).new_page()
    sign_in(page, system, "auditor")
    expect(page).to_have_url(system.url("/sign-in/enrol/"))
    assert page.evaluate("document.querySelector('.qr-code').naturalWidth") > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    secret = page.get_by_test_id("totp-secret").inner_text().replace(" ", "")
    assert secret != totp_secret("auditor")
    page.fill("[name=code]", one_time_code(secret, int(time.time()) // 30))
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_test_id("recovery-codes").locator("li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page).to_have_url(system.url("/api/v1/docs/"))


def test_operator_whom_the_admin_signs_out_sees_so_within_seconds(
    system: System, desk: BrowserContext, open_browser: Callable[..., BrowserContext]
) -> None:
    console, admin = desk.new_page(), open_browser().new_page()
    sign_in(console, system, "operator")
    expect(console.get_by_test_id("new-incident")).to_be_enabled()
    sign_in(admin, system, "force_admin")
    admin.goto(system.url("/admin/accounts/user/?q=operator"))
    user_id = system.sql("SELECT id FROM herts.accounts_user WHERE username = 'operator'")
    admin.check(f"input[name=_selected_action][value='{user_id}']")
    admin.select_option("select[name=action]", "end_sessions")
    admin.click("button[name=index]")
    expect(console.get_by_text("Your sign-in has ended")).to_be_visible(timeout=5_000)
    console.reload()
    expect(console).to_have_url(system.url("/sign-in/?next=/"))
