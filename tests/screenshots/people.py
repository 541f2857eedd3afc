"""Pages of who signs in: the second factor, the account, the force's admin and the platform's."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from config.services.one_time_codes import one_time_code
from tests.flows.system import sign_in
from tests.people import PASSWORD, code_of
from tests.screenshots.studio import Studio

GIVE_AWAY = """
DELETE FROM herts.mfa_authenticator WHERE user_id = (SELECT id FROM herts.accounts_user WHERE username = '{to}');
UPDATE herts.mfa_authenticator SET user_id = (SELECT id FROM herts.accounts_user WHERE username = '{to}')
WHERE user_id = (SELECT id FROM herts.accounts_user WHERE username = '{of}')
"""


def walk(studio: Studio) -> None:
    """Sign in as each kind of person."""
    _sign_in(studio)
    _set_up(studio)
    _account(studio)
    _force_admin(studio)
    _platform_admin(studio)


def _sign_in(studio: Studio) -> None:
    page = studio.desk()
    page.goto(studio.system.url("/sign-in/"))
    studio.take(page, "sign-in")
    page.fill("input[name=username]", "supervisor")
    page.fill("input[name=password]", "not-the-password")
    page.click("button[type=submit]")
    studio.take(page, "sign-in-refused")
    page.fill("input[name=username]", "supervisor")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/sign-in/code/")
    studio.take(page, "sign-in-code")


def _set_up(studio: Studio) -> None:
    with _without_phone(studio):
        page = studio.desk()
        sign_in(page, studio.system, "auditor")
        studio.take(page, "second-factor-set-up")
        secret = page.get_by_test_id("totp-secret").inner_text().replace(" ", "")
        page.fill("[name=code]", one_time_code(secret, int(time.time()) // 30))
        page.get_by_role("button", name="Finish").click()
        page.get_by_test_id("recovery-codes").wait_for()
        studio.take(page, "recovery-codes")
        page.get_by_role("link", name="I have kept them").click()
        page.wait_for_load_state("networkidle")
        studio.take(page, "api-docs")


@contextmanager
def _without_phone(studio: Studio) -> Iterator[None]:
    """Take the auditor's authenticator app away, and give it back."""
    studio.system.sql(GIVE_AWAY.format(of="auditor", to="pcso"))
    yield
    studio.system.sql(GIVE_AWAY.format(of="pcso", to="auditor"))


def _account(studio: Studio) -> None:
    page = studio.console()
    for path, name in (
        ("/account/", "account"),
        ("/account/proof/", "account-proof"),
        ("/account/second-factor/", "account-second-factor"),
    ):
        page.goto(studio.system.url(path))
        studio.take(page, name)


def _force_admin(studio: Studio) -> None:
    page = studio.desk()
    sign_in(page, studio.system, "force_admin")
    page.goto(studio.system.url("/admin/"))
    studio.take(page, "force-admin")
    page.goto(studio.system.url("/admin/accounts/user/"))
    studio.take(page, "force-admin-people")
    page.goto(studio.system.url("/admin/streams/roompolicy/"))
    _open_first(page)
    studio.take(page, "force-admin-form")


def _open_first(page: Page) -> None:
    """Open the first row of a list; a site that keeps one row only may have opened it already."""
    row = page.locator("#result_list tbody th a").first
    if row.count():
        row.click()
        page.wait_for_url(re.compile(r"/change/"))


def _platform_admin(studio: Studio) -> None:
    page, front = studio.desk(), f"http://localhost:{studio.system.port}"
    page.goto(f"{front}/")
    studio.take(page, "platform")
    page.goto(f"{front}/sign-in/")
    page.fill("input[name=username]", "platform_admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/sign-in/code/")
    page.fill("input[name=code]", code_of("platform_admin", "public"))
    page.click("button[type=submit] >> nth=0")
    page.wait_for_load_state()
    page.goto(f"{front}/admin/")
    studio.take(page, "platform-admin")
    page.goto(f"{front}/admin/forces/force/")
    studio.take(page, "platform-admin-forces")
