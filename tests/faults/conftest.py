"""Fixtures of faults: one supervised system for the directory, with one live session that an operator watches."""

import json
import logging
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from config.services.layout import state_directory
from tests.conftest import wait_until
from tests.faults.supervised import Supervised
from tests.faults.world import World
from tests.flows.conftest import BROWSER, FLAGS
from tests.flows.journey import REMEMBER_PEERS
from tests.people import PASSWORD

FAILED = pytest.StashKey[bool]()

logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture(scope="package")
def running() -> Iterator[World]:
    """Start everything once: the system, the caller, and the operator's page that watches."""
    with Supervised.start(state_directory() / "faults", is_durable=True) as stack:
        world = World(stack, _write_sign_ins(stack))
        wait_until(world.system.is_ready, 60, why=lambda: world.system.ready().text)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            context.add_init_script(REMEMBER_PEERS)
            world.take_desk(context.new_page())
            world.begin_call()
            yield world
            browser.close()


@pytest.fixture
def world(running: World, request: pytest.FixtureRequest) -> World:
    """Return the world when all is well in it; it begins anew after a try that failed, which may have left anything."""
    if request.session.stash.get(FAILED, False):
        request.session.stash[FAILED] = False
        running.begin_anew()
    running.await_settled()
    return running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep for the next try or test that this one failed."""
    report = yield
    if report.failed:
        item.session.stash[FAILED] = True
    return report


def _write_sign_ins(stack: Supervised) -> Path:
    """Write what a seed would: where the force is, and how its operator signs in."""
    path = stack.directory / "sign-ins.json"
    operator = {"username": "operator", "password": PASSWORD}
    address = f"http://herts.localhost:{stack.environment['SIGHTLINE_PORT']}"
    path.write_text(json.dumps({"forces": {"herts": {"base_url": address, "users": {"operator1": operator}}}}))
    return path
