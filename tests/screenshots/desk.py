"""The console when work is not smooth: a message that fails, a hand-over, a session that nobody attends to."""

from playwright.sync_api import Page, expect

from tests.flows.journey import own_live_row, share_all
from tests.screenshots.studio import LIVE_WITHIN_MS, Studio, fill_in

NOBODY_FOR_S = 10
REFUSED = "state = 'failed', failure_reason = 'permanent-failure', provider_reference = 'x', next_attempt_at = NULL"


def walk(studio: Studio) -> None:
    """Take the console of an operator and of a supervisor."""
    operator, supervisor = studio.console(), studio.console("supervisor")
    _refuse(studio, operator)
    _fail(studio, operator)
    caller = studio.phone().new_page()
    share_all(caller, studio.invite(operator))
    expect(own_live_row(operator)).to_have_count(1, timeout=LIVE_WITHIN_MS)
    _hand_over(studio, operator, supervisor)
    _leave_it_alone(studio, operator, supervisor)
    caller.get_by_role("button", name="STOP").click()
    _lose_the_line(studio, supervisor)


def _refuse(studio: Studio, operator: Page) -> None:
    """An answer that speaks against the link."""
    fill_in(operator)
    operator.locator("[data-testid=risk-question][data-code=driving] .answer-against").first.click()
    studio.take(operator, "console-refused")
    operator.get_by_test_id("discard-form").click()
    operator.keyboard.press("Escape")


def _fail(studio: Studio, operator: Page) -> None:
    """A message that the provider could not deliver."""
    studio.invite(operator)
    session_id = operator.get_by_test_id("stage").get_attribute("data-session-id")
    studio.system.sql(f"UPDATE herts.streams_invitation SET {REFUSED} WHERE session_id = '{session_id}'")
    operator.reload()
    expect(operator.get_by_test_id("link-help")).to_be_visible(timeout=LIVE_WITHIN_MS)
    studio.take(operator, "console-failed-send")


def _hand_over(studio: Studio, operator: Page, supervisor: Page) -> None:
    operator.get_by_test_id("show-picture").click()
    operator.get_by_test_id("handover-give").click()
    expect(operator.get_by_test_id("handover-dialog")).to_contain_text("on duty")
    operator.locator("label", has=operator.get_by_test_id("colleague")).filter(has_text="supervisor").first.click()
    operator.get_by_test_id("handover-why").fill("My shift ends")
    studio.take(operator, "console-hand-over")
    operator.get_by_test_id("handover-send").click()
    offered = supervisor.get_by_test_id("handed-to-you")
    expect(offered).to_be_visible(timeout=LIVE_WITHIN_MS)
    offered.click()
    expect(supervisor.get_by_test_id("handover-accept")).to_be_visible()
    studio.take(supervisor, "console-handed-over")
    supervisor.get_by_test_id("handover-accept").click()


def _leave_it_alone(studio: Studio, operator: Page, supervisor: Page) -> None:
    """Nobody has the session open until supervisors are called."""
    _be_impatient(studio, NOBODY_FOR_S)
    operator.goto("about:blank")
    supervisor.goto(studio.system.url("/account/"))
    supervisor.goto(studio.system.url("/"))
    expect(supervisor.get_by_test_id("unattended")).to_be_visible(timeout=60_000)
    studio.take(supervisor, "console-unattended")
    expect(supervisor.get_by_test_id("escalations")).to_be_visible(timeout=60_000)
    studio.take(supervisor, "console-escalated")
    supervisor.get_by_test_id("take-it").first.click()
    _be_impatient(studio, 60)


def _be_impatient(studio: Studio, seconds: int) -> None:
    studio.system.sql(
        f"UPDATE herts.streams_roompolicy SET unattended_after_s = {seconds}, escalate_after_s = {seconds}"
    )


def _lose_the_line(studio: Studio, supervisor: Page) -> None:
    """The cover over a screen that may be old."""
    expect(supervisor.get_by_test_id("connection")).to_have_attribute("data-tone", "good")
    supervisor.context.set_offline(True)
    expect(supervisor.get_by_test_id("cover")).to_be_visible(timeout=LIVE_WITHIN_MS)
    studio.take(supervisor, "console-line-lost")
    supervisor.context.set_offline(False)
